"""Accessibility trees as XML, in the form in which OSWorld's desktops give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._operands import given, given_texts, library, share

DEVIATIONS: Mapping[str, str] = {}

_MAX_BYTES = 32 << 20
_PARTS = {
    **{"st": "state", "attr": "attributes", "cp": "component", "doc": "document", "docattr": "document/attributes"},
    **{"txt": "text", "val": "value", "act": "action", "class": "class", "role": "role"},
}
_SYSTEMS = ("ubuntu", "windows", "macos")


@metric
def check_accessibility_tree(actual: Any, expected: list[Mapping[str, Any]], *, osname: str = "ubuntu") -> Verdict:
    """1 if a tree has something for each rule; with texts that need not be exact, the product of how alike they are.

    A rule has `xpath`, or `selectors`, CSS selectors of which one must find something, with the prefixes st, attr, cp, doc,
    docattr, txt, val, act; and perhaps a `text` that one of the elements found must have, unless `exact` is false.
    """
    if not isinstance(expected, list | tuple) or not expected:
        raise CheckerError(f"the task expects a list of rules about a tree, not {quote(expected)}")
    tree = _parsed(actual)
    score = 1.0
    for rule in expected:
        elements = _found(tree, rule, namespaces(osname))
        if not elements:
            return Verdict(0.0, f"there is nothing in the tree for {quote(_query(rule))}")
        score *= max(_likeness(element, rule) for element in elements)
    return share(score, f"the texts in the tree are to {score:.0%} as expected: {quote(list(expected))}")


def namespaces(osname: str = "ubuntu") -> dict[str, str]:
    """The addresses of the prefixes in a tree's names, by prefix. Raises CheckerError for an unknown system."""
    if osname not in _SYSTEMS:
        raise CheckerError(f"trees come from {', '.join(_SYSTEMS)}, not from {quote(osname)}")
    return {prefix: f"https://accessibility.{osname}.example.org/ns/{part}" for prefix, part in _PARTS.items()}


def _parsed(actual: Any) -> Any:
    """The root of a tree. Entities are not put in, and nothing else is fetched."""
    etree = library("lxml.etree", "install lxml")
    if not isinstance(actual, str | bytes):
        raise EvidenceMissing(f"expected a tree as XML, found {quote(actual)}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8")
    try:
        data = actual if isinstance(actual, bytes) else actual.encode()
        if len(data) > _MAX_BYTES:
            raise EvidenceMissing(f"the tree has {len(data)} bytes, which is too much to look at")
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise EvidenceMissing(f"the tree is not usable XML: {str(error)[:200]}") from error


def _found(tree: Any, rule: Any, prefixes: dict[str, str]) -> list[Any]:
    etree = library("lxml.etree", "install lxml")
    try:
        if isinstance(_query(rule), str):
            elements = tree.xpath(_query(rule), namespaces=prefixes)
        else:
            elements = _selector(", ".join(given_texts(rule, "selectors")), prefixes)(tree)
    except etree.XPathError as error:
        raise CheckerError(f"{quote(_query(rule))} in the task finds nothing in any tree: {error}") from error
    return elements if isinstance(elements, list) else [elements] * bool(elements)


def _selector(selectors: str, prefixes: dict[str, str]) -> Any:
    cssselect = library("cssselect", "install cssselect, which lxml needs for CSS selectors, or use `xpath` in the task")
    made = library("lxml.cssselect", "install lxml and cssselect")
    try:
        return made.CSSSelector(selectors, namespaces=prefixes)
    except (cssselect.SelectorError, SyntaxError) as error:
        raise CheckerError(f"{quote(selectors)} in the task is no CSS selector: {error}") from error


def _query(rule: Any) -> Any:
    """The rule's XPath, or else its list of selectors. Raises CheckerError where it has neither."""
    xpath = given(rule, "xpath", str, default=None)
    return xpath if xpath is not None else given_texts(rule, "selectors")


def _likeness(element: Any, rule: Mapping[str, Any]) -> float:
    """How far an element has the rule's text, from 0 to 1."""
    from rapidfuzz import fuzz

    text = given(rule, "text", str, default=None)
    if text is None:
        return 1.0
    there = str(getattr(element, "text", element) or "")
    return float(there == text) if given(rule, "exact", bool, default=True) else fuzz.ratio(text, there) / 100
