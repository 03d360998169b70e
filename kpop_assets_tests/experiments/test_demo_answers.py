"""Simulated answers: the same every time, of the plan's variants, and clicked for what they are."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from kpop_assets.contracts.exposures import EXPOSURE_LINES
from kpop_assets.contracts.feedback import FEEDBACK_LINES
from kpop_assets.contracts.recommendations import RECOMMENDATION_LINES
from kpop_assets.days import SEOUL, seoul_day
from kpop_assets.experiments.assignment import variant_of
from kpop_assets.experiments.demo_answers import DEMO_ANSWER_DAYS, write_demo_answers
from kpop_assets.experiments.plans import plans_folder, read_experiments
from kpop_assets.landing.folders import list_days, list_landed

LAST = dt.date(2026, 11, 28)
FIRST = LAST - dt.timedelta(days=89)


def landed(root: Path, kind: str) -> list[dict]:
    paths = [path for day in list_days(root, kind) for path in list_landed(root, day, kind)]
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def test_the_last_weeks_are_landed_once_and_whoever_is_shown_what_suits_them_clicks_more(
    tmp_path: Path,
):
    root = tmp_path / "landing"
    for _ in range(2):
        write_demo_answers(tmp_path, root, FIRST, LAST, 300, 7)
    (plan,) = read_experiments(plans_folder(tmp_path))
    # Its result is there a day after it ends.
    assert plan.is_known_by(LAST) and plan.is_measured_on(LAST)
    assert (LAST - plan.starts_on).days + 1 == DEMO_ANSWER_DAYS
    answers = landed(root, RECOMMENDATION_LINES.kind)
    clicks = landed(root, FEEDBACK_LINES.kind)
    exposures = landed(root, EXPOSURE_LINES.kind)
    assert len(list_days(root, RECOMMENDATION_LINES.kind)) == DEMO_ANSWER_DAYS
    ids = [answer["request_id"] for answer in answers]
    tried = [answer for answer in answers if answer["variants"]]
    assert len(set(ids)) == len(ids) > len(tried) == len(exposures) > 500
    assert all(seoul_day(one["answered_at"]) <= plan.ends_on for one in tried)
    at = dt.datetime.fromtimestamp(answers[0]["answered_at"] / 1000, SEOUL)
    assert answers[0]["hour"] == at.hour
    assert {line["source"] for line in (*answers, *clicks, *exposures)} == {"demo"}
    assert all(line["variant"] == variant_of(plan, line["unit_id"]) for line in exposures)
    assert all(len(set(answer["work_ids"])) == 10 for answer in answers)
    variants = {answer["request_id"]: answer["variants"] for answer in answers}
    rate = {}
    for name in plan.shares:
        told = [f"{plan.name}={name}"]
        shown = sum(one == told for one in variants.values())
        rate[name] = sum(variants[click["request_id"]] == told for click in clicks) / shown
    assert rate["own_taste"] > 1.2 * rate["control"] > 0.1
