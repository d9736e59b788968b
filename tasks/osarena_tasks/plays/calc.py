"""Plays in LibreOffice Calc."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena.types.tree import Node
from osarena_tasks.plays._libreoffice import (
    choose_in_menu,
    close,
    keep_format,
    save_and_close,
    save_as,
    save_in_its_format,
    window_of,
)


@play
def total_by_region(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    order: Literal["alphabetical", "as found"] = "alphabetical",
    as_text: bool = False,
    sort_sales: bool = False,
    spare_sheet: bool = False,
) -> None:
    """Add a sheet, fill it with the regions and a SUMIF for each, and save."""
    sales = values["sales"]
    window = window_of(screen, values["file"])
    window.wait_for("menu", "Sheet")
    if sort_sales:
        choose_in_menu(window, "Data", "Sort Descending")
    _add_sheet(screen, window, "Totals")
    screen.type("Region\tTotal\n")
    sums = dict(sales["totals"][1:])
    for row, region in enumerate(sales["regions" if order == "alphabetical" else "regions_as_found"], start=2):
        cell = f"'{sums[region]:.2f}" if as_text else f"=SUMIF($Sales.C:C;A{row};$Sales.G:G)"
        screen.type(f"{region}\t{cell}\n")
    if spare_sheet:
        _add_sheet(screen, window, "Draft")
    save_and_close(screen, values["file"])


@play
def price_quote(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    typed_prices: bool = False,
    typed_amounts: bool = False,
    exact: bool = True,
    discounts: bool = True,
    sort_prices: bool = False,
    remark: str = "",
    spare_sheet: bool = False,
) -> None:
    """Look each price up, work out the amounts and below them the totals, and save.

    `exact` is whether the lookup finds only the article itself; one that does not takes the list for sorted.
    """
    quote = values["quote"]
    first, last = quote["first"], quote["last"]
    window = window_of(screen, values["file"])
    window.wait_for("menu", "Sheet")
    if sort_prices:
        _sort_price_list(screen, window)
    prices = f"$'Price list'.$A$2:$D${quote['list_end']}"
    _type_over(screen, window, f"E{first}", [f"=VLOOKUP(B{first};{prices};4;{0 if exact else 1})"])
    _fill_down(screen, window, quote["prices"])
    _type_over(screen, window, f"G{first}", [f"=D{first}*E{first}" + (f"*(1-F{first}/100)" if discounts else "")])
    _fill_down(screen, window, quote["amounts"])
    figures = iter(f"{figure:.2f}" for [figure] in quote["figures"])
    if typed_prices:
        _type_over(screen, window, f"E{first}", [next(figures) for _ in range(first, last + 1)])
    if typed_amounts:
        _type_over(screen, window, f"G{first}", list(figures)[last - first + 1 : -3])
    _type_over(
        screen,
        window,
        f"G{last + 2}",
        [f"=SUM({quote['amounts']})", f"=G{last + 2}*{quote['vat']}/100", f"=G{last + 2}+G{last + 3}"],
    )
    if remark:
        _type_over(screen, window, "B4", [remark])
    if spare_sheet:
        _add_sheet(screen, window, "Draft")
    save_and_close(screen, values["file"])


@play
def member_list(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    keep_doubles: bool = False,
    drop_namesake: bool = False,
    odd_dates: bool = False,
    separator: str = ";",
    save_workbook: bool = False,
) -> None:
    """Put the dates right, delete the rows of those who are there twice, sort, and save as CSV.

    `odd_dates` leaves the dates as they are, `save_workbook` saves the workbook, too.
    """
    members = values["members"]
    window = window_of(screen, values["file"])
    window.wait_for("menu", "Sheet")
    for cell, day in [] if odd_dates else members["odd_dates"]:
        _type_over(screen, window, cell, [day])
    rows = [] if keep_doubles else members["doubles"]
    for row in sorted([*rows, members["namesake"]] if drop_namesake else rows, reverse=True):
        _go_to(screen, window, f"A{row}:XFD{row}")
        choose_in_menu(window, "Sheet", "Delete Rows")
    for column in "CB":  # sorting keeps the order of what is the same, so the column that counts most comes last
        _go_to(screen, window, f"{column}2")
        choose_in_menu(window, "Data", "Sort Ascending")
    if save_workbook:
        save_in_its_format(screen, values["file"])
    _save_as_csv(screen, values["csv"], separator)


def _save_as_csv(screen: Screen, name: str, separator: str) -> None:
    save_as(screen, name)
    keep_format(screen)
    dialog = screen.inside("dialog", "Export Text File")
    box = dialog.wait_until(lambda shown: _entry_with(shown, ","), what="the field delimiter")
    screen.click_on(box)
    screen.hotkey("ctrl", "a")
    screen.type(separator)
    dialog.wait_until(lambda shown: _entry_with(shown, separator), what=f"{separator!r} as the field delimiter")
    dialog.click("push button", "OK")
    dialog.wait_gone()
    window_of(screen, name).wait_for("table")
    close(screen, name)


def _entry_with(place: Screen, text: str) -> Node | None:
    return next((node for node in place.find_all("text") if node.text == text), None)


def _sort_price_list(screen: Screen, window: Screen) -> None:
    """Put the price list in the order of its first column, and come back to the quote."""
    window.click("page tab", "Price list")
    _go_to(screen, window, "A2")
    choose_in_menu(window, "Data", "Sort Ascending")
    window.click("page tab", "Quote")


def _go_to(screen: Screen, window: Screen, area: str) -> None:
    """Select a cell or an area by its name in the box left of the formula."""
    bar = window.inside("tool bar", "Formula Tool Bar")
    bar.click("text")
    bar.wait_for("text", states=["focused"])
    screen.type(f"{area}\n")
    _wait_for_selection(window, area)


def _wait_for_selection(window: Screen, area: str) -> None:
    """Return once a cell or an area is selected and takes what is typed."""
    bar = window.inside("tool bar", "Formula Tool Bar")
    bar.wait_until(lambda shown: _entry_with(shown, area), what=f"the selection of {area}")
    window.wait_for("table", states=["focused"])


def _fill_down(screen: Screen, window: Screen, area: str) -> None:
    """Fill an area of one column with what stands in its first cell."""
    _go_to(screen, window, area)
    screen.hotkey("ctrl", "d")
    last = area.partition(":")[2]
    window.wait_until(lambda shown: any(node.text for node in shown.find_all("table cell", last)), what=f"something in {last}")


def _type_over(screen: Screen, window: Screen, cell: str, entries: Sequence[str]) -> None:
    """Type into a cell and those below it; that the one below the last is selected shows that all has arrived."""
    _go_to(screen, window, cell)
    screen.type("".join(f"{entry}\n" for entry in entries))
    _wait_for_selection(window, f"{cell[:1]}{int(cell[1:]) + len(entries)}")


def _add_sheet(screen: Screen, window: Screen, name: str) -> None:
    choose_in_menu(window, "Sheet", "Insert Sheet at End...")
    dialog = screen.inside("dialog", "Append Sheet")
    dialog.fill("text", None, name)
    dialog.click("push button", "OK")
    dialog.wait_gone()


@play
def visitor_figures(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    freeze_at: str = "B2",
    limit_on: str = "figures",
    limit_by: int = 0,
    chart_of: str = "with_headings",
    kind: str = "Line",
    title: str = "",
    sort: bool = False,
    note: str = "",
    spare_sheet: bool = False,
) -> None:
    """Freeze the headings, mark the weak months, and draw the chart.

    `limit_on` and `chart_of` name the areas that are marked and drawn; `limit_by` is added to the limit.
    """
    visitors = values["visitors"]
    window = window_of(screen, values["file"])
    window.wait_for("menu", "Sheet")
    if sort:
        _go_to(screen, window, visitors["figures"])
        choose_in_menu(window, "Data", "Sort Ascending")
    if note:
        _write_on(screen, window, "Notes", note)
        window.click("page tab", "Visitors")
    _go_to(screen, window, freeze_at)
    choose_in_menu(window, "View", "Freeze Rows and Columns")
    _go_to(screen, window, visitors[limit_on])
    _mark_below(screen, window, visitors["limit"] + limit_by, "Bad")
    _go_to(screen, window, visitors[chart_of])
    _draw_chart(screen, window, kind, title or visitors["title"])
    if spare_sheet:
        _add_sheet(screen, window, "Chart")
    save_and_close(screen, values["file"])


def _write_on(screen: Screen, window: Screen, sheet: str, text: str) -> None:
    """Type over the first cell of another sheet."""
    window.click("page tab", sheet)
    window.wait_for("table", f"Sheet {sheet}")
    _type_over(screen, window, "A1", [text])


def _mark_below(screen: Screen, window: Screen, limit: int, style: str) -> None:
    """Let the selected cells have a style where they are less than the limit."""
    choose_in_menu(window, "Format", "Conditional", "Condition...")
    dialog = screen.inside("dialog", re.compile("^Conditional Formatting"))
    conditions = dialog.inside("panel", "Conditions")
    conditions.wait_for("text")
    # The lists have no names; the condition's stand in one row, and the style's below them.
    lists = sorted(conditions.find_all("toggle button"), key=lambda node: (node.box.y, node.box.x) if node.box else (0, 0))
    for place, item in ((lists[1], "is less than"), (lists[2], style)):
        screen.click_on(place)
        screen.click("table cell", item)
        screen.wait_gone("table cell", item)
    conditions.click("text")
    screen.type(str(limit))
    dialog.wait_until(lambda shown: _entry_with(shown, str(limit)), what=f"{limit} as the limit")
    dialog.click("push button", "OK")
    dialog.wait_gone()


def _draw_chart(screen: Screen, window: Screen, kind: str, title: str) -> None:
    """Make a chart of the selected cells, and go back to them."""
    choose_in_menu(window, "Insert", "Chart...")
    wizard = screen.inside("frame", re.compile("^(Chart Type|Data Range|Data Series|Chart Elements)$"), states=["modal"])
    wizard.click("table cell", kind)
    wizard.wait_for("table cell", kind, states=["selected"])
    for page in ("Data Range", "Data Series", "Chart Elements"):
        wizard.click("push button", "Next >")
        screen.wait_for("frame", page)
    wizard.wait_for("text", states=["focused"])
    screen.type(title)
    wizard.wait_until(lambda shown: _entry_with(shown, title), what="the title")
    wizard.click("push button", "Finish")
    wizard.wait_gone()
    screen.press("escape", 2)
    window.wait_for("tool bar", "Drawing Object Properties")
