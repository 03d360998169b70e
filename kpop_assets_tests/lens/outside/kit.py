"""What the tests of the services outside share: a clock, who asks, the services on loopback.

Belongs here: set-up without an assertion. Does not belong here: what a service answers (server.py).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.contracts.table import Table
from kpop_assets.lens.asking import Answering
from kpop_assets.lens.outside.services import Asker
from kpop_assets.lens.signals import ACT, KEYWORD, Subject
from kpop_assets_tests.lens.outside.server import FakeOutside
from kpop_assets_tests.lens.outside.world import FakeItem, OutsideWorld, group
from kpop_assets_tests.net.kit import serving

START = dt.datetime(2026, 11, 29, 2, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 29)
CONTACT = "tests@example.org"
ACTS = ("IVE", "aespa", "NewJeans")
WORD = FakeItem("Q900", "떼창", "Singalong", "Korean way to sing along", "Q1", "떼창", "Singalong")
SUBJECTS = [*(Subject(name, ACT) for name in ACTS), Subject("떼창", KEYWORD)]


@dataclass
class Outdoors:
    """A home folder, a clock, and the services."""

    home: Path
    endpoint: str
    services: FakeOutside
    now: dt.datetime = START
    slept: list[float] = field(default_factory=list)
    # Long: on a busy machine a good answer takes its time. Who tests silence makes it short.
    silent_seconds: float = 10.0

    def clock(self) -> dt.datetime:
        """The simulated instant."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Time passes by being waited for."""
        self.slept.append(seconds)
        # Rounded up: what is less than a microsecond would never pass.
        self.now += dt.timedelta(microseconds=math.ceil(seconds * 1e6))

    def asker(self) -> Asker:
        """As a new process would build it."""
        return Asker(
            *(self.home, CONTACT, self.endpoint, self.clock, self.sleep, self.silent_seconds)
        )

    def who(self, kg_key: str = "", reddit: str = "") -> Answering:
        """One source after the other, so that the clock is everybody's."""
        return Answering(self.asker(), kg_key=kg_key, reddit=reddit, at_once=1)


def world_of_acts() -> OutsideWorld:
    """Three acts, a word, and things that have an act's name and are none."""
    names = {"IVE": "아이브", "aespa": "에스파", "NewJeans": "뉴진스"}
    acts = [group(i, name, korean) for i, (name, korean) in enumerate(names.items(), start=1)]
    river = FakeItem("Q800", "아이브강", "IVE", "river in Sweden", "Q4022", None, "IVE (river)")
    return OutsideWorld([river, *acts, WORD])


def before(table: Table, rows: pl.DataFrame | None = None, day: dt.date = DAY) -> pl.DataFrame:
    """A table as it stands: nothing, or the rows of a day."""
    empty = pl.DataFrame(table.arrow_schema().empty_table())
    if rows is None:
        return empty
    dated = rows.with_columns(pl.lit(day).alias("ingest_date")).select(empty.columns)
    return pl.concat([empty, dated])


def no_entities() -> pl.DataFrame:
    """Nothing was looked up before."""
    return before(ENTITIES)


def no_signals() -> pl.DataFrame:
    """Nothing was asked before."""
    return before(SIGNALS)


@contextmanager
def outdoors(home: Path, world: OutsideWorld | None = None) -> Iterator[Outdoors]:
    """The services, over a world of three acts and a word."""
    with serving() as service:
        found: list[Outdoors] = []
        fake = FakeOutside(world or world_of_acts(), lambda: found[0].now)
        found.append(Outdoors(home, service.url.removesuffix("/things"), fake))
        service.reply = fake.reply
        yield found[0]
