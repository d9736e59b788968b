"""Pages of web browsers in the words of the accessibility tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from osarena.types.dom import Dom, Page, PageElement
from osarena.types.observation import Window
from osarena.types.tree import Node, Tree

# Roles of ARIA, and what HTML's elements are without one, as the accessibility tree calls them. Source:
# https://www.w3.org/TR/html-aam-1.0/ and https://www.w3.org/TR/core-aam-1.2/
_ROLES: Mapping[str, str] = {
    "a": "link", "area": "link", "button": "push button", "checkbox": "check box", "combobox": "combo box",
    "gridcell": "table cell", "img": "image", "input": "entry", "link": "link", "listbox": "list box", "menuitem": "menu item",
    "menuitemcheckbox": "check menu item", "menuitemradio": "radio menu item", "option": "list item", "radio": "radio button",
    "searchbox": "entry", "select": "combo box", "slider": "slider", "spinbutton": "spin button", "summary": "toggle button",
    "switch": "switch", "tab": "page tab", "textarea": "entry", "textbox": "entry", "treeitem": "tree item",
}  # fmt: skip
# What `<input type=…>` is; the others are entries.
_INPUTS: Mapping[str, str] = {
    "button": "push button", "checkbox": "check box", "color": "color chooser", "date": "date editor", "file": "push button",
    "image": "push button", "number": "spin button", "password": "password text", "radio": "radio button", "range": "slider",
    "reset": "push button", "submit": "push button",
}  # fmt: skip
_SHOWN = frozenset({"showing", "visible"})
_USABLE = frozenset({"enabled", "sensitive"})


def dom_as_tree(dom: Dom, windows: Sequence[Window]) -> Tree:
    """The pages as a tree on the screen: for each window with pages a frame, in it the viewports, in them the elements.

    An element that can be written in and is of no kind that the tree has a word for is an entry, any other a push button.
    """
    numbers = dict.fromkeys(page.window for page in dom.pages)
    frames = tuple(_frame([page for page in dom.pages if page.window == number], windows) for number in numbers)
    browsers = (Node("application", "browser", children=frames),) if frames else ()
    return Tree(Node("desktop frame", children=browsers), dom.truncated)


def _frame(pages: Sequence[Page], windows: Sequence[Window]) -> Node:
    """The pages of one window, as a window of the tree: so they are as high in the stack as the window is."""
    window = next((window for window in windows if window.id == pages[0].window), None)
    outermost = max(pages, key=lambda page: page.content.area)
    title, box = (window.title, window.box) if window else (outermost.title, outermost.content)
    return Node("frame", title, states=_SHOWN | _USABLE, box=box, children=tuple(map(_viewport, pages)))


def _viewport(page: Page) -> Node:
    children = tuple(_element(element, page) for element in page.elements)
    return Node("viewport", page.title, states=_SHOWN | _USABLE, box=page.content, children=children)


def _element(element: PageElement, page: Page) -> Node:
    states = (element.states - {"disabled"}) | _SHOWN | (_USABLE if "disabled" not in element.states else frozenset())
    return Node(_role(element), element.name, text=element.text, states=states, box=page.on_screen(element.box))


def _role(element: PageElement) -> str:
    given, tag = _ROLES.get(element.role.lower()), element.tag.lower()
    own = _INPUTS.get(element.type.lower()) if tag == "input" else None
    return given or own or _ROLES.get(tag) or ("entry" if "editable" in element.states else "push button")
