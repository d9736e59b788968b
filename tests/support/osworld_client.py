"""A client of OSWorld's guest server, made from the table of its routes: what its controllers ask, as they ask it."""

from __future__ import annotations

from typing import Any

import httpx

_PREFIX = "import pyautogui; import time; pyautogui.FAILSAFE = False; "


class OSWorldClient:
    """Asks one server. Answers that are no success raise `httpx.HTTPStatusError`."""

    def __init__(self, port: int) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=200)

    def close(self) -> None:
        self._http.close()

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path).raise_for_status()

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self._http.post(path, json=body, **options).raise_for_status()

    # --- looking

    def screenshot(self) -> bytes:
        return self.get("/screenshot").content

    def accessibility_tree(self) -> str:
        return str(self.get("/accessibility").json()["AT"])

    def terminal_output(self) -> str | None:
        output = self.get("/terminal").json()["output"]
        return None if output is None else str(output)

    # --- acting

    def act(self, command: str) -> dict[str, Any]:
        """A command over pyautogui."""
        return self.execute(["python", "-c", _PREFIX + command])

    def execute(self, command: list[str] | str, *, shell: bool = False) -> dict[str, Any]:
        answer = self.post("/execute", {"command": command, "shell": shell}).json()
        assert answer["status"] == "success"
        return dict(answer)

    def run_python(self, code: str) -> dict[str, Any]:
        return dict(self.post("/run_python", {"code": code}).json())

    def run_bash(self, script: str, **options: Any) -> dict[str, Any]:
        return dict(self.post("/run_bash_script", {"script": script} | options).json())

    # --- setting up

    def upload(self, path: str, data: bytes) -> None:
        self._http.post("/setup/upload", data={"file_path": path}, files={"file_data": ("name", data)}).raise_for_status()

    def download(self, url: str, path: str) -> None:
        self.post("/setup/download_file", {"url": url, "path": path})

    def open(self, path: str) -> None:
        self.post("/setup/open_file", {"path": path})

    def launch(self, command: list[str] | str, *, shell: bool = False) -> None:
        self.post("/setup/launch", {"command": command, "shell": shell})

    def activate_window(self, name: str, *, strict: bool = False, by_class: bool = False) -> None:
        self.post("/setup/activate_window", {"window_name": name, "strict": strict, "by_class": by_class})

    def close_window(self, name: str, *, strict: bool = False, by_class: bool = False) -> None:
        self.post("/setup/close_window", {"window_name": name, "strict": strict, "by_class": by_class})

    # --- what there is

    def file(self, path: str) -> bytes:
        return self._http.post("/file", data={"file_path": path}).raise_for_status().content

    def directory_tree(self, path: str) -> dict[str, Any]:
        return dict(self.post("/list_directory", {"path": path}).json()["directory_tree"])

    def window_size(self, app_class: str) -> dict[str, int]:
        return dict(self._http.post("/window_size", data={"app_class_name": app_class}).raise_for_status().json())

    def start_recording(self) -> None:
        self.post("/start_recording")

    def end_recording(self) -> bytes:
        return self.post("/end_recording").content
