"""SIMULATED answers of the demo's last weeks, and the one experiment that they are part of.

Belongs here: which listeners ask, what each variant shows them and what they click, as landing
lines that say `demo`. Does not belong here: what listeners like or play (landing/sources/).

Control shows what is most played on the day, the other variant what suits each listener as well;
who is shown something clicks it by how much they like it, whatever variant they have. So the
effect is that of the world and is nowhere written down. The experiment ends a day before the last,
so that the demo has its result; whoever asks then gets what control has.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.exposures import EXPOSURE_LINES
from kpop_assets.contracts.feedback import FEEDBACK_LINES
from kpop_assets.contracts.recommendations import RECOMMENDATION_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.days import SEOUL, day_start_ms, days_between
from kpop_assets.experiments.assignment import variant_of
from kpop_assets.experiments.plan_faults import CONTROL
from kpop_assets.experiments.plans import Experiment, plans_folder, read_experiment
from kpop_assets.landing.door import Door
from kpop_assets.landing.files import write_day
from kpop_assets.landing.persons import PersonIds, person_ids
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.demo_listeners import liking, listener_name, listeners_on
from kpop_assets.landing.sources.demo_plays import DAY_MS, draws_of_day
from kpop_assets.landing.sources.demo_tracks import demo_track_id
from kpop_assets.landing.sources.demo_works import simulate_works
from kpop_assets.landing.sources.demo_world import WORLD_START

DEMO_PLAN = "demo_own_taste"
DEMO_ANSWER_DAYS = 28
_PAGE, _CANDIDATES = 10, 200
# Of the listeners who are there so many ask for something on a day; each asks once.
_ASKING = 0.1
# How much of a listener's liking the other variant knows.
_OWN_TASTE = 0.35
_CHANCE = 140
_DEVICES = ("phone", "desktop", "speaker")
_PLAN_TEXT = """# SIMULATED: made by `kpop demo`.
question = "Do listeners click more where works suit their own taste than where most play them?"
unit = "listener"
starts_on = {first}
ends_on = {last}
primary_metric = "{metric}"
guardrail_metrics = ["abandoned_plays"]
least_effect = 0.1
pre_period_days = 0
[shares]
control = 0.5
own_taste = 0.5
[settings.control]
order = "popular"
"""


def write_demo_answers(
    home: Path, landing: Path, first: dt.date, last: dt.date, listener_count: int, seed: int
) -> None:
    """Write the plan of the last days of a simulated range, and land what came of it.

    A plan that is there stands, and days from its first on are landed once.

    Args:
        home: the data folder.
        landing: its landing folder.
        first: first day that is simulated.
        last: last day that is simulated.
        listener_count: simulated listeners who are there on any day.
        seed: of the whole simulated world.
    """
    path = plans_folder(home) / f"{DEMO_PLAN}.toml"
    if not path.exists():
        begin = max(first, last - dt.timedelta(days=DEMO_ANSWER_DAYS - 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        end = max(begin, last - dt.timedelta(days=1))
        path.write_text(_PLAN_TEXT.format(first=begin, last=end, metric="clicks"))
    plan = read_experiment(path)
    ids = person_ids(landing, EXPOSURE_LINES.kind)
    for day in days_between(max(first, plan.starts_on), last + dt.timedelta(days=1)):
        _land_day(landing, simulate_answers(plan, ids, day, listener_count, seed), ids, day)


_Lines = dict[Record, list[dict[str, object]]]


def _land_day(landing: Path, lines: _Lines, ids: PersonIds, day: dt.date) -> None:
    for record, told in lines.items():
        door, repairs = Door(record, ids), Repairs()
        at = day_start_ms(day) + DAY_MS
        write_day(landing, day, (door.line(one, repairs) for one in told), at, record.kind)


def simulate_answers(
    plan: Experiment, ids: PersonIds, day: dt.date, listener_count: int, seed: int
) -> _Lines:
    """The lines of a day by their kind: the same every time, and no day needs another."""
    works, today = simulate_works(seed), (day - WORLD_START).days
    rng = np.random.default_rng([seed, _CHANCE, day.toordinal()])
    there = listeners_on(seed, listener_count, today)
    asking = there.take(np.flatnonzero(rng.random(listener_count) < _ASKING))
    heat = draws_of_day(seed, works, today)
    likes = liking(seed, asking, works, len(heat), today)
    at = np.sort(rng.integers(6 * 3_600_000, DAY_MS - 3_600_000, len(asking)))
    lines: _Lines = {RECOMMENDATION_LINES: [], FEEDBACK_LINES: [], EXPOSURE_LINES: []}
    is_running = plan.runs_on(day)
    for row in range(len(asking)):
        user = ids.id_of(listener_name(int(asking.place[row]), int(asking.turn[row])))
        variant = variant_of(plan, user) if is_running else CONTROL
        scores = heat + rng.gumbel(0, 0.7, len(heat))
        if variant != CONTROL:
            scores += _OWN_TASTE * likes[row]
        page = np.argsort(-scores, kind="stable")[:_PAGE]
        shown = [demo_track_id(int(works.act[w]), int(works.number[w]), 0) for w in page]
        moment = day_start_ms(day) + int(at[row])
        request = f"demo-{day}-{row}"
        named = [f"{plan.name}={variant}"] if is_running else []
        lines[RECOMMENDATION_LINES].append(
            _answer(named, request, user, variant, moment, shown, scores[page], rng)
        )
        if is_running:
            lines[EXPOSURE_LINES].append(_exposure(plan, user, variant, moment))
        lines[FEEDBACK_LINES] += _clicks(request, user, moment, shown, likes[row][page], rng)
    return lines


def _exposure(plan: Experiment, user: str, variant: str, moment: int) -> dict[str, object]:
    return {
        "experiment": plan.name,
        "variant": variant,
        "unit_id": user,
        "exposed_at": moment,
        "source": SIMULATED_SOURCE,
    }


def _answer(
    named: list[str],
    request: str,
    user: str,
    variant: str,
    moment: int,
    shown: list[str],
    scores: NDArray[np.float64],
    rng: np.random.Generator,
) -> dict[str, object]:
    is_popular = variant == CONTROL
    return {
        "request_id": request,
        "user_id": user,
        "answered_at": moment,
        "variants": named,
        "basis": "popular" if is_popular else "history",
        "cache": "process" if rng.random() < 0.3 else "none",
        "response_ms": round(float(rng.gamma(4.0, 1.2)), 2),
        "hour": dt.datetime.fromtimestamp(moment / 1000, SEOUL).hour,
        "device": _DEVICES[int(rng.choice(3, p=[0.7, 0.2, 0.1]))],
        "language": "ko",
        "work_ids": shown,
        "scores": [f"{score:.4f}" for score in scores],
        "reasons": ["popular" if is_popular else "played"] * len(shown),
        "source": SIMULATED_SOURCE,
    }


def _clicks(
    request: str,
    user: str,
    moment: int,
    shown: list[str],
    likes: NDArray[np.float64],
    rng: np.random.Generator,
) -> list[dict[str, object]]:
    """What the listener clicks: by liking, and less the farther down it stands."""
    places = np.arange(1, len(shown) + 1)
    chance = 1 / (1 + np.exp(2.6 - 0.5 * likes)) / np.sqrt(places)
    return [
        {
            "event_id": f"{request}-{place}",
            "user_id": user,
            "request_id": request,
            "work_id": shown[place - 1],
            "action": "click",
            "acted_at": moment + 2_000 * int(place),
            "position": int(place),
            "source": SIMULATED_SOURCE,
        }
        for place in places[rng.random(len(shown)) < chance].tolist()
    ]
