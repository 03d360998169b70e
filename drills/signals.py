"""The world outside through random faults: nothing fails or crosses a ceiling, no old is new.

    python -m drills.signals [--faults 1000] [--seed 1]

Belongs here: faults, simulated days, the account against the invented world's truth. Does not
belong here: the services (kpop_assets_tests/lens/outside). All data is invented.

Simulated days are asked about three times each, as the graph does it: entities, then signals,
which know the rows of the days before. Half of all requests go wrong, in one of twenty ways.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import polars as pl

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.days import seoul_now
from kpop_assets.errors import KpopError
from kpop_assets.lens.asking import entities_of_day, signals_of_day
from kpop_assets.lens.outside.answers import REASONS
from kpop_assets_tests.lens.outside.faults import FAULTS
from kpop_assets_tests.lens.outside.kit import (
    SUBJECTS,
    Outdoors,
    before,
    no_entities,
    no_signals,
    outdoors,
)
from kpop_assets_tests.lens.outside.server import APPLICATION, KEY

_VALUES = {"wiki": "wiki_views_7d", "news": "news_articles_7d", "reddit": "reddit_posts_7d"}
# Slow ones take real time.
_WEIGHTS = {kind: 0.5 if kind == "slow" else 2.0 for kind in FAULTS}
# By service: requests that its ceilings allow within so many seconds of the clock's spans.
_CEILINGS = {
    "wikipedia": ((3_600, 500),),
    "wikidata": ((3_600, 300),),
    "gdelt": ((86_400, 1_000),),
    "reddit": ((3_600, 1_800),),
    "knowledge_graph": ((86_400, 10_000),),
}
# And seconds that lie between two of them, at least.
_GAPS = {"wikipedia": 0.3, "wikidata": 0.3, "gdelt": 5.0, "reddit": 2.0, "knowledge_graph": 0.2}
_SPARE = 0.01


@dataclass
class SignalAccount:
    """What came of it.

    Attributes:
        faults: how many of each kind were drawn.
        requests: how many came, by service.
        rows: rows of signals that were made.
        fresh: values in them that are said to be new.
        old: values that are said to be old.
        missing: why there was no answer, by reason.
        failures: times that a day could not be filled at all.
        crossed: ceilings that were crossed.
        stale_as_new: values said to be new that the world does not say on that day.
        unexplained: values that are not new and have no reason.
        wrong_composites: composites that are not made of new values alone.
    """

    faults: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    fresh: int = 0
    old: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    failures: int = 0
    crossed: int = 0
    stale_as_new: int = 0
    unexplained: int = 0
    wrong_composites: int = 0

    def is_bad(self) -> bool:
        """Whether a figure that must be 0 is not."""
        bad = self.failures + self.crossed + self.stale_as_new
        return bool(bad + self.unexplained + self.wrong_composites)

    def print(self) -> None:
        """The figures, one a line."""
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.faults.most_common())
        print(f"faults injected: {self.faults.total():,} ({kinds})")
        print(f"requests: {', '.join(f'{n} {c:,}' for n, c in sorted(self.requests.items()))}")
        print(f"rows of signals: {self.rows:,}; values new {self.fresh:,}, old {self.old:,}")
        print(f"why none came: {', '.join(f'{r} {c:,}' for r, c in self.missing.most_common())}")
        print(f"days that failed: {self.failures}")
        print(f"ceilings crossed: {self.crossed}")
        print(f"values shown as new that were not: {self.stale_as_new}")
        print(f"values missing or old without a reason: {self.unexplained}")
        print(f"composites not of new values alone: {self.wrong_composites}")


class SignalFaults:
    """Draws what goes wrong with each request, until a number of faults has been drawn."""

    def __init__(self, count: int, rate: float, seed: int) -> None:
        self.drawn: Counter[str] = Counter()
        self._count, self._rate, self._random = count, rate, random.Random(seed)

    @property
    def is_over(self) -> bool:
        """Whether all were drawn."""
        return self.drawn.total() >= self._count

    def __call__(self, service: str) -> str | None:
        """What goes wrong with a request to a service."""
        if self.is_over or self._random.random() >= self._rate:
            return None
        (kind,) = self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
        self.drawn[kind] += 1
        return kind


def ask_with_faults(home: Path, faults: int, rate: float, seed: int) -> SignalAccount:
    """Ask about simulated days, whatever happens, until all faults were drawn."""
    account, drawn = SignalAccount(), SignalFaults(faults, rate, seed)
    acts = load_catalog()
    words = {s.name: acts.find(s.name) for s in SUBJECTS} | {"없는말": None, "Singalong": None}
    entities, signals = no_entities(), no_signals()
    with outdoors(home) as out:
        out.services.fault = drawn
        # On a busy machine a request that was given up sooner could come after the next one.
        out.silent_seconds = 2.0
        while not drawn.is_over:
            # Some days everything has to be looked up anew.
            entities = no_entities() if out.now.day % 2 else entities
            for _ in range(3):
                day = seoul_now(out.now).date()
                is_earlier = pl.col("ingest_date") < day
                try:
                    who = out.who(KEY, APPLICATION)
                    found = entities_of_day(day, words, entities, who)
                    entities = pl.concat(
                        [entities.filter(is_earlier), before(ENTITIES, found, day)]
                    )
                    begun = out.now
                    rows = signals_of_day(SUBJECTS, found, signals, out.who(KEY, APPLICATION))
                    signals = pl.concat([signals.filter(is_earlier), before(SIGNALS, rows, day)])
                    _hold_against_truth(account, rows, found, out, begun)
                except KpopError:
                    account.failures += 1
                out.now += dt.timedelta(hours=2)
            out.now += dt.timedelta(hours=19)
        account.faults = drawn.drawn
        _count_crossed(account, out)
    return account


def _hold_against_truth(
    account: SignalAccount,
    rows: pl.DataFrame,
    entities: pl.DataFrame,
    out: Outdoors,
    begun: dt.datetime,
) -> None:
    known = {row["word"]: row for row in entities.iter_rows(named=True)}
    for row in rows.iter_rows(named=True):
        account.rows += 1
        fresh = {
            s for s, name in _VALUES.items() if row[name] is not None and not row[f"is_{s}_old"]
        }
        account.fresh += len(fresh)
        account.old += sum(bool(row[f"is_{source}_old"]) for source in _VALUES)
        for source in _VALUES:
            reason = row[f"{source}_missing_reason"]
            account.missing.update([reason] if reason else [])
            account.unexplained += (source in fresh) == (reason in REASONS)
        counted = {s for s in fresh if row[f"{s}_change_pct"] is not None}
        account.wrong_composites += counted != set(json.loads(row["answered"]))
        account.wrong_composites += (row["composite"] is None) != (not counted)
        truth = _truth(out, row["subject"], known[row["subject"]], begun.date())
        account.stale_as_new += sum(row[_VALUES[source]] != truth[source] for source in fresh)
        dates = {row[f"{source}_as_of_date"] for source in fresh}
        account.stale_as_new += bool(dates - {begun.date() - dt.timedelta(days=1)})


def _truth(out: Outdoors, subject: str, known: dict, today: dt.date) -> dict[str, int]:
    """What the services truly have of a subject on a day."""
    world, days = out.services.world, [today - dt.timedelta(days=i) for i in range(1, 8)]
    said = subject if known["entity_source"] == "catalog" else known["name_en"] or subject
    articles = {"ko": known["wikipedia_ko"], "en": known["wikipedia_en"]}
    return {
        "wiki": sum(world.readers(k, t, day) for k, t in articles.items() if t for day in days),
        "news": sum(world.articles(said, day) for day in days),
        "reddit": sum(world.posts(said, day) for day in days),
    }


def _count_crossed(account: SignalAccount, out: Outdoors) -> None:
    for service, spans in _CEILINGS.items():
        times = [at.timestamp() for at in out.services.times(service)]
        account.requests[service] = len(times)
        for seconds, limit in spans:
            counts = Counter(int(at // seconds) for at in times)
            account.crossed += sum(count > limit for count in counts.values())
        gaps = [later - earlier for earlier, later in pairwise(times)]
        account.crossed += sum(gap < _GAPS[service] - _SPARE for gap in gaps)


def main() -> None:
    """Run the drill; exit code 1 where a figure that must be 0 is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        account = ask_with_faults(Path(folder), args.faults, rate=0.5, seed=args.seed)
    account.print()
    sys.exit(account.is_bad())


if __name__ == "__main__":
    main()
