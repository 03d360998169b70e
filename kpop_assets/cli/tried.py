"""The command that says what came of experiments.

Belongs here: its arguments and how an answer is printed. Does not belong here: reading the table
(insights/experiment_findings.py), which sentence a result is (insights/experiment_words.py), or
what is worked out (experiments/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpop_assets.cli.arguments import ArgumentError, DayOption, chosen_day
from kpop_assets.days import seoul_now

if TYPE_CHECKING:
    import polars as pl

    from kpop_assets.experiments.usual_settings import VariantSettings

# By the keys of insights/experiment_words.py.
_OF_IT = "{variant}, {metric} {effect_pct} % ({effect_low_pct} to {effect_high_pct})"
_NO_RESULT = "no result counts: by {day} "
WORDS = {
    "better": f"better: {_OF_IT}; take it over where it is carried out",
    "better_line": f"better: {_OF_IT}; take it over, into KPOP_HOME/usual.toml:",
    "better_usual": f"better: {_OF_IT}; it is the usual setting by now",
    "better_but": f"better, and harms another metric: {_OF_IT}; change it and try again",
    "worse": f"worse: {_OF_IT}; keep control",
    "guardrail": f"harms what was to be kept: {_OF_IT}; do not take it over as it is",
    "guardrail_open": "whether it harms is not settled: "
    f"{_OF_IT} may be a harm of {{least_effect_pct}} %; look again with more listeners",
    "not_yet": f"nothing is decided: {_OF_IT}; {{needed_days}} more days are needed, it ends on "
    "{end_date}",
    "wait_end": f"nothing is decided: {_OF_IT}; wait for the day after {{end_date}}",
    "wait_any_day": f"nothing is decided: {_OF_IT}; go on until {{end_date}}",
    "last_day": "ended on {end_date}, not all known by {ingest_date}; run the day after",
    "ended": f"not shown to differ: {_OF_IT}; a change of {{least_effect_pct}} % would have been "
    "found in {power_pct} % of cases",
    "too_few": "too few listeners met {variant}; wait, or see whether its share is served",
    "nobody": "by {day} nobody met a variant but control; see whether shares are served",
    "broken_shares": f"{_NO_RESULT}listeners are not spread as planned; find where they are lost",
    "broken_two_variants": f"{_NO_RESULT}too many listeners met two variants; see whether "
    "shares or salt were changed, or a client draws on its own",
    "broken_unplanned_variant": f"{_NO_RESULT}too many listeners met a variant that the plan has "
    "not; put it back into the plan, or find who sends it",
}
_FORMS = {
    **dict.fromkeys(("effect_pct", "effect_low_pct", "effect_high_pct"), "+,.1f"),
    **{"least_effect_pct": ",.1f", "power_pct": ".0f", "needed_days": ",.0f"},
}


def experiments(
    name: Annotated[str | None, typer.Argument(help="All metrics of this one.")] = None,
    day: DayOption = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Only read plans and usual settings; exit code 1 where one is wrong."
        ),
    ] = False,
) -> None:
    """Print what came of experiments: all by what decides each, or all metrics of one."""
    from kpop_assets.insights.experiment_findings import read_findings
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    settings = load_settings()
    if check:
        check_plans(settings.home)
        return
    found = read_findings(LakeReader(settings.lake), chosen_day(None, day))
    if name is not None:
        found = found.filter(experiment=name)
        if found.is_empty():
            raise ArgumentError(
                f"nothing came of an experiment {name} yet", "`kpop experiments` names all"
            )
    print_experiments(found, name, settings.home)
    print_usual(settings.home)


def check_plans(home: Path) -> None:
    """Print what plans and usual settings say, and end with exit code 1 where one is wrong."""
    from kpop_assets.cli.grid import print_line
    from kpop_assets.experiments.plans import plans_folder, usable_experiments
    from kpop_assets.experiments.usual_settings import settings_of

    today = seoul_now().date()
    for plan in usable_experiments(plans_folder(home))[0]:
        print_line(f"{plan.name}: {plan.state_on(today)}, {plan.starts_on} to {plan.ends_on}")
        for variant, share in plan.shares.items():
            told = ", ".join(settings_of(plan, variant, {}).told)
            print_line(f"  {variant}, {100 * share:g} %: {told or 'as usual'}")
    if print_usual(home):
        raise typer.Exit(1)


def print_usual(home: Path) -> bool:
    """Print what holds where no variant sets it, and what is wrong; whether anything is."""
    from kpop_assets.cli.grid import print_line
    from kpop_assets.experiments.plans import plans_folder, usable_experiments
    from kpop_assets.experiments.usual_settings import (
        as_line,
        usable_usual,
        usual_file,
        with_built_in,
    )

    _, faults = usable_experiments(plans_folder(home))
    usual, fault = usable_usual(usual_file(home))
    if fault is None:
        lines = ", ".join(as_line(*each) for each in with_built_in(usual).items())
        print_line(f"usual: {lines}")
    else:
        typer.echo(f"usual settings stay as they were: {fault}", err=True)
    for each in faults:
        typer.echo(f"left out: {each}", err=True)
    return bool(faults or fault)


def print_experiments(found: pl.DataFrame, name: str | None, home: Path) -> None:
    """A row a treatment, or of one experiment a row a metric and variant."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line
    from kpop_assets.experiments.usual_settings import variant_settings
    from kpop_assets.insights.experiment_words import without_waiting

    columns = (
        GridColumn("experiment", is_text=True, least=12),
        GridColumn("day", is_text=True, rank=3),
        GridColumn("variant", is_text=True, least=8),
        GridColumn("settings", is_text=True, least=12, rank=2),
        GridColumn("metric", is_text=True, least=8, rank=2),
        GridColumn("verdict", is_text=True),
        GridColumn("units", rank=1),
        GridColumn("mean", rank=2),
        GridColumn("effect %"),
        GridColumn("95 % of it", is_text=True, rank=1),
        GridColumn("p (Holm)", rank=4),
        GridColumn("p any day", rank=4),
        GridColumn("power %", rank=3),
        GridColumn("days needed", rank=3),
    )
    names = found["experiment"].unique(maintain_order=True).to_list()
    settings = {each: variant_settings(home, each) for each in names}
    shown = without_waiting(found).iter_rows(named=True)
    rows = [_cells(row, settings) for row in shown if name or _decides(row)]
    note = " - SIMULATED DATA" if found["is_simulated"].any() else ""
    print_grid(f"Experiments{f' - {name}' if name else ''}{note}", columns, rows)
    for each in names:
        rows_of_it = found.filter(experiment=each)
        for sentence in sentences(rows_of_it, seoul_now().date(), settings[each]):
            print_line(f"{each}: {sentence}")


def _decides(row: dict[str, Any]) -> bool:
    return row["is_primary"] and row["verdict"] is not None


def _cells(
    row: dict[str, Any], settings: Mapping[str, Mapping[str, VariantSettings]]
) -> tuple[str, ...]:
    from kpop_assets.cli.grid import as_text

    sets = settings[row["experiment"]].get(row["variant"])

    low, high = (row[f"effect_{end}_pct"] for end in ("low", "high"))
    word = row["verdict"] or "-"
    return (
        row["experiment"],
        f"{row['ingest_date']}",
        row["variant"],
        "-" if sets is None else ", ".join(sets.told) or "as usual",
        row["metric"],
        f"{word}, {row['direction']}" if row["direction"] else word,
        f"{row['unit_count']:,}",
        as_text(row["mean"], ",.2f"),
        as_text(row["effect_pct"], "+.1f"),
        "-" if low is None else f"{low:+,.1f} to {high:+,.1f}",
        _chance(row["p_value_holm"]),
        _chance(row["any_day_p_value_holm"]),
        as_text(row["power_pct"], ".0f"),
        as_text(row["needed_days"], ",.0f"),
    )


def _chance(value: float | None) -> str:
    return "-" if value is None else "< 0.001" if value < 0.001 else f"{value:.3f}"


def sentences(
    rows: pl.DataFrame, today: dt.date, settings: Mapping[str, VariantSettings]
) -> list[str]:
    """What an experiment says and what to do, as the page Experiments says it, worst first.

    Args:
        rows: of `experiments/results`, the newest day of one experiment.
        today: after the last day nothing more comes.
        settings: by variant, what the plan sets.
    """
    from kpop_assets.insights.experiment_words import judge_results

    found = []
    for said in judge_results(rows, today, settings):
        figures = {name: _written(name, value) for name, value in said.values.items()}
        found.append("\n  ".join((WORDS[said.key].format(**figures), *said.lines)))
    return found


def _written(name: str, value: Any) -> str:
    from kpop_assets.cli.grid import as_text

    form = _FORMS.get(name)
    return f"{value}" if form is None else as_text(value, form)
