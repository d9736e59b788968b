"""Routes of WindowsAgentArena's guest server that only Windows can serve: each is refused with the reason."""

from __future__ import annotations

from flask import Flask, Response, jsonify

from osarena.web.osworld.fields import Refused

# What each route does there.
WINDOWS_ONLY = {
    "/execute_windows": "runs Python over WindowsAgentArena's `computer`; use /execute",
    "/update_computer": "tells WindowsAgentArena's `computer` of the screen; use /execute",
    "/obs_winagent": "tells of the foreground window; use /screenshot and /accessibility",
    "/execute_bash": "runs cmd.exe; use /execute or /run_bash_script",
    "/setup/clear_task_files": "clears C:\\Users\\Docker\\Downloads",
    "/setup/recycle_file": "moves a file to the recycle bin",
    "/is_details_view": "looks at Windows' Explorer",
    "/are_files_sorted_by_modified_time": "looks at Windows' Explorer",
    "/library_folders": "reads libraries of Windows",
    "/timer_exists": "looks at Windows' Clock",
    "/check_world_clock": "looks at Windows' Clock",
}


def add_windows_only(app: Flask) -> None:
    """Add the routes of this group."""

    @app.get("/probe")
    def probe() -> Response:
        return jsonify({"status": "Probe successful", "message": "Service is operational"})

    def refuse(what: str) -> Response:
        raise Refused(501, f"this desktop is Linux, and this route {what}")

    for path, what in WINDOWS_ONLY.items():
        app.add_url_rule(path, path, refuse, defaults={"what": what}, methods=["GET", "POST"])
