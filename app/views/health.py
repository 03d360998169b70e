"""Health: whether the data is fresh and sound, and what to do where it is not.

Belongs here: the verdict and its evidence. Does not belong here: how either is found
(queries/health.py, queries/intake.py, queries/checks.py).
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts import common as charts
from app.charts.health import intake as intake_chart
from app.frame import t, word
from app.notices import PageEnd
from app.queries import checks, health, intake, lake
from app.queries.checks import CheckResults
from app.queries.health import Sentence
from kpop_assets.contracts.registry import TABLES
from kpop_assets.days import seoul_now

TABS = ("tables", "intake", "quarantine", "checks", "setup")


def show(view: frame.View, now: dt.datetime | None = None) -> None:
    """Draw the page; `now` is the clock's time if not given."""
    today = seoul_now(now).date()
    # Asked anew each time: a file may be lost without a new version.
    described = health.describe_tables(view.snapshot, today)
    results = _read_checks(view)
    _verdict([*_judge_checks(results), *health.assess(described)])
    places = dict(zip(TABS, st.tabs([word(f"health.{name}") for name in TABS]), strict=True))
    with places["tables"]:
        _tables(described, today)
        _section(_rows_by_day, view)
    with places["intake"]:
        _section(_intake, view)
    with places["quarantine"]:
        _section(_quarantine, view)
    with places["checks"]:
        _checks(results)
    with places["setup"]:
        _setup(view, described)


def _section(draw: Callable[[frame.View], None], view: frame.View) -> None:
    """A part that cannot be shown says so in its place, and the others stay."""
    try:
        draw(view)
    except PageEnd as notice:
        frame.tell(notice)


def _read_checks(view: frame.View) -> CheckResults | PageEnd:
    try:
        return checks.read_checks(view.snapshot.settings.dagster_home)
    except PageEnd as notice:
        return notice


def _judge_checks(results: CheckResults | PageEnd) -> list[Sentence]:
    if isinstance(results, PageEnd):
        return []
    counts = {name: results.counts[name] for name in ("failed", "never_ran")}
    return [
        Sentence(f"health.checks_{name}", values={"count": count})
        for name, count in counts.items()
        if count
    ]


def _verdict(findings: list[Sentence]) -> None:
    bad = [finding for finding in findings if not finding.is_good]
    for finding in bad or findings:
        text = t(finding.key, **finding.values)
        if finding.is_good:
            st.success(text, icon=":material/check_circle:")
        else:
            st.warning(text, icon=":material/warning:")


def _tables(described: pl.DataFrame, today: dt.date) -> None:
    states = {name: word(f"health.state_{name}") for name in described["table_state"].unique()}
    shown = described.with_columns(pl.col("table_state").replace_strict(states))
    height = 38 + 35 * len(shown)
    tables.show_table(shown.drop("first_day"), "health_tables", height=height, saved=described)
    st.caption(t("health.tables_caption", today=today))


def _rows_by_day(view: frame.View) -> None:
    filled = [table for table in TABLES if view.snapshot.version(table) is not None]
    if not filled:
        return
    paths = [table.path for table in filled]
    chosen = st.selectbox(t("health.rows_of"), paths, index=len(paths) - 1, width=360)
    rows = view.snapshot.rows_by_day(next(table for table in filled if table.path == chosen))
    days = pl.DataFrame(
        {"ingest_date": rows.keys(), "row_count": rows.values()},
        schema={"ingest_date": pl.Date, "row_count": pl.Int64},
    )
    titles = {name: tables.heading(name) for name in days.columns}
    chart = charts.bars(days, "ingest_date", "row_count", titles)
    tables.show_chart(chart, t("health.rows_caption", table=chosen), days, "health_rows")


def _intake(view: frame.View) -> None:
    days = ask(view.snapshot, intake.count_lines, view.chosen)
    if days.is_empty():
        raise PageEnd("health.no_intake", day=str(view.chosen))
    last = days.item(-1, "ingest_date")
    names = ("ingest_date", "outcome", "line_count", *intake.OUTCOMES)
    titles = {name: tables.heading(name) for name in names}
    gaps = days.height - days["is_collected"].sum()
    caption = t("health.intake_caption", day=last, days=intake.DAYS)
    if gaps:
        caption += " " + t("health.intake_gaps", count=gaps, days=days.height)
    chart = intake_chart(days, intake.OUTCOMES, titles, word("health.gap"))
    tables.show_chart(chart, caption, days, "health_intake")
    st.subheader(t("health.sources"))
    tables.show_table(ask(view.snapshot, lake.describe_sources), "health_sources")


def _quarantine(view: frame.View) -> None:
    days = ask(view.snapshot, intake.count_lines, view.chosen)
    if days.is_empty():
        raise PageEnd("health.no_intake", day=str(view.chosen))
    last: dt.date = days.item(-1, "ingest_date")
    found = ask(view.snapshot, intake.list_quarantine, last)
    values = {"day": last, "days": intake.DAYS}
    if found.reasons.is_empty():
        raise PageEnd("health.no_quarantine", **values)
    st.caption(t("health.quarantine_caption", **values))
    about_line = pl.col("field").fill_null("")
    tables.show_table(found.reasons.with_columns(about_line), "health_quarantine")
    st.subheader(t("health.samples"))
    limits = {"lines": intake.MOST_SAMPLES, "characters": intake.MOST_CHARACTERS}
    st.caption(t("health.samples_caption", **limits))
    tables.show_table(found.samples.with_columns(about_line), "health_samples")


def _checks(results: CheckResults | PageEnd) -> None:
    if isinstance(results, PageEnd):
        frame.tell(results)
        return
    if not sum(results.counts.values()):
        frame.tell(PageEnd("health.no_results"))
        return
    for place, (state, count) in zip(st.columns(4), results.counts.items(), strict=True):
        place.metric(t(f"health.{state}"), f"{count:,}")
    st.caption(t("health.checks_caption"))
    if results.problems.is_empty():
        st.success(t("health.checks_good"), icon=":material/check_circle:")
        return
    states = {name: word(f"health.{name}") for name in ("failed", "never_ran")}
    shown = results.problems.with_columns(pl.col("check_state").replace_strict(states))
    tables.show_table(shown, "health_checks")


def _setup(view: frame.View, described: pl.DataFrame) -> None:
    settings = view.snapshot.settings
    st.markdown(t("health.home", path=str(settings.home)))
    figures = st.columns(4)
    figures[0].metric(t("health.engine"), settings.engine, help=t("health.engine_help"))
    figures[1].metric(t("health.version"), _version())
    figures[2].metric(t("health.lake_size"), _size(float(described["table_bytes"].sum())))
    figures[3].metric(t("health.disk"), _size(_free_bytes(settings.home)))


def _version() -> str:
    try:
        return version("kpop-assets")
    except PackageNotFoundError:
        return word("health.not_installed")


def _free_bytes(folder: Path) -> int:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:,.0f} {unit}"
        count /= 1000
    return f"{count:,.1f} TB"


if __name__ == "__main__":
    frame.run_page(show)
