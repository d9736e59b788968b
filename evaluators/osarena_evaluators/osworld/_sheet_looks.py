"""The rules of `compare_table` about how cells, rows and columns look.

Each takes the workbooks, its rule and `published`, and says in words what differs; nothing where the rule holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.words import quote
from osarena_evaluators.osworld._books import DAMAGED, Books, Sheet
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.osworld._sheet_values import Rule, both_sheets, option
from osarena_evaluators.readers import _conditions
from osarena_evaluators.readers.spreadsheets import parse_area

_MAX_STYLED = 100_000  # cells
_MAX_JUDGED = 100_000  # cells and conditions multiplied

# --- what can be asked of a cell -------------------------------------------------------------------------------------

# From a cell, and the look that a conditional format gives to it, if any, to a value. Most say nothing of an empty cell.
_Look = Callable[[Any, Any, bool], Any]


def _font(attribute: str) -> _Look:
    def read(cell: Any, look: Any, published: bool) -> Any:
        if cell.value is None:
            return None
        of_look = getattr(look.font, attribute, None) if look is not None and look.font is not None else None
        value = getattr(cell.font, attribute) if of_look is None else of_look
        return _colour(value, published) if attribute == "color" else value

    return read


def _number_format(cell: Any, look: Any, published: bool) -> Any:
    if cell.value is None or cell.data_type != "n":
        return None
    return cell.number_format if look is None or look.numFmt is None else look.numFmt.formatCode


def _fill_type(cell: Any, look: Any, published: bool) -> Any:
    return getattr(cell.fill if look is None or look.fill is None else look.fill, "tagname", None)


def _background(cell: Any, look: Any, published: bool) -> Any:
    """The colour of the cell itself lies in fgColor; that of a conditional format in bgColor."""
    if look is not None and look.fill is not None:
        return _colour(getattr(look.fill, "bgColor", None), published)
    return _colour(getattr(cell.fill, "fgColor", None), published)


def _hyperlink(cell: Any, look: Any, published: bool) -> Any:
    if cell.value is None:
        return None
    link = getattr(cell, "hyperlink", None)
    return "" if link is None else link.target or link.location or ""


def _colour(colour: Any, published: bool) -> Any:
    """A colour as "FFRRGGBB", or by its number in the theme; None where there is none."""
    from openpyxl.styles.colors import COLOR_INDEX

    if colour is None or colour.type == "rgb":
        return None if colour is None else colour.rgb
    if published:
        return "not given as red, green and blue"
    if colour.type == "indexed" and 0 <= colour.indexed < len(COLOR_INDEX):
        return COLOR_INDEX[colour.indexed]
    return f"{colour.type} {colour.value} {colour.tint:g}"


_LOOKS: Mapping[str, _Look] = {
    "number_format": _number_format,
    "font_name": _font("name"),
    "font_family": _font("family"),
    "font_color": _font("color"),
    "font_bold": _font("bold"),
    "font_italic": _font("italic"),
    "font_underline": _font("underline"),
    "font_size": _font("size"),
    "fill_type": _fill_type,
    "bgcolor": _background,
    "fgcolor": _background,
    "hyperlink": _hyperlink,
    "merge": lambda cell, look, published: type(cell).__name__ == "MergedCell",
}


def _read(cell: Any, props: Sequence[str], look: Any, published: bool) -> list[Any]:
    try:
        return [_LOOKS[name](cell, look, published) for name in props]
    except DAMAGED as error:
        raise EvidenceMissing(f"the look of {cell.coordinate} cannot be read: {error}"[:200]) from error


def _require_looks(names: Sequence[str]) -> None:
    if unknown := [name for name in names if name not in _LOOKS]:
        raise CheckerError(f"cells have no property {quote(unknown)}, only value, {', '.join(_LOOKS)}")


# --- style -----------------------------------------------------------------------------------------------------------


def style(books: Books, rule: Rule, published: bool) -> str:
    """The cells of both sheets look the same in `props`, with what conditional formats make of them."""
    props = list(rule.get("props", []))
    _require_looks(props)
    one, other = both_sheets(books, rule)
    found, wanted = _styles(one, props, published), _styles(other, props, published)
    for address in found | wanted:
        here, there = found.get(address), wanted.get(address)
        if here != there and (published or (here or _plain(one, props)) != (there or _plain(one, props))):
            return f"{one.name}, {address}: expected {quote(dict(zip(props, there or [], strict=False)))}, found {quote(here)}"
    return ""


def _plain(sheet: Sheet, props: Sequence[str]) -> list[Any]:
    """How a cell looks that nobody has touched."""
    from openpyxl.cell.cell import Cell

    return _read(Cell(sheet.worksheet(), row=1, column=1), props, None, False)


def _styles(sheet: Sheet, props: Sequence[str], published: bool) -> dict[str, list[Any]]:
    with sheet.book.blamed():
        worksheet = sheet.worksheet()
        count = worksheet.max_row * worksheet.max_column if published else len(worksheet._cells)
        if count > _MAX_STYLED:
            raise EvidenceMissing(f"the sheet has {count} cells, which is too much to look at")
        cells = [cell for row in worksheet.iter_rows() for cell in row] if published else list(worksheet._cells.values())
        looks = dict(_conditional_looks(sheet, worksheet, published))
        return {cell.coordinate: _read(cell, props, looks.get(cell.coordinate), published) for cell in cells}


_SIGNS = {
    "lessThan": "<", "lessThanOrEqual": "<=", "greaterThan": ">", "greaterThanOrEqual": ">=", "equal": "=", "notEqual": "!=",
    "between": "between", "notBetween": "not between",
}  # fmt: skip
_OF_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "containsText": lambda value, part: part in value,
    "notContainsText": lambda value, part: part not in value,
    "beginsWith": str.startswith,
    "endsWith": str.endswith,
}


def _conditional_looks(sheet: Sheet, worksheet: Any, published: bool) -> Iterator[tuple[str, Any]]:
    """The look that conditional formats give to the cells with a value: that of the first by priority that holds."""
    formats = [(area, rule) for area in worksheet.conditional_formatting for rule in area.rules if rule.dxf is not None]
    formats.sort(key=lambda found: found[1].priority or 0, reverse=published)  # in the public function, the last one counts
    cells = {address: value for address, value in sheet.raw_cells().items() if value is not None} if formats else {}
    if len(cells) * len(formats) > _MAX_JUDGED:
        raise EvidenceMissing(f"there are {len(formats)} conditional formats, which is too much to look at")
    inside = {id(area): [parse_area(part.coord) for part in area.cells.ranges] for area, _ in formats}
    for address, value in cells.items():
        left, top, _, _ = parse_area(address)
        here = [
            (area, rule)
            for area, rule in formats
            if any(one <= left <= three and two <= top <= four for one, two, three, four in inside[id(area)])
        ]
        look = next((rule.dxf for area, rule in here if _holds(area, rule, address, value, published)), None)
        if look is not None:
            yield address, look


def _holds(area: Any, rule: Any, address: str, value: Any, published: bool) -> bool:
    """Whether the condition of a format holds for a cell."""
    if rule.type in _OF_TEXTS and rule.text is not None:
        return _OF_TEXTS[rule.type](str(value).casefold(), rule.text.casefold())
    kind = _SIGNS.get(rule.operator or "", "") if rule.type == "cellIs" else rule.type
    if not isinstance(value, float):
        texts = [operand.strip('"').casefold() for operand in rule.formula]
        return kind in ("=", "!=") and (str(value).casefold() in texts) == (kind == "=")
    condition = {"areas": [part.coord for part in area.cells.ranges], "is": kind, "than": list(rule.formula), "fill": "yes"}
    try:
        return _conditions.fills([condition], [address], [value]) == [[["yes"]]]
    except EvidenceMissing:
        if published:
            return False
        raise


# --- rows and columns ------------------------------------------------------------------------------------------------

_ROW_PROPS = {"hidden": False, "collapsed": False, "height": None}
_COLUMN_PROPS = {"hidden": False, "collapsed": False, "width": 13.0, "auto_size": False, "min": None, "max": None}


def row_props(books: Books, rule: Rule, published: bool) -> str:
    """The rows of both sheets have the same `props`: hidden, collapsed, height."""
    one, other = both_sheets(books, rule)
    props = _known(rule, _ROW_PROPS)
    found, wanted = (_dimensions(sheet, sheet.worksheet().row_dimensions, props) for sheet in (one, other))
    words = _first_difference(found, wanted, None if published else [_ROW_PROPS[name] for name in props])
    return f"{one.name}, row {words}" if words else ""


def col_props(books: Books, rule: Rule, published: bool) -> str:
    """The columns of both sheets have the same `props`: width, auto_size, hidden, collapsed."""
    one, other = both_sheets(books, rule)
    props = _known(rule, _COLUMN_PROPS)
    found, wanted = (_dimensions(sheet, sheet.worksheet().column_dimensions, props) for sheet in (one, other))
    if not published:  # neighbours that are alike may stand together, as A to C, or each for itself
        found, wanted = (_spread(sheet, looks, props) for sheet, looks in ((one, found), (other, wanted)))
    words = _first_difference(found, wanted, None if published else [_COLUMN_PROPS[name] for name in props])
    return f"{one.name}, column {words}" if words else ""


def _known(rule: Rule, known: Mapping[str, Any]) -> list[str]:
    props = list(option(rule, "props"))
    if unknown := [name for name in props if name not in known]:
        raise CheckerError(f"'props' has {quote(unknown)}, but the properties are {', '.join(known)}")
    return props


def _dimensions(sheet: Sheet, dimensions: Any, props: Sequence[str]) -> dict[Any, list[Any]]:
    with sheet.book.blamed():
        try:
            return {key: [getattr(one, name) for name in props] for key, one in dimensions.items()}
        except DAMAGED as error:
            raise EvidenceMissing(f"the rows and columns of {sheet.name!r} cannot be read: {error}"[:200]) from error


def _spread(sheet: Sheet, looks: Mapping[Any, list[Any]], props: Sequence[str]) -> dict[Any, list[Any]]:
    spread: dict[Any, list[Any]] = {}
    for key, values in looks.items():
        column = sheet.worksheet().column_dimensions[key]
        shown = [None if name in ("min", "max") else value for name, value in zip(props, values, strict=True)]
        for number in range(max(column.min or 1, 1), min(column.max or 1, 16384) + 1):
            spread[number] = shown
    return spread


def _first_difference(found: Mapping[Any, Any], wanted: Mapping[Any, Any], plain: list[Any] | None) -> str:
    """The first row or column that differs; one that is not described is plain."""
    for key in dict(found) | dict(wanted):
        here, there = found.get(key, plain), wanted.get(key, plain)
        if here != there:
            return f"{key}: expected {quote(there)}, found {quote(here)}"
    return ""


# --- check_cell ------------------------------------------------------------------------------------------------------


def check_cell(books: Books, rule: Rule, published: bool) -> str:
    """One cell is as `props` say, each a value rule: of its `value`, or of how it looks."""
    props = option(rule, "props")
    address = str(option(rule, "coordinate")).replace("$", "").upper()
    _require_address(address)
    looks = [name for name in props if name != "value"]
    _require_looks(looks)
    sheet = books.sheet(option(rule, "sheet_idx"))
    values: dict[str, Any] = {"value": sheet.raw_cells(published=published).get(address)}
    if looks:
        with sheet.book.blamed():
            cell = sheet.worksheet()[address]
            values |= dict(zip(looks, _read(cell, looks, None, published), strict=True))
    wrong = {name: values[name] for name in props if not matches(values[name], props[name])}
    return (
        f"{sheet.name}, {address}: expected {quote({name: props[name] for name in wrong})}, found {quote(wrong)}" if wrong else ""
    )


def _require_address(address: str) -> None:
    try:
        parse_area(address)
    except ValueError as error:
        raise CheckerError(f"{address!r:.60} is no cell of a sheet") from error
    if ":" in address:
        raise CheckerError(f"{address!r:.60} is more than one cell")
