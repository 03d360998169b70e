"""`python -m drills.campaigns`: do guards catch campaigns, and leave honest bursts alone?

Belongs here: what counts as caught and as silenced, and the count over many simulated worlds. Does
not belong here: the worlds (campaign_world.py), campaigns and bursts (campaign_kinds.py,
honest_bursts.py).

Said before any number of the guards was chosen:

- A campaign is caught where its reviews keep at most a quarter of their weight in the mean, of the
  subject that it was aimed at.
- An honest burst is silenced where its reviews lose more than a quarter of theirs in the mean, or
  where the guarded mean rating differs by more than 3 points of 100 from the unguarded one.
- The error of a score is how far the mean rating of the subject lies from that of its honest
  reviews alone, each author's last word, in points of 100.

A fifth of the campaigns fall into an honest comeback of the same act. Guards are told what tables
tell them: which review is planted is used to judge alone. Numbers were chosen on seeds from
`TUNING_SEED` on; what is reported begins at `REPORTED_SEED`.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

from drills.campaign_kinds import CAMPAIGNS
from drills.campaign_world import World, joined
from drills.honest_bursts import BURSTS
from kpop_assets.audience.guards.review_weights import weigh_reviews
from kpop_assets.contracts.audience_scores import EARLIER_WORD

TUNING_SEED, REPORTED_SEED = 0, 2_000_000
MOST_WEIGHT_KEPT = 0.25
LEAST_WEIGHT_LEFT = 0.75
MOST_MOVED_POINTS = 3.0
CAUGHT_AIM, SILENCED_AIM = 0.95, 0.02


@dataclass(frozen=True)
class Judged:
    """What came of one world.

    Attributes:
        kind: of the campaign or burst.
        is_campaign: which of the two.
        kept: mean weight of its reviews.
        bystanders: mean weight of all honest reviews beside it.
        error: of the unguarded mean rating of the subject, in points of 100.
        guarded_error: of the guarded one.
        moved: how far the guarded mean lies from the unguarded one.
    """

    kind: str
    is_campaign: bool
    kept: float
    bystanders: float
    error: float
    guarded_error: float
    moved: float

    @property
    def is_well(self) -> bool:
        """Whether a campaign was caught, or an honest burst was left alone."""
        if self.is_campaign:
            return self.kept <= MOST_WEIGHT_KEPT
        return self.kept >= LEAST_WEIGHT_LEFT and self.moved <= MOST_MOVED_POINTS


def judge(seed: int, is_campaign: bool, reviews: Path | None = None) -> Judged:
    """Make one world, plant one campaign or burst, and hold the guards to it.

    Args:
        seed: of the world; the kind follows from it.
        is_campaign: whether a campaign is planted, or an honest burst.
        reviews: a table of real reviews, whose texts honest people write; None makes words up.
    """
    world = World(seed, *(real_texts(reviews) if reviews else ([], [])))
    kinds = list(CAMPAIGNS if is_campaign else BURSTS)
    kind = kinds[seed % len(kinds)]
    target = int(world.rng.integers(len(world.acts)))
    if kind == "first hit":
        world.daily[target] = world.rng.uniform(0.1, 1.0)
    start = world.rng.uniform(40, 52) * 1440
    parts = [world.ordinary()]
    planted = [np.zeros(len(parts[0]), int)]
    if is_campaign:
        said, before = CAMPAIGNS[kind](world, target, start)
        if world.rng.random() < 0.2:
            parts.append(BURSTS["comeback"](world, target, start - world.rng.uniform(0, 1440)))
            planted.append(np.zeros(len(parts[-1]), int))
        if before is not None:
            parts.append(before)
            planted.append(np.full(len(before), 2))
    else:
        said = BURSTS[kind](world, target, start)
    parts.append(said)
    planted.append(np.ones(len(said), int))
    voices, opinions = world.frames(joined(parts))
    marks = pl.Series("planted", np.concatenate(planted))
    weighed = weigh_reviews(voices, opinions).with_columns(marks, voices["rating_100"])
    return _judged(kind, is_campaign, weighed, str(target))


def _judged(kind: str, is_campaign: bool, weighed: pl.DataFrame, target: str) -> Judged:
    # Who speaks twice of a subject counts once in any case.
    told = weighed.filter(~pl.col("reasons").list.contains(EARLIER_WORD))
    aimed = told.filter(pl.col("subject") == target)
    of_it = aimed.filter(pl.col("planted") == 1)
    honest = aimed.filter(pl.col("planted") != 1) if is_campaign else aimed
    truth = float(honest["rating_100"].to_numpy().mean())
    ratings, weights = aimed["rating_100"].to_numpy(), aimed["weight"].to_numpy()
    plain, guarded = float(ratings.mean()), float(np.average(ratings, weights=weights))
    return Judged(
        kind,
        is_campaign,
        float(of_it["weight"].to_numpy().mean()),
        float(told.filter(pl.col("planted") == 0)["weight"].to_numpy().mean()),
        abs(plain - truth),
        abs(guarded - truth),
        abs(guarded - plain),
    )


@lru_cache(maxsize=1)
def real_texts(path: Path) -> tuple[list[str], list[str]]:
    """Praise and blame of a table with `rating` (1-10) and `review`."""
    frame = pl.read_csv(path).drop_nulls("review")
    return (
        frame.filter(pl.col("rating") >= 8)["review"].to_list(),
        frame.filter(pl.col("rating") <= 4)["review"].to_list(),
    )


def main() -> None:
    """Judge campaigns and bursts; exit code 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000, help="of campaigns, and of bursts")
    parser.add_argument("--seed", type=int, default=REPORTED_SEED, help="the first")
    parser.add_argument("--reviews", type=Path, help="a table of real reviews: rating, review")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    is_well = True
    # A process that is forked has Polars' locks and none of its threads.
    spawning = get_context("spawn")
    with ProcessPoolExecutor(asked.processes, spawning) as pool:
        for is_campaign in (True, False):
            seeds = range(asked.seed, asked.seed + asked.count)
            one = partial(judge, is_campaign=is_campaign, reviews=asked.reviews)
            is_well &= told(list(pool.map(one, seeds, chunksize=5)), is_campaign)
    sys.exit(0 if is_well else 1)


def told(judged: list[Judged], is_campaign: bool) -> bool:
    """Print what came of campaigns or of bursts; whether the aim is reached."""
    print(f"\n{'campaigns, caught' if is_campaign else 'honest bursts, left alone'}")
    print(f"{'kind':<18}{'of':>6}{'well':>6}{'kept':>8}{'others':>8}{'error':>8}{'guarded':>9}")
    for kind in (*(CAMPAIGNS if is_campaign else BURSTS), "all"):
        rows = [one for one in judged if kind in (one.kind, "all")]
        if rows:
            print(
                f"{kind:<18}{len(rows):>6}{sum(one.is_well for one in rows):>6}"
                f"{np.mean([one.kept for one in rows]):>8.3f}"
                f"{np.mean([one.bystanders for one in rows]):>8.4f}"
                f"{np.mean([one.error for one in rows]):>8.2f}"
                f"{np.mean([one.guarded_error for one in rows]):>9.2f}",
                flush=True,
            )
    share = sum(one.is_well for one in judged) / len(judged)
    return share >= CAUGHT_AIM if is_campaign else 1 - share <= SILENCED_AIM


if __name__ == "__main__":
    main()
