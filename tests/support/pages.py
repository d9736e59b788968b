"""Browsers with pages, as they tell of themselves over remote debugging and to the host, for tests of what reads that."""

from __future__ import annotations

import json
import threading
from typing import Any

Record = dict[str, Any]


def element(**fields: Any) -> Record:
    """An element of a page."""
    plain = {"tag": "button", "type": "", "role": "", "name": "", "text": "", "states": [], "box": [0, 0, 20, 20]}
    return plain | fields


def report(*elements: Record, **fields: Any) -> Record:
    """What the script in a page tells: a viewport of 400x250 pixels."""
    plain = {"visible": True, "focused": True, "title": "Shop", "ratio": 1, "size": [400, 250], "covered": [], "truncated": False}
    return plain | {"elements": list(elements)} | fields


def page(*elements: Record, **fields: Any) -> Record:
    """A page as an observation has it: in window 7, at 0,50 on the screen, with two screen pixels for each CSS pixel."""
    plain = {"window": 7, "title": "Shop", "url": "http://shop/", "content": [0, 50, 400, 250], "viewport": [200.0, 125.0]}
    return plain | {"covered": [], "popups": [], "truncated": False, "elements": list(elements)} | fields


class Browser:
    """Answers commands as Chromium does. Pages are by their target; one that tells `None` never answers.

    Args:
        pages: what each page tells; a text is what it tells instead of JSON.
        windows: the browser's number of the window that each is in.
    """

    def __init__(self, pages: dict[str, Record | str | None], windows: dict[str, int] | None = None) -> None:
        self.pages = pages
        self.windows = windows or {}
        self.asked: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def __call__(self, command: Record) -> Record | None:
        method, params, session = command["method"], command["params"], command.get("sessionId", "")
        target = params.get("targetId") or session.removeprefix("session of ")
        with self._lock:
            self.asked.append((method, target))
        match method:
            case "Target.getTargets":
                listed = [{"targetId": name, "type": "page", "url": f"http://{name}/"} for name in self.pages]
                return {"result": {"targetInfos": [*listed, {"targetId": "w", "type": "service_worker", "url": "http://w/"}, 3]}}
            case "Browser.getWindowForTarget":
                return {"result": {"windowId": self.windows.get(target, 1)}}
            case "Target.attachToTarget":
                return {"result": {"sessionId": f"session of {target}"}}
            case "Page.createIsolatedWorld":
                return {"result": {"executionContextId": 2}}
            case "Runtime.evaluate":
                told = self.pages[target]
                value = told if isinstance(told, str) else json.dumps(told)
                return None if told is None else {"result": {"result": {"type": "string", "value": value}}}
        return {"error": {"code": -32601, "message": f"{method} wasn't found"}}
