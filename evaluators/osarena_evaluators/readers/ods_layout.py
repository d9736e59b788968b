"""What an .ods workbook has beside its values. `sheets` has the readers by name, and says what they return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import normpath
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from osarena_evaluators.readers.archives import qualified
from osarena_evaluators.readers.packages import part
from osarena_evaluators.readers.spreadsheets import ods_tables, pick_sheet, plain_area

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_XLINK = "http://www.w3.org/1999/xlink"
_FORMATTING = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
_COMPARISON = re.compile(r"^(<=|>=|!=|<|>|=)(.+)$")
_BETWEEN = re.compile(r"^(not-)?between\((.+),(.+)\)$")
_FROZEN = "2"  # HorizontalSplitMode: 0 not split, 1 split, 2 frozen


def _odf(name: str) -> str:
    """A qualified name of OpenDocument: "table:name"."""
    prefix, _, local = name.partition(":")
    return qualified(f"{_URN}{prefix}:1.0", local)


def table_of(archive: ZipFile, sheet: str | int) -> Element:
    """The element of a sheet."""
    tables = ods_tables(archive)
    return tables[pick_sheet(sheet, [name for name, _ in tables])][1]


def frozen(archive: ZipFile, sheet: str | int) -> list[int]:
    """How many columns and rows stay in view."""
    name = table_of(archive, sheet).get(_odf("table:name"), "")
    if "settings.xml" not in archive.namelist():
        return [0, 0]
    for entry in part(archive, "settings.xml").iter(_odf("config:config-item-map-entry")):
        if entry.get(_odf("config:name")) == name:
            items = {item.get(_odf("config:name"), ""): item.text or "" for item in entry.iter(_odf("config:config-item"))}
            return [_split(items, "Horizontal"), _split(items, "Vertical")]
    return [0, 0]


def _split(items: Mapping[str, str], direction: str) -> int:
    position = items.get(f"{direction}SplitPosition", "0")
    is_frozen = items.get(f"{direction}SplitMode") == _FROZEN
    return int(position) if is_frozen and position.isascii() and position.isdecimal() and len(position) < 9 else 0


def charts(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The charts of a sheet."""
    objects = table_of(archive, sheet).iter(_odf("drawing:object"))
    paths = [normpath(found.get(qualified(_XLINK, "href"), "")) + "/content.xml" for found in objects]
    roots = (part(archive, path) for path in paths if path in archive.namelist())
    return [_read_chart(chart, root) for root in roots for chart in root.iter(_odf("chart:chart"))]


def _read_chart(chart: Element, root: Element) -> dict[str, Any]:
    title = chart.find(_odf("chart:title"))
    categories = next(chart.iter(_odf("chart:categories")), None)
    source = "" if categories is None else plain_area(categories.get(_odf("table:cell-range-address"), ""))
    return {
        "kind": _kind(chart, root),
        "title": "" if title is None else "\n".join("".join(line.itertext()) for line in title.iter(_odf("text:p"))),
        "legend": chart.find(_odf("chart:legend")) is not None,
        "series": [
            {
                "name": plain_area(series.get(_odf("chart:label-cell-address"), "")),
                "values": plain_area(series.get(_odf("chart:values-cell-range-address"), "")),
                "categories": source,
            }
            for series in chart.iter(_odf("chart:series"))
        ],
    }


def _kind(chart: Element, root: Element) -> str:
    """ "line", "pie" …; OpenDocument calls a column chart a "bar" chart, and a bar chart the same, with a plot turned upright."""
    kind = chart.get(_odf("chart:class"), "").rpartition(":")[2]
    if kind == "bar":
        return "bar" if _is_turned(chart, root) else "column"
    return {"circle": "pie", "ring": "doughnut"}.get(kind, kind)


def _is_turned(chart: Element, root: Element) -> bool:
    plot = chart.find(_odf("chart:plot-area"))
    name = "" if plot is None else plot.get(_odf("chart:style-name"), "")
    looks = (style for style in root.iter(_odf("style:style")) if style.get(_odf("style:name")) == name)
    properties = (found for style in looks for found in style.iterfind(_odf("style:chart-properties")))
    return any(found.get(_odf("chart:vertical")) == "true" for found in properties)


def conditions(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The conditional formats of a sheet."""
    fills = _fills(archive)
    return [
        _condition(condition, found.get(qualified(_CALC, "target-range-address"), "").split(" "), fills)
        for found in table_of(archive, sheet).iter(qualified(_CALC, "conditional-format"))
        for condition in found.iterfind(qualified(_CALC, "condition"))
    ]


def _condition(condition: Element, areas: list[str], fills: Mapping[str, str]) -> dict[str, Any]:
    text = condition.get(qualified(_CALC, "value"), "")
    operator, operands = text, list[str]()
    if found := _COMPARISON.match(text):
        operator, operands = found[1], [found[2]]
    elif found := _BETWEEN.match(text):
        operator, operands = "not between" if found[1] else "between", [found[2], found[3]]
    return {
        "areas": [plain_area(area) for area in areas],
        "is": operator,
        "than": operands,
        "fill": fills.get(condition.get(qualified(_CALC, "apply-style-name"), ""), ""),
    }


def _fills(archive: ZipFile) -> dict[str, str]:
    """The background colour of each cell style that has one of its own, by the name that is shown and the inner one."""
    fills: dict[str, str] = {}
    if "styles.xml" not in archive.namelist():
        return fills
    for style in part(archive, "styles.xml").iter(_odf("style:style")):
        properties = style.find(_odf("style:table-cell-properties"))
        colour = "" if properties is None else properties.get(qualified(_FORMATTING, "background-color"), "")
        for name in (style.get(_odf("style:name"), ""), style.get(_odf("style:display-name"), "")):
            fills |= {name: colour.upper()} if name and colour.startswith("#") else {}
    return fills


def print_areas(archive: ZipFile, sheet: str | int) -> list[str]:
    """The areas of a sheet that are printed."""
    return [plain_area(area) for area in table_of(archive, sheet).get(_odf("table:print-ranges"), "").split(" ") if area]


def filters(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The filters of a sheet."""
    return [
        {
            "area": plain_area(found.get(_odf("table:target-range-address"), "")),
            "columns": sorted(
                {_count(condition, "table:field-number") + 1 for condition in found.iter(_odf("table:filter-condition"))}
            ),
        }
        for found in _on_sheet(archive, sheet, "table:database-range", "table:target-range-address")
        if found.get(_odf("table:display-filter-buttons")) == "true"
    ]


def pivots(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The pivot tables of a sheet."""
    return [_pivot(found) for found in _on_sheet(archive, sheet, "table:data-pilot-table", "table:target-range-address")]


def _pivot(pivot: Element) -> dict[str, Any]:
    source = pivot.find(_odf("table:source-cell-range"))
    fields = [field for field in pivot.iter(_odf("table:data-pilot-field")) if field.get(_odf("table:source-field-name"))]

    def named(orientation: str) -> list[Element]:
        return [field for field in fields if field.get(_odf("table:orientation")) == orientation]

    return {
        "at": plain_area(pivot.get(_odf("table:target-range-address"), "")).partition(":")[0],
        "source": "" if source is None else plain_area(source.get(_odf("table:cell-range-address"), "")),
        "rows": [field.get(_odf("table:source-field-name"), "") for field in named("row")],
        "columns": [field.get(_odf("table:source-field-name"), "") for field in named("column")],
        "values": [
            [field.get(_odf("table:function"), "sum"), field.get(_odf("table:source-field-name"), "")] for field in named("data")
        ],
    }


def _on_sheet(archive: ZipFile, sheet: str | int, tag: str, address: str) -> list[Element]:
    """The elements whose address lies on a sheet."""
    name = table_of(archive, sheet).get(_odf("table:name"), "")
    found = part(archive, "content.xml").iter(_odf(tag))
    return [element for element in found if _sheet_of(element.get(_odf(address), "")) == name]


def _sheet_of(address: str) -> str:
    """The sheet that an address names: "Sales" of "Sales.B2:Sales.B9" and of "$'Sales'.$B$2"."""
    before = address.partition(":")[0].rpartition(".")[0].lstrip("$")
    return before[1:-1].replace("''", "'") if before.startswith("'") else before


def _count(element: Element, attribute: str) -> int:
    text = element.get(_odf(attribute), "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
