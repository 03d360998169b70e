"""A table on a terminal of any width: no number is broken, no text ends in the middle.

Belongs here: which columns fit, how wide each is, and drawing them. Does not belong here: any
particular table (printing.py).

Where a table is too wide, its headings wrap, then its texts wrap at words; then its least
important columns are left out, and a line below names them. Where nothing tells the width, as in a
pipe, there is no limit.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Between two columns.
_GAP = 2
# What is longer is no word: an address, or a text in a script without spaces.
_LONGEST_WORD = 40
# Wider than any table, and still a number that Rich can count with.
_NO_LIMIT = 100_000
# Rich's own substitute where the line's signs are lacking draws bars between the columns.
_ASCII_HEAD = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


@dataclass(frozen=True)
class GridColumn:
    """A column of a printed table.

    Attributes:
        name: its heading.
        is_text: left-aligned; numbers stand at the right.
        least: cells below which the text is not wrapped; None is never wrapped.
        rank: columns with the highest rank are left out first; 0 always stays.
    """

    name: str
    is_text: bool = False
    least: int | None = None
    rank: int = 0


class _Console(Console):
    """Rich's console, which would itself end the command where its reader has enough."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """Where commands print: as wide as the terminal, or without a limit."""
    width = shutil.get_terminal_size((_NO_LIMIT, 24)).columns
    return _Console(width=width, highlight=False, markup=False, emoji=False)


def print_line(text: str, style: str = "") -> None:
    """A line of text, wrapped at words by the terminal's width."""
    console().print(text, style=style or None, overflow="fold")


def print_path(text: str) -> None:
    """A line that can be copied whole: only the terminal itself wraps it."""
    console().print(text, soft_wrap=True)


def print_grid(
    title: str,
    columns: Sequence[GridColumn],
    rows: Iterable[Sequence[str]],
    styles: Mapping[str, str] | None = None,
) -> None:
    """Print a table under its title.

    Args:
        title: the line above.
        columns: the columns in order.
        rows: the cells of each row, by column; a cell may have several lines.
        styles: Rich styles by the text of a whole cell.
    """
    out = console()
    # Before widths are counted: a `?` is narrower than what it stands for.
    cells = [[_writable(cell, out.encoding) for cell in row] for row in rows]
    widths = _fit(columns, cells, out.width)
    table = Table(
        box=box.SIMPLE_HEAD if out.encoding.startswith("utf") else _ASCII_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1),
        collapse_padding=True,
    )
    for number, width in widths.items():
        column = columns[number]
        table.add_column(
            Text(column.name),
            justify="left" if column.is_text else "right",
            width=width,
            overflow="fold",
            vertical="top",
        )
    for row in cells:
        texts = [Text(row[i], style=(styles or {}).get(row[i], "")) for i in widths]
        table.add_row(*texts)
    out.print()
    print_line(title, "italic")
    # What cannot be made any narrower is printed as it is, and wrapped by the terminal.
    out.width = max(out.width, sum(widths.values()) + _GAP * len(widths))
    out.print(table)
    left_out = [column.name for i, column in enumerate(columns) if i not in widths]
    if left_out:
        print_line(f"left out at this width: {', '.join(left_out)}", "dim")
    out.print()


def _writable(text: str, encoding: str) -> str:
    return text.encode(encoding, "replace").decode(encoding)


def _fit(
    columns: Sequence[GridColumn], rows: Sequence[Sequence[str]], limit: int
) -> dict[int, int]:
    """Width of each column that is shown, by its number."""
    longest = min(_LONGEST_WORD, 2 * limit // 3)
    bounds = {
        i: _bounds(column, [row[i] for row in rows], longest) for i, column in enumerate(columns)
    }
    shown = list(bounds)
    while _total(bounds[i][0] for i in shown) > limit:
        ranked = [i for i in shown if columns[i].rank]
        if not ranked:
            break
        shown.remove(max(ranked, key=lambda i: (columns[i].rank, i)))
    widths = {i: bounds[i][0] for i in shown}
    spare = limit - _total(widths.values())
    texts = [i for i in shown if columns[i].least is not None]
    headings = [i for i in shown if columns[i].least is None]
    # Rather a heading in two lines than a text; but where texts wrap anyway, headings need not.
    is_enough = sum(bounds[i][1] - widths[i] for i in texts) <= spare
    for i in texts + headings if is_enough else headings + texts:
        more = max(0, min(spare, bounds[i][1] - widths[i]))
        widths[i] += more
        spare -= more
    return widths


def _total(widths: Iterable[int]) -> int:
    found = list(widths)
    return sum(found) + _GAP * (len(found) - 1)


def _bounds(column: GridColumn, cells: Sequence[str], longest: int) -> tuple[int, int]:
    """The narrowest a column can be, words up to `longest` whole, and the widest that it needs."""
    lines = [line for cell in cells for line in cell.split("\n")]
    widest = max(map(cell_len, lines), default=0)
    narrowest = widest
    if column.least is not None:
        words = (cell_len(word) for line in lines for word in line.split())
        whole = max((width for width in words if width <= longest), default=0)
        narrowest = min(widest, max(column.least, whole))
    heading = max(map(cell_len, column.name.split()), default=0)
    return max(heading, narrowest), max(cell_len(column.name), widest)


def as_text(value: float | None, form: str) -> str:
    """A number in its form; a dash where it is unknown."""
    return "-" if value is None else f"{value:{form}}"
