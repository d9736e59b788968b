"""The rules of `compare_table` about what lies on a sheet: charts, sparklines, pivot tables, filters, validations.

Each takes the workbooks, its rule and `published`, and says in words what differs; nothing where the rule holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from osarena.errors import CheckerError
from osarena.grading.words import quote
from osarena_evaluators.osworld._books import DAMAGED, Books, Sheet, main
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.osworld._sheet_values import Rule, both_sheets, option
from osarena_evaluators.readers.archives import qualified
from osarena_evaluators.readers.packages import part, related

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLACES = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"

# An object by what it is made from, and its properties.
Facts = tuple[str, dict[str, Any]]


def _compared(what: str, sheet: Sheet, found: list[Facts], wanted: list[Facts], published: bool) -> str:
    """Whether both sheets have the same objects, in any order. The public function keeps one of several with one source."""
    is_same = dict(found) == dict(wanted) if published else sorted(found, key=repr) == sorted(wanted, key=repr)
    return "" if is_same else f"{sheet.name}: expected the {what} {quote(wanted)}, found {quote(found)}"


def _properties(rule: Rule, name: str, known: Mapping[str, Any]) -> list[str]:
    """The properties that a rule names. Raises CheckerError where there is no such property."""
    names = list(rule.get(name, []))
    if unknown := [prop for prop in names if prop not in known]:
        raise CheckerError(f"{name!r} has {quote(unknown)}, but the properties are {', '.join(known)}")
    return names


# --- charts ----------------------------------------------------------------------------------------------------------


def chart(books: Books, rule: Rule, published: bool) -> str:
    """Both sheets have charts of the same data with the same `chart_props`."""
    props = _properties(rule, "chart_props", _CHART_PROPS)
    one, other = both_sheets(books, rule)
    found, wanted = ([_chart_facts(*found, props, published) for found in _charts(sheet)] for sheet in (one, other))
    return _compared("charts", one, found, wanted, published)


def _charts(sheet: Sheet) -> Iterator[tuple[Element, Element]]:
    """Each chart's place on the sheet, and its own part."""
    archive = sheet.book.archive
    with sheet.book.blamed():
        for drawing in related(archive, sheet.path(), "drawing"):
            targets = related(archive, drawing, "chart")
            anchors = [place for place in part(archive, drawing) if next(place.iter(_c("chart")), None) is not None]
            yield from zip(anchors, (part(archive, target) for target in targets), strict=False)


def _c(name: str) -> str:
    return qualified(_CHART, name)


def _chart_facts(place: Element, root: Element, props: list[str], published: bool) -> Facts:
    sources = ("val", "cat") if published else ("val", "yVal", "cat", "xVal")
    series = [[formula for tag in sources if (formula := _formula(one, tag))] for one in root.iter(_c("ser"))]
    facts = {name: _CHART_PROPS[name](place, root) for name in props}
    if published:  # for which all charts have the same size
        facts = {name: value for name, value in facts.items() if name not in ("width", "height")}
    return ";".join(",".join(found) for found in series), facts


def _formula(series: Element, tag: str) -> str:
    """The cells that a series is made from, without the quotes that a sheet's name may or may not have."""
    place = series.find(_c(tag))
    formula = None if place is None else next(place.iter(_c("f")), None)
    return "" if formula is None else (formula.text or "").replace("'", "").replace("$", "")


def _kind(root: Element) -> str:
    plots = (group for group in root.iter() if group.find(_c("ser")) is not None)
    return next((group.tag.rpartition("}")[2] for group in plots), "")


def _value(root: Element, path: str) -> str | None:
    found = root.find(path)
    return None if found is None else found.get("val")


def _title(element: Element | None) -> str | None:
    title = None if element is None else element.find(_c("title"))
    if title is None:
        return None
    return "".join(text.text or "" for text in title.iter(qualified(_DRAWING, "t"))) or None


def _axis_title(number: int) -> Callable[[Element, Element], str | None]:
    """The title of the first axis (its categories), the second or the third."""

    def title(place: Element, root: Element) -> str | None:
        plot = root.find(f"{_c('chart')}/{_c('plotArea')}")
        axes = (
            [] if plot is None else [axis for axis in plot if axis.find(_c("axId")) is not None and axis.find(_c("ser")) is None]
        )
        order = ("catAx", "dateAx", "valAx", "serAx")
        axes.sort(key=lambda axis: order.index(name) if (name := axis.tag.rpartition("}")[2]) in order else len(order))
        return _title(axes[number]) if number < len(axes) else None

    return title


def _legend(place: Element, root: Element) -> str | None:
    """Where the legend is: "r" where it does not say; None where there is none."""
    legend = root.find(f"{_c('chart')}/{_c('legend')}")
    return None if legend is None else _value(legend, _c("legendPos")) or "r"


def _anchor(place: Element, root: Element) -> list[str]:
    corners = (corner for corner in place if corner.tag in (f"{{{_PLACES}}}from", f"{{{_PLACES}}}to"))
    numbers = [corner.findtext(f"{{{_PLACES}}}{name}", "") for corner in corners for name in ("col", "row")]
    return [place.get("editAs", ""), *numbers]


def _extent(side: str) -> Callable[[Element, Element], str | None]:
    def extent(place: Element, root: Element) -> str | None:
        found = place.find(f"{{{_PLACES}}}ext")
        return None if found is None else found.get(side)

    return extent


_CHART_PROPS: Mapping[str, Callable[[Element, Element], Any]] = {
    "title": lambda place, root: _title(root.find(_c("chart"))),
    "legend": _legend,
    "anchor": _anchor,
    "width": _extent("cx"),
    "height": _extent("cy"),
    "type": lambda place, root: _kind(root),
    "direction": lambda place, root: next((found.get("val", "col") for found in root.iter(_c("barDir"))), None),
    "xtitle": _axis_title(0),
    "ytitle": _axis_title(1),
    "ztitle": _axis_title(2),
}


def sparkline(books: Books, rule: Rule, published: bool) -> str:
    """Both sheets have the same sparklines: cells that show other cells as a small chart."""
    one, other = both_sheets(books, rule)
    found, wanted = _sparklines(one), _sparklines(other)
    return "" if found == wanted else f"{one.name}: expected the sparklines {quote(wanted)}, found {quote(found)}"


def _sparklines(sheet: Sheet) -> dict[str, str]:
    lines = sheet.root().iter(qualified(_X14, "sparkline"))
    return {line.findtext(qualified(_XM, "sqref"), ""): line.findtext(qualified(_XM, "f"), "") for line in lines}


# --- pivot tables ----------------------------------------------------------------------------------------------------


def pivot_table(books: Books, rule: Rule, published: bool) -> str:
    """Both sheets have pivot tables of the same data with the same `pivot_props`."""
    props = _properties(rule, "pivot_props", dict.fromkeys(_PIVOT_PROPS))
    one, other = both_sheets(books, rule)
    found, wanted = ([_pivot_facts(*pivot, props) for pivot in _pivots(sheet)] for sheet in (one, other))
    return _compared("pivot tables", one, found, wanted, published)


_PIVOT_PROPS = (
    *("name", "show_total", "show_empty_row", "show_empty_col", "show_headers", "location", "selection", "ordered", "filter"),
    *("col_fields", "row_fields", "data_fields", "data_fields_name", "ignore_special_fields"),
)


def _pivots(sheet: Sheet) -> Iterator[tuple[Element, Element]]:
    """Each pivot table's definition, and where it keeps its data."""
    archive = sheet.book.archive
    with sheet.book.blamed():
        for path in related(archive, sheet.path(), "pivotTable"):
            for cache in related(archive, path, "pivotCacheDefinition")[:1]:
                yield part(archive, path), part(archive, cache)


def _pivot_facts(pivot: Element, cache: Element, props: list[str]) -> Facts:
    items = [_selection(field) for field in pivot.iterfind(f"{main('pivotFields')}/{main('pivotField')}")]
    used = [number for number, chosen in enumerate(items) if chosen]
    first, last = (used[0], used[-1] + 1) if used else (0, len(items))
    chosen = items[first:last]
    facts: dict[str, Any] = {
        "name": pivot.get("name"),
        "show_total": _flag(pivot, "visualTotals", True),
        "show_empty_row": _flag(pivot, "showEmptyRow", False),
        "show_empty_col": _flag(pivot, "showEmptyCol", False),
        "show_headers": _flag(pivot, "showHeaders", True),
        "location": [sorted(place.items()) for place in pivot.iterfind(main("location"))],
        "selection": chosen if "ordered" in props else [sorted(set(field)) for field in chosen],
        "filter": sorted({_whole(field, "fld") for field in pivot.iter(main("pageField"))}),
        "col_fields": _fields(pivot, "colFields", first, props),
        "row_fields": _fields(pivot, "rowFields", first, props),
        "data_fields": [_data_field(field, first, props) for field in pivot.iter(main("dataField"))],
    }
    shown = {name: facts[name] for name in facts if name in props or (name == "selection" and "filter" in props)}
    return _pivot_source(cache, first, len(items) - last), shown


def _selection(field: Element) -> list[tuple[bool, int]]:
    """The items of a field: whether each is hidden, and its number."""
    items = field.iterfind(f"{main('items')}/{main('item')}")
    return [(_flag(item, "h", False), _whole(item, "x")) for item in items if item.get("x") is not None]


def _fields(pivot: Element, kind: str, first: int, props: list[str]) -> list[int]:
    numbers = [_whole(field, "x") - first for field in pivot.iterfind(f"{main(kind)}/{main('field')}")]
    return [number for number in numbers if number >= 0] if "ignore_special_fields" in props else numbers


def _data_field(field: Element, first: int, props: list[str]) -> list[Any]:
    name = field.get("name") if "data_fields_name" in props else ""
    return [_whole(field, "fld") - first, name, field.get("subtotal", "sum"), field.get("showDataAs", "normal")]


def _pivot_source(cache: Element, skipped_left: int, skipped_right: int) -> str:
    """Where the data are, without the columns at the sides that the pivot table does not use."""
    from openpyxl.utils.cell import range_boundaries

    source = next(cache.iter(main("worksheetSource")), None)
    area = "" if source is None else source.get("ref", "")
    try:
        left, top, right, bottom = range_boundaries(area)
        area = f"{left + skipped_left},{top}:{right - skipped_right},{bottom}"  # type: ignore[operator]
    except (ValueError, TypeError):
        area = area or ("" if source is None else source.get("name", ""))
    return f"{area};{'' if source is None else source.get('sheet', '')}"


def _flag(element: Element, name: str, default: bool) -> bool:
    return element.get(name, str(default)).lower() in ("1", "true")


def _whole(element: Element, name: str) -> int:
    text = element.get(name, "0")
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else 0


# --- filters, validations --------------------------------------------------------------------------------------------


def filter_rule(books: Books, rule: Rule, published: bool) -> str:
    """Both sheets are filtered and sorted in the same way."""
    one, other = both_sheets(books, rule)
    found, wanted = _filter_facts(one), _filter_facts(other)
    return "" if found == wanted else f"{one.name}: expected the filter {quote(wanted)}, found {quote(found)}"


def _filter_facts(sheet: Sheet) -> dict[str, Any]:
    found = next(sheet.root().iter(main("autoFilter")), None)
    if found is None:
        return {}
    columns = sorted((_filter_column(column) for column in found.iter(main("filterColumn"))), key=lambda facts: facts["column"])
    sorting = [(state.get("ref"), _sorting(state)) for state in found.iter(main("sortState"))]
    return {"ref": found.get("ref", "").replace("$", ""), "columns": columns, "sorting": sorting}


def _filter_column(column: Element) -> dict[str, Any]:
    chosen, custom = column.find(main("filters")), column.find(main("customFilters"))
    return {
        "column": _whole(column, "colId"),
        "hidden_button": _flag(column, "hiddenButton", False),
        "show_button": _flag(column, "showButton", True),
        "blank": chosen is not None and _flag(chosen, "blank", False),
        "values": sorted(value.get("val", "") for value in column.iter(main("filter"))),
        "all": custom is not None and _flag(custom, "and", False),
        "conditions": sorted((one.get("operator", "equal"), one.get("val", "")) for one in column.iter(main("customFilter"))),
    }


def _sorting(state: Element) -> list[Any]:
    how = [_flag(state, "columnSort", False), _flag(state, "caseSensitive", False), state.get("sortMethod")]
    return [how, [sorted(condition.items()) for condition in state.iter(main("sortCondition"))]]


def data_validation(books: Books, rule: Rule, published: bool) -> str:
    """The validations of a sheet are those that `dv_props` describe, each as `{attribute: value rule}`."""
    sheet = books.sheet(option(rule, "sheet_idx"))
    wanted = option(rule, "dv_props")
    found = list(sheet.worksheet().data_validations.dataValidation)
    fitting = [{number for number, props in enumerate(wanted) if _is_valid_as(one, props)} for one in found]
    missing = set(range(len(wanted))) - set().union(*fitting)
    if len(found) < len(wanted) or not all(fitting) or (missing and not published):
        return f"{sheet.name}: expected validations as {quote(wanted)}, found {[quote(_shown(one)) for one in found][:5]}"
    return ""


def _is_valid_as(validation: Any, props: Mapping[str, Any]) -> bool:
    return all(matches(_attribute(validation, name), rule) for name, rule in props.items())


_ATTRIBUTES = (
    *("ranges", "type", "formula1", "formula2", "operator", "allowBlank", "showDropDown", "showInputMessage"),
    *("showErrorMessage", "error", "errorTitle", "errorStyle", "prompt", "promptTitle", "imeMode"),
)


def _attribute(validation: Any, name: str) -> Any:
    if name not in _ATTRIBUTES:
        raise CheckerError(f"a validation has no attribute {name!r}, only {', '.join(_ATTRIBUTES)}")
    try:
        return getattr(validation, name)
    except DAMAGED:
        return None


def _shown(validation: Any) -> str:
    return f"{validation.type} {validation.operator or ''} {validation.formula1} {validation.sqref}"
