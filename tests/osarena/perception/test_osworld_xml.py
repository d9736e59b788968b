"""The tree in OSWorld's XML, word for word, and as their selectors find things in it."""

from __future__ import annotations

import pytest
from lxml import etree

from osarena.perception.osworld_xml import namespaces, to_osworld_xml
from osarena.types.geometry import Box
from osarena.types.tree import Node, Tree
from osarena_evaluators.osworld import score, trees

SHOWN = frozenset({"showing", "visible"})
SAVE = Node("push button", "Save", "Keep it", states=SHOWN, actions=("click", "press hard"), box=Box(-3, 34, 80, 22))
TEXT = Node("text", "Body", text="a <b>\ufffc & c", states=SHOWN | {"multi-line", "focused"}, box=Box(0, 60, 100, 50))


def desktop(*nodes: Node) -> Tree:
    return Tree(Node("desktop frame", children=(Node("application", "editor", children=nodes),)))


def test_one_element_word_for_word() -> None:
    xml = to_osworld_xml(desktop(SAVE))
    assert xml.startswith('<desktop-frame xmlns:st="https://accessibility.ubuntu.example.org/ns/state" xmlns:attr=')
    assert xml.endswith(
        '<application name="editor"><push-button name="Save" attr:description="Keep it" st:showing="true" st:visible="true" '
        'cp:screencoord="(-3, 34)" cp:size="(80, 22)" act:click_desc="" act:click_kb="" act:press-hard_desc="" '
        'act:press-hard_kb=""></push-button></application></desktop-frame>'
    )


def test_what_is_not_showing_has_no_place_and_numbers_have_values() -> None:
    xml = to_osworld_xml(desktop(Node("slider", states=frozenset({"visible"}), value=0.0, box=Box(1, 2, 3, 4))))
    assert '<slider name="" st:visible="true" val:value="0.0"></slider>' in xml


@pytest.mark.parametrize(
    "query",
    [
        "/desktop-frame/application[@name='editor']/push-button[@name='Save']",
        "//push-button[@st:showing='true' and @cp:size='(80, 22)']",
        "//text[@st:multi_line='true'][contains(., 'a <b> & c')]",
    ],
)
def test_osworlds_checks_find_elements(query: str) -> None:
    xml = to_osworld_xml(desktop(SAVE, TEXT))
    assert score("check_accessibility_tree", xml, [{"xpath": query}]) == 1
    assert score("check_accessibility_tree", xml, [{"xpath": "//text", "text": "a <b> & c"}]) == 1


@pytest.mark.parametrize("platform", ["ubuntu", "windows", "macos"])
def test_namespaces_are_those_of_the_checks(platform: str) -> None:
    declared = etree.fromstring(to_osworld_xml(desktop(), platform=platform)).nsmap
    assert declared == namespaces(platform)
    assert declared.items() <= trees.namespaces(platform).items()


@pytest.mark.parametrize(
    "node",
    [
        Node("", "nameless"),
        Node("9 lives/é", "\x00\x1b\ud800 \uffff", text="\x07]]>"),
        Node("a:b", actions=("2x", "", "2x", "do: it")),
        Node("text", 'say "hi"\n\t', "\x0b"),
    ],
)
def test_odd_names_make_xml_all_the_same(node: Node) -> None:
    assert len(etree.fromstring(to_osworld_xml(desktop(node)))[0]) == 1


def test_line_ends_of_names_come_through() -> None:
    assert etree.fromstring(to_osworld_xml(desktop(Node("text", "a\nb\tc"))))[0][0].get("name") == "a\nb\tc"


def test_a_very_deep_tree_is_written() -> None:
    node = Node("panel")
    for _ in range(5000):
        node = Node("panel", children=(node,))
    assert to_osworld_xml(desktop(node)).count("</panel>") == 5001


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(ValueError, match="not from 'beos'"):
        to_osworld_xml(desktop(), platform="beos")
