"""Which champion reigns on which day, and how the next one is crowned, from the tables.

Belongs here: reading what the contest needs, and the row it leaves. Does not belong here: the
decision itself (champion.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES
from kpop_assets.contracts.pareto import CHAMPION, VIRAL_MODEL
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.contracts.viral import VIRAL_SCORES
from kpop_assets.days import day_end
from kpop_assets.lake.frames import read_pandas
from kpop_assets.lake.tables import Tables
from kpop_assets.ml.tracking import Tracking, TrackingError
from kpop_assets.models.dataset import PROBABILITIES
from kpop_assets.pareto.champion import Contest, decide, rows_of_contest, unopposed
from kpop_assets.pareto.objectives import choose_viral


def champions_of(
    lake: Tables, start: dt.date, end: dt.date
) -> list[tuple[dt.date, dt.date, dict[str, Any]]]:
    """First day, last day and champion of each stretch of [start, end) that has one."""
    if not lake.exists(CHAMPION):
        return []
    champions = read_champions(lake, start - dt.timedelta(days=CHAMPION_DAYS), end)
    stretches = []
    successors = [*(row["ingest_date"] for row in champions[1:]), end]
    # Without a champion there is nothing to pair the end with.
    for row, successor in zip(champions, successors, strict=False):
        until = min(row["trained_date"] + dt.timedelta(days=CHAMPION_DAYS + 1), successor, end)
        first = max(row["ingest_date"], start)
        if first < until:
            stretches.append((first, until - dt.timedelta(days=1), row))
    return stretches


def read_champions(lake: Tables, start: dt.date, end: dt.date) -> list[dict[str, Any]]:
    """The rows of `pareto/champion` of [start, end), oldest first."""
    rows = lake.arrow(CHAMPION, start, end).to_pylist()
    return sorted(rows, key=lambda row: row["ingest_date"])


def crown(
    lake: Tables, tracking: Tracking, best: dict[str, Any], incumbent: dict[str, Any] | None
) -> dict[str, Any]:
    """The row of `pareto/champion` of one training day."""
    day = best["ingest_date"].date()
    contest = _contest(lake, tracking, day, best["candidate"], incumbent)
    columns = ["candidate", "model_uri"]
    scored = lake.arrow(CANDIDATE_SCORES, day, day_end(day), columns).to_pylist()
    model_uris = {row["candidate"]: row["model_uri"] for row in scored}
    new = {
        "candidate": best["candidate"],
        "model_uri": model_uris[best["candidate"]],
        "trained_date": day,
    }
    kept = incumbent if incumbent and not contest.is_won else new
    return {
        "ingest_date": day,
        **{name: kept[name] for name in ("candidate", "model_uri", "trained_date")},
        "is_new": contest.is_won,
        "challenger": best["candidate"],
        "challenger_rps": contest.challenger_rps,
        "incumbent": incumbent["candidate"] if incumbent else None,
        "incumbent_rps": contest.incumbent_rps,
        "contest_count": contest.contest_count,
        "decision": contest.reason,
        **_viral_model(lake, day, incumbent),
    }


def _viral_model(lake: Tables, day: dt.date, incumbent: dict[str, Any] | None) -> dict[str, Any]:
    """The model that says who becomes viral: of this training, or the one before it."""
    # A folder of before 2026-11-29 has none.
    is_learned = lake.exists(VIRAL_SCORES)
    scored = lake.arrow(VIRAL_SCORES, day, day_end(day)).to_pylist() if is_learned else []
    names = [column.name for column in VIRAL_MODEL]
    if (best := choose_viral(scored)) is not None:
        return dict(zip(names, (best["candidate"], best["model_uri"], day), strict=True))
    before = {name: (incumbent or {}).get(name) for name in names}
    trained = before["viral_trained_date"]
    is_young = trained is not None and (day - trained).days <= CHAMPION_DAYS
    return before if is_young else dict.fromkeys(names)


def _contest(
    lake: Tables,
    tracking: Tracking,
    day: dt.date,
    challenger: str,
    incumbent: dict[str, Any] | None,
) -> Contest:
    if incumbent is None:
        return unopposed("no champion before it")
    if (day - incumbent["trained_date"]).days > CHAMPION_DAYS:
        return unopposed(f"the champion before it is older than {CHAMPION_DAYS} days")
    try:
        model = tracking.load(incumbent["model_uri"])
        rows = _rows_of_contest(lake, day, challenger, incumbent["trained_date"])
        # Trained within a week of the champion before it, there is no such day yet.
        theirs = model.predict(rows) if len(rows) else rows[PROBABILITIES].to_numpy()
        return decide(rows, theirs)
    except TrackingError as error:
        # Kept, it could never forecast again; the row says why it was replaced.
        return unopposed(f"the champion before it is lost: {error}")


def _rows_of_contest(
    lake: Tables, day: dt.date, challenger: str, trained_date: dt.date
) -> pd.DataFrame:
    """The challenger's forecasts on the days of the contest, with the inputs of those days."""
    backtests = read_pandas(lake, BACKTESTS, day, day_end(day))
    backtests = backtests[backtests["candidate"] == challenger]
    rows = rows_of_contest(backtests, day, trained_date)
    ours = rows[["forecast_date", "artist", "target_tier", *PROBABILITIES]]
    # An input may have gone since the training, when a day was taken in again.
    return ours.rename(columns={"forecast_date": "ingest_date"}).merge(
        read_pandas(lake, ARTIST_INPUTS, trained_date, day_end(day)),
        on=["ingest_date", "artist"],
        validate="one_to_one",
    )
