"""The command that trains models: of forecasts, recommenders, sentiment and toxicity.

Belongs here: its arguments and what it calls. Does not belong here: a training (models/,
recommend/, audience/), or what is printed of one (outlook_printing.py, recommender_printing.py,
sentiment_printing.py).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from kpop_assets.cli.arguments import ArgumentError, DayOption, chosen_day, training_words
from kpop_assets.cli.look import show_outlook
from kpop_assets.cli.run import fill_days
from kpop_assets.days import seoul_now

_TOXICITY = "toxicity"


def train(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[recommend|sentiment|toxicity FILE] [DAY]",
            help="What is trained in place of forecasts; a day, by default the newest.",
        ),
    ] = None,
    day_option: DayOption = None,
) -> None:
    """Train all candidates on what is known on a day, and forecast that day with the champion."""
    if words and words[0] == _TOXICITY:
        _train_toxicity(words[1:], day_option)
        return
    what, day = training_words(words or [])
    asked = chosen_day(day, day_option)
    trained = {"recommend": _train_recommenders, "sentiment": _train_sentiment}
    trained.get(what, _train_forecasts)(asked)


def _train_forecasts(asked: dt.date | None) -> None:
    """Candidates and champion of one day, and what it forecasts."""
    from kpop_assets.insights.outlook import read_refusal
    from kpop_assets.insights.ranking import read_ranking
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.operate.execution import RunError
    from kpop_assets.settings import load_settings

    reader = LakeReader(load_settings().lake)
    chosen = asked or read_ranking(reader, None).day
    fill_days(chosen, chosen, ("models", "pareto"), None, {"days": [chosen.isoformat()]})
    refusal = read_refusal(reader, chosen)
    if refusal:
        raise RunError(f"no training on {chosen}: {refusal}")
    show_outlook(chosen, 5, chosen)


def _train_recommenders(asked: dt.date | None) -> None:
    """Works, clusters and recommenders of one day, and how good these were."""
    from kpop_assets.cli.recommender_printing import print_recommender_standing
    from kpop_assets.contracts.recommend_tracks import RECOMMEND
    from kpop_assets.contracts.registry import tables_of_rhythm
    from kpop_assets.insights.recommender_standing import (
        newest_day_of_plays,
        read_recommender_standing,
    )
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.operate.execution import RunError
    from kpop_assets.settings import load_settings

    reader = LakeReader(load_settings().lake)
    chosen = asked or newest_day_of_plays(reader)
    weekly = [table.path for table in tables_of_rhythm("weekly") if table.layer == RECOMMEND]
    fill_days(chosen, chosen, weekly)
    standing = read_recommender_standing(reader, chosen)
    if standing is None or standing.refusal:
        why = standing.refusal if standing else "nothing was written"
        raise RunError(f"no training of recommenders on {chosen}: {why}")
    print_recommender_standing(standing)


def _train_sentiment(asked: dt.date | None) -> None:
    """Families of one day, how good they were, and which one answers."""
    from kpop_assets.cli.sentiment_printing import print_sentiment_standing
    from kpop_assets.contracts.audience_voices import AUDIENCE
    from kpop_assets.contracts.registry import tables_of_rhythm
    from kpop_assets.insights.sentiment_standing import newest_day_of_voices, read_sentiment
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.operate.execution import RunError
    from kpop_assets.settings import load_settings

    reader = LakeReader(load_settings().lake)
    chosen = asked or newest_day_of_voices(reader)
    weekly = [table.path for table in tables_of_rhythm("weekly") if table.layer == AUDIENCE]
    fill_days(chosen, chosen, weekly)
    standing = read_sentiment(reader, chosen)
    refusals = [f"{one['lang']}: {one['refusal']}" for one in standing.trainings if one["refusal"]]
    if len(refusals) == len(standing.trainings):
        why = "; ".join(refusals) or "nothing was written"
        raise RunError(f"no training of sentiment on {chosen}: {why}")
    print_sentiment_standing(standing)


def _train_toxicity(words: list[str], day_option: dt.datetime | None) -> None:
    """Families on a file of labelled comments, and what the best keeps from being quoted."""
    if len(words) != 1 or day_option:
        raise ArgumentError("what toxicity is learnt of is one file", "kpop train toxicity FILE")
    from kpop_assets.audience.sentiments.toxicity import (
        keep_toxicity,
        quote_figures,
        read_labelled_comments,
        toxicity_families,
        train_toxicity,
    )
    from kpop_assets.cli.sentiment_printing import print_toxicity
    from kpop_assets.settings import load_settings

    rows = read_labelled_comments(Path(words[0]))
    best, judged = train_toxicity(rows, toxicity_families())
    version = keep_toxicity(load_settings().artifacts, best, seoul_now().date())
    print_toxicity(version, judged, quote_figures(best, rows))
