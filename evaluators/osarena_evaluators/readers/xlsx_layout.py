"""What an .xlsx workbook has beside its values. `sheets` has the readers by name, and says what they return."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import qualified
from osarena_evaluators.readers.packages import LINKS, part, related, target_of
from osarena_evaluators.readers.spreadsheets import pick_sheet, plain_area

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_BOOK = "xl/workbook.xml"

_OPERATORS = {
    "lessThan": "<", "lessThanOrEqual": "<=", "greaterThan": ">", "greaterThanOrEqual": ">=", "equal": "=", "notEqual": "!=",
    "between": "between", "notBetween": "not between",
}  # fmt: skip


def _main(name: str) -> str:
    return qualified(_SHEET, name)


def _chart(name: str) -> str:
    return qualified(_CHART, name)


def sheet_path(archive: ZipFile, sheet: str | int) -> str:
    """Where a sheet is in the archive."""
    sheets = list(part(archive, _BOOK).iterfind(f"{_main('sheets')}/{_main('sheet')}"))
    chosen = sheets[pick_sheet(sheet, [found.get("name", "") for found in sheets])]
    return target_of(archive, _BOOK, chosen.get(qualified(LINKS, "id"), ""))


def frozen(archive: ZipFile, sheet: str | int) -> list[int]:
    """How many columns and rows stay in view."""
    for pane in part(archive, sheet_path(archive, sheet)).iter(_main("pane")):
        if pane.get("state", "split") in ("frozen", "frozenSplit"):
            return [_whole(pane, "xSplit"), _whole(pane, "ySplit")]
    return [0, 0]


def _whole(element: Element, attribute: str) -> int:
    text = element.get(attribute, "0")
    try:
        return int(float(text))
    except (ValueError, OverflowError) as error:
        raise EvidenceMissing(f"{attribute} is {text!r:.40}, which is no number") from error


# --- charts ----------------------------------------------------------------------------------------------------------


def charts(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The charts of a sheet."""
    drawings = related(archive, sheet_path(archive, sheet), "drawing")
    return [_read_chart(part(archive, path)) for drawing in drawings for path in related(archive, drawing, "chart")]


def _read_chart(root: Element) -> dict[str, Any]:
    chart = root.find(_chart("chart"))
    plot = None if chart is None else chart.find(_chart("plotArea"))
    if chart is None or plot is None:
        raise EvidenceMissing("a chart has nothing plotted")
    groups = [group for group in plot if group.find(_chart("ser")) is not None]
    return {
        "kind": _kind(groups[0]) if groups else "",
        "title": _title(chart.find(_chart("title"))),
        "legend": chart.find(_chart("legend")) is not None,
        "series": [_series(series) for group in groups for series in group.iterfind(_chart("ser"))],
    }


def _kind(group: Element) -> str:
    """ "line" of lineChart; a barChart is "column" where its bars stand upright."""
    kind = group.tag.rpartition("}")[2].removesuffix("Chart").removesuffix("3D")
    direction = group.find(_chart("barDir"))
    return "column" if kind == "bar" and (direction is None or direction.get("val", "col") == "col") else kind


def _title(title: Element | None) -> str:
    if title is None:
        return ""
    paragraphs = title.iter(qualified(_DRAWING, "p"))
    return "\n".join("".join(run.text or "" for run in paragraph.iter(qualified(_DRAWING, "t"))) for paragraph in paragraphs)


def _series(series: Element) -> dict[str, str]:
    places = {"name": "tx", "values": "val", "categories": "cat"}
    alternatives = {"values": "yVal", "categories": "xVal"}  # of a scatter chart
    return {name: _source(series, tag) or _source(series, alternatives.get(name, "")) for name, tag in places.items()}


def _source(series: Element, tag: str) -> str:
    """Where a series has its values from, as an area; empty where it has its own or none."""
    place = series.find(_chart(tag)) if tag else None
    formula = None if place is None else next(place.iter(_chart("f")), None)
    return "" if formula is None else plain_area(formula.text or "")


# --- conditional formats ---------------------------------------------------------------------------------------------


def conditions(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The conditional formats of a sheet."""
    root = part(archive, sheet_path(archive, sheet))
    fills = _fills(archive)
    return [
        _condition(rule, area.get("sqref", "").split(), fills)
        for area in root.iter(_main("conditionalFormatting"))
        for rule in area.iterfind(_main("cfRule"))
    ]


def _condition(rule: Element, areas: list[str], fills: list[str]) -> dict[str, Any]:
    operator = rule.get("operator", "")
    number = rule.get("dxfId", "")
    return {
        "areas": areas,
        "is": _OPERATORS.get(operator, operator) if rule.get("type") == "cellIs" else rule.get("type", ""),
        "than": [formula.text or "" for formula in rule.iterfind(_main("formula"))],
        "fill": fills[int(number)] if number.isdecimal() and len(number) < 6 and int(number) < len(fills) else "",
    }


def _fills(archive: ZipFile) -> list[str]:
    """The background colours of the formats that conditions choose from, as "#FFCCCC"; empty for none."""
    paths = related(archive, _BOOK, "styles")
    root = part(archive, paths[0]) if paths else None
    formats: Iterator[Element] = iter(()) if root is None else root.iterfind(f"{_main('dxfs')}/{_main('dxf')}")
    return [_fill(format_) for format_ in formats]


def _fill(format_: Element) -> str:
    for tag in ("bgColor", "fgColor"):
        colour = next(format_.iter(_main(tag)), None)
        if colour is not None and len(colour.get("rgb", "")) == 8:
            return "#" + colour.get("rgb", "")[2:].upper()
    return ""


# --- print areas, filters, pivot tables ------------------------------------------------------------------------------


def print_areas(archive: ZipFile, sheet: str | int) -> list[str]:
    """The areas of a sheet that are printed."""
    book = part(archive, _BOOK)
    number = pick_sheet(sheet, [found.get("name", "") for found in book.iterfind(f"{_main('sheets')}/{_main('sheet')}")])
    return [
        plain_area(area)
        for name in book.iter(_main("definedName"))
        if name.get("name") == "_xlnm.Print_Area" and name.get("localSheetId") == str(number)
        for area in (name.text or "").split(",")
    ]


def filters(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The filters of a sheet."""
    return [
        {
            "area": found.get("ref", ""),
            "columns": sorted(_whole(column, "colId") + 1 for column in found.iter(_main("filterColumn"))),
        }
        for found in part(archive, sheet_path(archive, sheet)).iter(_main("autoFilter"))
    ]


def pivots(archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]:
    """The pivot tables of a sheet."""
    return [_pivot(archive, path) for path in related(archive, sheet_path(archive, sheet), "pivotTable")]


def _pivot(archive: ZipFile, path: str) -> dict[str, Any]:
    root = part(archive, path)
    caches = [part(archive, cache) for cache in related(archive, path, "pivotCacheDefinition")]
    names = [
        field.get("name", "") for cache in caches for field in cache.iterfind(f"{_main('cacheFields')}/{_main('cacheField')}")
    ]
    source = next((found for cache in caches for found in cache.iter(_main("worksheetSource"))), None)
    place = root.find(_main("location"))
    values = root.iterfind(f"{_main('dataFields')}/{_main('dataField')}")
    return {
        "at": "" if place is None else place.get("ref", "").partition(":")[0],
        "source": "" if source is None else source.get("ref", ""),
        "rows": _pivot_fields(root, "rowFields", names),
        "columns": _pivot_fields(root, "colFields", names),
        "values": [[value.get("subtotal", "sum"), _named(names, _whole(value, "fld"))] for value in values],
    }


def _pivot_fields(root: Element, kind: str, names: list[str]) -> list[str]:
    """The names of the fields in the rows or columns; -2 stands for the values themselves."""
    numbers = (_whole(field, "x") for field in root.iterfind(f"{_main(kind)}/{_main('field')}"))
    return [_named(names, number) for number in numbers if number >= 0]


def _named(names: list[str], number: int) -> str:
    if not 0 <= number < len(names):
        raise EvidenceMissing(f"a pivot table has no field number {number}")
    return names[number]
