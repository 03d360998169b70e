"""The comparison as text: the table of the README, and where each contestant's time goes.

Belongs here: medians of the rounds and their printed form. Does not belong here: running anything.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

OURS = ("sail", "spark")
PEERS = ("polars", "duckdb")
BEGIN, END = "<!-- make bench -->", "<!-- end of make bench -->"


@dataclass(frozen=True)
class Run:
    """One run of a contestant: wall and CPU seconds, peak memory, seconds by step."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    steps: dict[str, float]


@dataclass(frozen=True)
class Line:
    """A contestant in the table: the median of each figure, and the seconds of all its rounds."""

    contestant: str
    seconds: float
    lowest: float
    highest: float
    cpu_seconds: float
    peak_mb: float


def line_of(contestant: str, runs: Sequence[Run]) -> Line:
    """Its rounds, as exact as they are printed."""
    seconds = [round(run.seconds, 1) for run in runs]
    return Line(
        contestant,
        round(statistics.median(seconds), 1),
        min(seconds),
        max(seconds),
        round(statistics.median(run.cpu_seconds for run in runs), 1),
        round(statistics.median(run.peak_mb for run in runs)),
    )


def comparison(what: str, events: int, lines: Sequence[Line]) -> str:
    """The table in Markdown, as it stands in the README.

    Args:
        what: the size and the machine.
        events: lines in the landing files.
        lines: of all contestants.
    """
    seconds = {line.contestant: line.seconds for line in lines}
    fastest = min((seconds[peer] for peer in PEERS if peer in seconds), default=None)
    rows = [
        f"| {what} | seconds | lowest to highest | ratio | CPU seconds | peak MB | rows a second |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for line in lines:
        ratio = f"{line.seconds / fastest:.2f}" if fastest else "-"
        rows.append(
            f"| {line.contestant} | {line.seconds:.1f} | {line.lowest:.1f} to {line.highest:.1f} "
            f"| {ratio} | {line.cpu_seconds:.1f} | {line.peak_mb:,.0f} "
            f"| {events / line.seconds:,.0f} |"
        )
    if set(OURS) <= set(seconds):
        times = seconds["spark"] / seconds["sail"]
        rows += ["", f"Spark takes {times:.1f} times as long as Sail."]
    return "\n".join(rows)


_LINE = re.compile(
    r"\| (?P<contestant>\w+) \| (?P<seconds>[\d.]+) \| (?P<lowest>[\d.]+) to (?P<highest>[\d.]+) "
    r"\| [\d.-]+ \| (?P<cpu_seconds>[\d.]+) \| (?P<peak_mb>[\d,]+) \| [\d,]+ \|"
)


def read_lines(table: str) -> list[Line]:
    """The contestants of a printed table."""
    found = [match.groupdict() for match in map(_LINE.fullmatch, table.splitlines()) if match]
    return [
        Line(
            row.pop("contestant"),
            **{name: float(text.replace(",", "")) for name, text in row.items()},
        )
        for row in found
    ]


def put_between_markers(page: str, table: str) -> str:
    """The page with the table in the place of the one it has."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page has no {BEGIN} with {END} behind it")
    return f"{before}{begin}\n{table}\n{end}{after}"


def steps_table(runs: dict[str, list[Run]]) -> str:
    """Median seconds of each step, contestants side by side; the rest is the process itself."""
    steps = {name: [_with_rest(run) for run in found] for name, found in runs.items()}
    names = dict.fromkeys(name for found in steps.values() for each in found for name in each)
    # What is left of the whole comes last, whatever steps the others have.
    order = [name for name in names if name != _REST] + [_REST]
    rows = [f"{'step, seconds':26}" + "".join(f"{name:>10}" for name in runs)]
    for name in order:
        taken = [[each[name] for each in found if name in each] for found in steps.values()]
        cells = [f"{statistics.median(t):>10.2f}" if t else f"{'-':>10}" for t in taken]
        rows.append(f"{name:26}" + "".join(cells))
    return "\n".join(rows)


_REST = "process start and end"


def _with_rest(run: Run) -> dict[str, float]:
    return {**run.steps, _REST: run.seconds - sum(run.steps.values())}
