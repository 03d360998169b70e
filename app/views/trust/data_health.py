"""Health: whether the data is fresh and sound, and what to do where it is not.

Belongs here: the verdict and its evidence. Does not belong here: how either is found
(queries/trust/data_health.py, queries/trust/intake.py, queries/trust/checks.py).
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
from app.address import choose_tab, kept
from app.cache import ask
from app.charts import common as charts
from app.charts.trust.data_health import intake as intake_chart
from app.frame import t, word
from app.notices import PageEnd
from app.queries import lake
from app.queries.trust import checks, data_health, intake
from app.queries.trust.checks import CheckResults
from app.queries.trust.data_health import Sentence
from app.views.trust import duplicates
from kpop_assets.contracts.registry import TABLES
from kpop_assets.days import seoul_now


def show(view: frame.View, now: dt.datetime | None = None) -> None:
    """Draw the page; `now` is the clock's time if not given."""
    today = seoul_now(now).date()
    # Asked anew each time: a file may be lost without a new version.
    described = data_health.describe_tables(view.snapshot, today)
    results = _read_checks(view)
    _verdict([*_judge_checks(results), *data_health.assess(described)])
    draw: dict[str, Callable[[], None]] = {
        "tables": lambda: _tables(view, described, today),
        "intake": lambda: _intake(view),
        "duplicates": lambda: duplicates.show(view),
        "quarantine": lambda: _quarantine(view),
        "checks": lambda: _checks(results),
        "setup": lambda: _setup(view, described),
    }
    draw[choose_tab({name: word(f"data_health.tab_{name}") for name in draw})]()


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
        Sentence(f"data_health.checks_{name}", values={"count": count})
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


def _tables(view: frame.View, described: pl.DataFrame, today: dt.date) -> None:
    states = {name: word(f"data_health.state_{name}") for name in described["table_state"].unique()}
    shown = described.with_columns(pl.col("table_state").replace_strict(states))
    height = 38 + 35 * len(shown)
    tables.show_table(shown.drop("first_day"), "health_tables", height=height, saved=described)
    st.caption(t("data_health.tables_caption", today=today))
    _rows_by_day(view)


def _rows_by_day(view: frame.View) -> None:
    filled = [table for table in TABLES if view.snapshot.version(table) is not None]
    if not filled:
        return
    paths = [table.path for table in filled]
    with kept("rows_of", paths[-1], paths) as key:
        chosen = st.selectbox(t("data_health.rows_of"), paths, width=360, key=key)
    rows = view.snapshot.rows_by_day(next(table for table in filled if table.path == chosen))
    days = pl.DataFrame(
        {"ingest_date": rows.keys(), "row_count": rows.values()},
        schema={"ingest_date": pl.Date, "row_count": pl.Int64},
    )
    titles = {name: tables.heading(name) for name in days.columns}
    chart = charts.bars(days, "ingest_date", "row_count", titles)
    tables.show_chart(chart, t("data_health.rows_caption", table=chosen), days, "health_rows")


def _intake(view: frame.View) -> None:
    days = ask(view.snapshot, intake.count_lines, view.chosen)
    if days.is_empty():
        raise PageEnd("data_health.no_intake", day=str(view.chosen))
    last = days.item(-1, "ingest_date")
    names = ("ingest_date", "outcome", "line_count", *intake.OUTCOMES)
    titles = {name: tables.heading(name) for name in names}
    gaps = days.height - days["is_collected"].sum()
    caption = t("data_health.intake_caption", day=last, days=intake.DAYS)
    if gaps:
        caption += " " + t("data_health.intake_gaps", count=gaps, days=days.height)
    chart = intake_chart(days, intake.OUTCOMES, titles, word("data_health.gap"))
    tables.show_chart(chart, caption, days, "health_intake")
    st.subheader(t("data_health.sources"))
    tables.show_table(ask(view.snapshot, lake.describe_sources), "health_sources")


def _quarantine(view: frame.View) -> None:
    days = ask(view.snapshot, intake.count_lines, view.chosen)
    if days.is_empty():
        raise PageEnd("data_health.no_intake", day=str(view.chosen))
    last: dt.date = days.item(-1, "ingest_date")
    found = ask(view.snapshot, intake.list_quarantine, last)
    values = {"day": last, "days": intake.DAYS}
    if found.reasons.is_empty():
        raise PageEnd("data_health.no_quarantine", **values)
    st.caption(t("data_health.quarantine_caption", **values))
    about_line = pl.col("field").fill_null("")
    tables.show_table(found.reasons.with_columns(about_line), "health_quarantine")
    st.subheader(t("data_health.samples"))
    limits = {"lines": intake.MOST_SAMPLES, "characters": intake.MOST_CHARACTERS}
    st.caption(t("data_health.samples_caption", **limits))
    tables.show_table(found.samples.with_columns(about_line), "health_samples")


def _checks(results: CheckResults | PageEnd) -> None:
    if isinstance(results, PageEnd):
        frame.tell(results)
        return
    if not sum(results.counts.values()):
        frame.tell(PageEnd("data_health.no_results"))
        return
    for place, (state, count) in zip(st.columns(4), results.counts.items(), strict=True):
        place.metric(t(f"data_health.{state}"), f"{count:,}")
    st.caption(t("data_health.checks_caption"))
    if results.problems.is_empty():
        st.success(t("data_health.checks_good"), icon=":material/check_circle:")
        return
    states = {name: word(f"data_health.{name}") for name in ("failed", "never_ran")}
    shown = results.problems.with_columns(pl.col("check_state").replace_strict(states))
    tables.show_table(shown, "health_checks")


def _setup(view: frame.View, described: pl.DataFrame) -> None:
    settings = view.snapshot.settings
    st.markdown(t("data_health.home", path=str(settings.home)))
    figures = st.columns(4)
    figures[0].metric(t("data_health.engine"), settings.engine, help=t("data_health.engine_help"))
    figures[1].metric(t("data_health.version"), _version())
    figures[2].metric(t("data_health.lake_size"), _size(float(described["table_bytes"].sum())))
    figures[3].metric(t("data_health.disk"), _size(_free_bytes(settings.home)))


def _version() -> str:
    try:
        return version("kpop-assets")
    except PackageNotFoundError:
        return word("data_health.not_installed")


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
