"""Whose seconds a run takes, table by table: the engine's, the checks', the metadata's, Dagster's.

Belongs here: the clocks around the calls of a run in this process. Does not belong here: what is
run, or which figures are printed (backfill.py, day.py).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from typing import Any, NamedTuple

import dagster as dg

from kpop_assets.contracts.table import Table
from kpop_assets.graph import lake_asset, step
from kpop_assets.lake.lake import Lake

# In the order in which they are printed; `own` is all else that an asset's function does.
KINDS = ("table", "own", "checks", "metadata", "events")
PARTS = {
    "in the engine (tables and checks)": ("table", "checks"),
    "else in the assets' functions": ("own", "metadata"),
    "Dagster's events": ("events",),
    "Dagster's instance, graph and execution": ("dagster",),
}
_OWNER = tuple[str, str]
_DAGSTER: _OWNER = ("", "dagster")
_PENDING: _OWNER = ("", "pending")


class Spent(NamedTuple):
    """Seconds by the clock, and of CPU in all threads of the process; the engine runs in it."""

    wall: float = 0.0
    cpu: float = 0.0

    def plus(self, other: Spent, share: float = 1.0) -> Spent:
        """Both, or this and a share of the other."""
        return Spent(self.wall + other.wall * share, self.cpu + other.cpu * share)


class Shares:
    """What each moment of a run was spent on; each belongs to the innermost call.

    Attributes:
        spent: by table (`""` is none) and kind; what is none of `KINDS` is Dagster's own.
        events: events that Dagster's log was handed, by table.
    """

    def __init__(self) -> None:
        self.spent: defaultdict[_OWNER, Spent] = defaultdict(Spent)
        self.events: Counter[str] = Counter()
        self._owner, self._since = _DAGSTER, _now()
        self._step, self._handed = "", list[str]()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch everything that runs in this process until the block ends."""
        with (
            _instead(lake_asset, "filling", self._around(lambda *a: (self._step, "own"))),
            _instead(Lake, "replace_range", self._call(lambda _, table, *a: (table, "table"))),
            _instead(Lake, "staged", self._entry),
            _instead(step.Step, "outcome", self._call(lambda _, table, *a: (table, "checks"))),
            _instead(step, "run_metadata", self._call(lambda _, table, *a: (table, "metadata"))),
            _instead(lake_asset, "tell_days", self._call(lambda *a: (a[2], "metadata"))),
            _instead(dg.DagsterInstance, "handle_new_event", self._event),
        ):
            self._since = _now()
            yield
            self._turn(_DAGSTER)

    def of(self, *kinds: str, table: str | None = None) -> Spent:
        """All that was spent on the kinds, of all tables or of one."""
        found = (s for (t, k), s in self.spent.items() if k in kinds and table in (None, t))
        return reduce(Spent.plus, found, Spent())

    @property
    def total(self) -> Spent:
        """All that was spent while it was watched."""
        return reduce(Spent.plus, self.spent.values(), Spent())

    def lines(self) -> Iterator[str]:
        """What is printed: the parts of the whole, then of each table, the dearest first."""
        whole = self.total
        for text, kinds in PARTS.items():
            spent = self.of(*kinds)
            share = f"{spent.cpu / whole.cpu:.0%} of {whole.cpu:.2f}"
            yield f"  {text}: {spent.wall:.2f} s ({spent.cpu:.2f} s of CPU, {share})"
        yield f"  {'seconds of CPU':24}" + "".join(f"{k:>10}" for k in (*KINDS, "n events"))
        tables = {table for table, _ in self.spent if table}
        for table in sorted(tables, key=lambda t: -self.of(*KINDS, table=t).cpu):
            cells = "".join(f"{self.of(kind, table=table).cpu:>10.2f}" for kind in KINDS)
            yield f"  {table:24}{cells}{self.events[table]:>10,}"
        cells = "".join(f"{self.of(kind).cpu:>10.2f}" for kind in KINDS)
        yield f"  {'all':24}{cells}{self.events.total():>10,}"

    def _turn(self, owner: _OWNER) -> None:
        now = _now()
        passed = now.plus(self._since, -1.0)
        self.spent[self._owner] = self.spent[self._owner].plus(passed)
        self._owner, self._since = owner, now

    @contextmanager
    def _spending(self, owner: tuple[Table | str, str]) -> Iterator[None]:
        table, kind = owner
        before = self._owner
        self._turn((table.path if isinstance(table, Table) else table, kind))
        try:
            yield
        finally:
            self._turn(before)

    def _call(self, owner: Callable[..., Any]) -> Callable[..., Any]:
        def around(call: Callable[..., Any]) -> Callable[..., Any]:
            def timed(*args: Any, **kwargs: Any) -> Any:
                with self._spending(owner(*args)):
                    return call(*args, **kwargs)

            return timed

        return around

    def _around(self, owner: Callable[..., Any]) -> Callable[..., Any]:
        def around(manager: Callable[..., Any]) -> Callable[..., Any]:
            @contextmanager
            def timed(*args: Any, **kwargs: Any) -> Iterator[Any]:
                with self._spending(owner(*args)), manager(*args, **kwargs) as inside:
                    yield inside

            return timed

        return around

    def _entry(self, staged: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def timed(*args: Any, **kwargs: Any) -> Iterator[Any]:
            manager = staged(*args, **kwargs)
            with self._spending((self._step, "table")):
                frame = manager.__enter__()
            try:
                yield frame
            finally:
                manager.__exit__(None, None, None)

        return timed

    def _event(self, handle: Callable[..., Any]) -> Callable[..., Any]:
        def timed(
            instance: dg.DagsterInstance, event: dg.EventLogEntry, batch_metadata: Any = None
        ) -> None:
            self._handed.append(self._table_of(event))
            with self._spending(_PENDING):
                handle(instance, event, batch_metadata=batch_metadata)
            if batch_metadata is None or batch_metadata.is_end:
                spent, share = self.spent.pop(_PENDING), 1 / len(self._handed)
                for table in self._handed:
                    owner = (table, "events")
                    self.spent[owner] = self.spent[owner].plus(spent, share)
                self.events.update(self._handed)
                self._handed.clear()

        return timed

    def _table_of(self, entry: dg.EventLogEntry) -> str:
        event = entry.dagster_event
        if event is None:
            return ""
        if event.is_step_start:
            # bronze_events, landing__events
            self._step = "/".join((event.step_key or "").replace("__", "_").split("_", 1))
        if event.asset_key:
            return "/".join(event.asset_key.path)
        return self._step if event.step_key else ""


def _now() -> Spent:
    return Spent(time.perf_counter(), time.process_time())


@contextmanager
def _instead(owner: Any, name: str, around: Callable[..., Any]) -> Iterator[None]:
    """Put something around a function of a class or module until the block ends."""
    kept = getattr(owner, name)
    setattr(owner, name, around(kept))
    try:
        yield
    finally:
        setattr(owner, name, kept)
