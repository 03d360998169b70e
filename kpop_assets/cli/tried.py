"""The command that says what came of experiments.

Belongs here: its arguments and how an answer is printed. Does not belong here: reading the table
(insights/experiment_findings.py), or what is worked out (experiments/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpop_assets.cli.arguments import ArgumentError, DayOption, chosen_day

if TYPE_CHECKING:
    import polars as pl


def experiments(
    name: Annotated[str | None, typer.Argument(help="All metrics of this one.")] = None,
    day: DayOption = None,
) -> None:
    """Print what came of experiments: all by what decides each, or all metrics of one."""
    from kpop_assets.experiments.plans import plans_folder, usable_experiments
    from kpop_assets.insights.experiment_findings import read_findings
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    settings = load_settings()
    found = read_findings(LakeReader(settings.lake), chosen_day(None, day))
    if name is not None:
        found = found.filter(experiment=name)
        if found.is_empty():
            raise ArgumentError(
                f"nothing came of an experiment {name} yet", "`kpop experiments` names all"
            )
    print_experiments(found, name)
    _, faults = usable_experiments(plans_folder(settings.home))
    for fault in faults:
        typer.echo(f"left out: {fault}", err=True)


def print_experiments(found: pl.DataFrame, name: str | None) -> None:
    """A row a treatment, or of one experiment a row a metric and variant."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line

    columns = (
        GridColumn("experiment", is_text=True, least=12),
        GridColumn("day", is_text=True, rank=3),
        GridColumn("variant", is_text=True, least=8),
        GridColumn("metric", is_text=True, least=8, rank=2),
        GridColumn("verdict", is_text=True),
        GridColumn("units", rank=1),
        GridColumn("mean", rank=2),
        GridColumn("effect %"),
        GridColumn("95 %", is_text=True, rank=1),
        GridColumn("p (Holm)", rank=4),
        GridColumn("p any day", rank=4),
        GridColumn("power %", rank=3),
        GridColumn("days needed", rank=3),
    )
    rows = [_cells(row) for row in found.iter_rows(named=True) if name or _decides(row)]
    note = " - SIMULATED DATA" if found["is_simulated"].any() else ""
    print_grid(f"Experiments{f' - {name}' if name else ''}{note}", columns, rows)
    for row in found.iter_rows(named=True):
        if _decides(row):
            print_line(f"{row['experiment']}, {row['variant']}: {next_step(row)}")


def _decides(row: dict[str, Any]) -> bool:
    return row["is_primary"] and row["verdict"] is not None


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    from kpop_assets.cli.grid import as_text

    low, high = (row[f"effect_{end}"] for end in ("low", "high"))
    word = row["verdict"] or "-"
    return (
        row["experiment"],
        f"{row['ingest_date']}",
        row["variant"],
        row["metric"],
        f"{word}, {row['direction']}" if row["direction"] else word,
        f"{row['unit_count']:,}",
        as_text(row["mean"], ",.2f"),
        as_text(row["effect_pct"], "+.1f"),
        "-" if low is None else f"{low:+,.2f} to {high:+,.2f}",
        as_text(row["p_value_holm"], ".3f"),
        as_text(row["any_day_p_value_holm"], ".3f"),
        as_text(row["power_pct"], ".0f"),
        as_text(row["needed_days"], ",.0f"),
    )


def next_step(row: dict[str, Any]) -> str:
    """What to do about the row that decides."""
    if row["verdict"] == "broken":
        return f"nothing can be concluded ({row['broken_reason']}): find out who is lost on the way"
    if row["verdict"] == "significant":
        return "take it over" if row["direction"] == "better" else "leave it, and say why"
    if row["ingest_date"] >= row["end_date"]:
        return f"not shown to differ; the least effect would have been found in {_power(row)}"
    if row["needed_days"] is None:
        return "wait: too little is known yet"
    return f"wait until {row['end_date']}; {row['needed_days']:,.0f} more days are needed"


def _power(row: dict[str, Any]) -> str:
    return "no case" if row["power_pct"] is None else f"{row['power_pct']:.0f} % of cases"
