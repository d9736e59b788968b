"""Routes of files: `/file`, `/list_directory`, `/setup/upload`, `/setup/download_file`; WindowsAgentArena's that make them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import httpx
from flask import Flask, Response, jsonify, request

from osarena.errors import NoSuchFile
from osarena.guest.client import FileEntry
from osarena.web.osworld.desktop import BridgedDesktop, expanded
from osarena.web.osworld.fields import Refused, json_body, text
from osarena_guest.protocol import MAX_FILE_BYTES

_DOWNLOAD_S = 300.0
_ATTEMPTS = 3


def add_files(app: Flask, desktop: BridgedDesktop) -> None:
    """Add the routes of this group."""

    @app.post("/file")
    def file() -> Response:
        path = expanded(text(request.form, "file_path"))
        with desktop.guest() as guest:
            data = guest.read(path)
        attached = f"attachment; filename*=UTF-8''{quote(PurePosixPath(path).name)}"
        return Response(data, mimetype="application/octet-stream", headers={"Content-Disposition": attached})

    @app.post("/list_directory")
    def list_directory() -> Response:
        path = expanded(text(json_body(), "path"))
        with desktop.guest() as guest:
            try:
                entries = guest.list_files(path)
            except NoSuchFile as error:
                raise Refused(400, "The provided path is not a directory") from error
        return jsonify({"directory_tree": directory_tree(PurePosixPath(path).name, entries)})

    @app.post("/setup/upload")
    def upload() -> Response:
        path, uploaded = expanded(text(request.form, "file_path")), request.files.get("file_data")
        if uploaded is None:
            raise Refused(400, "file_path and file_data are required")
        _write(desktop, path, uploaded.stream.read(MAX_FILE_BYTES + 1))
        return _said("File Uploaded")

    @app.post("/setup/download_file")
    def download_file() -> Response:
        """This machine downloads, since the desktop has no network."""
        body = json_body()
        url, path = text(body, "url"), expanded(text(body, "path"))
        data = _downloaded(url)
        _write(desktop, path, data)
        return _said(f"File downloaded successfully: {len(data)} bytes")

    @app.post("/setup/create_folder")
    def create_folder() -> Response:
        with desktop.guest() as guest:
            guest.make_folder(expanded(text(json_body(), "path")))
        return _said("Folder created successfully")

    @app.post("/setup/create_file")
    def create_file() -> Response:
        body = json_body()
        _write(desktop, expanded(text(body, "path")), str(body.get("content", "")).encode())
        return _said("File created successfully")


def directory_tree(name: str, entries: Sequence[FileEntry]) -> dict[str, Any]:
    """A folder with all that is below it, as OSWorld tells it; links are files, wherever they lead."""
    root: dict[str, Any] = {"type": "directory", "name": name, "children": []}
    folders = {PurePosixPath("."): root}
    for entry in sorted(entries, key=lambda entry: PurePosixPath(entry.path).parts):
        path = PurePosixPath(entry.path)
        known: dict[str, Any] = {"type": "directory" if entry.kind == "folder" else "file", "name": path.name}
        if entry.kind == "folder":
            known["children"] = []
            folders[path] = known
        folders[path.parent]["children"].append(known)
    return root


def _write(desktop: BridgedDesktop, path: str, data: bytes) -> None:
    if len(data) > MAX_FILE_BYTES:
        raise Refused(413, f"a file may have at most {MAX_FILE_BYTES >> 20} MiB")
    with desktop.guest() as guest:
        guest.write(path, data)


def _downloaded(url: str) -> bytes:
    """What is at an address. Raises Refused where it cannot be had."""
    error: Exception | None = None
    for _ in range(_ATTEMPTS):
        try:
            return _fetched(url)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.HTTPStatusError) as final:
            raise Refused(500, f"Failed to download {url}: {final}") from final
        except httpx.HTTPError as passing:
            error = passing
    raise Refused(500, f"Failed to download {url}. No retries left. Error: {error}")


def _fetched(url: str) -> bytes:
    data = bytearray()
    with httpx.stream("GET", url, follow_redirects=True, timeout=_DOWNLOAD_S) as response:
        response.raise_for_status()
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > MAX_FILE_BYTES:
                raise Refused(413, f"{url} has more than {MAX_FILE_BYTES >> 20} MiB")
    return bytes(data)


def _said(words: str) -> Response:
    return Response(words, mimetype="text/plain")
