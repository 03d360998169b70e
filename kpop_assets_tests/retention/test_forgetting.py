"""`kpop forget`: nothing of a person is left below the data folder, and everybody else is."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import functions as F

from kpop_assets.bronze.account import select_quarantine, select_rows
from kpop_assets.bronze.line_frame import parse_files
from kpop_assets.cli.forget import print_forgotten
from kpop_assets.contracts.feedback import FEEDBACK, FEEDBACK_LINES
from kpop_assets.contracts.plays import PLAY_LINES, PLAYS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_plays import PLAYS_HOURLY
from kpop_assets.days import day_end, day_start_ms
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.door import Door
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.files import write_day
from kpop_assets.landing.found import find_files
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.journal.journal import Journal
from kpop_assets.landing.journal.segments import (
    framed,
    journal_root,
    read_segment,
    segments_in,
)
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.plays.listener_tracks import count_listener_tracks
from kpop_assets.recommend.plays.play_hours import compute_hours
from kpop_assets.recommend.service.online_days import ListenedDays
from kpop_assets.recommend.service.online_plays import OnlinePlay, SqlitePlays, online_file
from kpop_assets.retention import forgetting
from kpop_assets.retention.forgetting import forget_person, naming_persons
from kpop_assets.settings import Settings
from kpop_assets_tests.recommend.bundles import LISTENER_IDS, bundle_parts
from kpop_assets_tests.retention.kit import where

DAY = dt.date(2026, 3, 2)
DAYS = [DAY + dt.timedelta(days=n) for n in range(3)]
GONE, STAYS = "kim.minji@mail.test", "lee"


def lines(day: dt.date) -> list[dict]:
    at = day_start_ms(day) + 3_600_000
    found = [
        {"user_id": user, "track_id": f"t{n}", "played_at": at + n}
        for n in range(4)
        for user in (GONE, STAYS)
    ]
    # One twice, and one of each who cannot be used.
    found.append(found[0])
    found += [{"user_id": user, "track_id": None, "played_at": at} for user in (GONE, STAYS)]
    return found if day != DAYS[1] else [one for one in found if one["user_id"] != GONE]


def fill(settings: Settings, lake: Lake, source: Path) -> None:
    """Import three days, on the second of which the person played nothing, and count them."""
    source.write_text("\n".join(json.dumps(one) for day in DAYS for one in lines(day)))
    import_files("landing-plays", source, settings.landing)
    take_in(settings, lake)
    # Another version, so that there is a history.
    lake.replace_range(PLAYS, DAY, day_end(DAYS[-1]), lake.read(PLAYS, DAY, day_end(DAYS[-1])))


def take_in(settings: Settings, lake: Lake) -> None:
    """What the graph does with the lines of the three days."""
    end = day_end(DAYS[-1])
    parsed = parse_files(lake.spark, find_files(settings.landing, DAY, end, PLAYS.name), PLAY_LINES)
    lake.replace_range(PLAYS, DAY, end, select_rows(parsed, PLAY_LINES))
    lake.replace_range(PLAY_LINES.quarantine, DAY, end, select_quarantine(parsed, PLAY_LINES))
    with compute_hours(lake, DAY, end) as rows:
        lake.replace_range(PLAYS_HOURLY, DAY, end, rows)
    told = lake.spark.createDataFrame([], "told_date date, track_id string, duration_ms bigint")
    by_track = count_listener_tracks(lake.read(PLAYS, DAY, end), told)
    lake.replace_range(LISTENER_TRACKS, DAY, end, by_track)


def serve(settings: Settings) -> None:
    """What a training leaves: a bundle that knows everybody."""
    ids = person_ids(settings.landing, PLAYS.name)
    everybody = [*LISTENER_IDS[2:], ids.id_of(GONE), ids.id_of(STAYS)]
    write_bundle(settings.home, bundle_parts(listener_ids=np.sort(everybody)))
    lately = {listener: [OnlinePlay("work01", 1_700_000_000_000)] for listener in everybody}
    SqlitePlays(online_file(settings.home)).add(lately)


def others(settings: Settings, lake: Lake) -> dict[str, list]:
    """Rows of everybody else, by table."""
    stays = person_ids(settings.landing, PLAYS.name).id_of(STAYS)
    found = {}
    for table in (PLAYS, PLAY_LINES.quarantine, PLAYS_HOURLY, LISTENER_TRACKS):
        named = "line" if table == PLAY_LINES.quarantine else "user_id"
        rows = lake.read(table, DAY, day_end(DAYS[-1])).where(F.col(named).contains(stays))
        # Where in its file a line stands changes with the lines before it.
        kept = [name for name in table.column_names if name != "line_number"]
        found[table.path] = sorted(map(str, rows.select(*kept).collect()))
    return found


@pytest.mark.both_engines
def test_nothing_of_a_person_is_left_and_everybody_else_stays(
    settings: Settings, lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    fill(settings, lake, tmp_path / "plays.json")
    serve(settings)
    ListenedDays(settings.home).take(open_bundle(settings.home), lake)
    gone = person_ids(settings.landing, PLAYS.name).id_of(GONE)
    before = others(settings, lake)
    assert len(where(settings.home, gone)) > 3
    done = forget_person(settings, lake, GONE)
    assert where(settings.home, gone, GONE) == []
    assert others(settings, lake) == before
    assert (done.line_count, done.days) == (12, {DAYS[0], DAYS[2]})
    kinds = {PLAY_LINES.quarantine.path: 2, PLAYS_HOURLY.path: 2, LISTENER_TRACKS.path: 8}
    assert done.rows == {PLAYS.path: 8, **kinds}
    print_forgotten(done)
    said = capsys.readouterr().out
    assert gone not in said
    assert GONE not in said
    assert f"kpop run {DAYS[2]} {DAYS[2]}" in said
    assert "serving bundles without them now: 1" in said
    stays = person_ids(settings.landing, PLAYS.name).id_of(STAYS)
    assert open_bundle(settings.home).heard(stays) is not None
    # The days filled again bring nobody back, nor does the import of the same file.
    import_files("landing-plays", tmp_path / "plays.json", settings.landing)
    take_in(settings, lake)
    assert where(settings.home, gone) == []
    assert forget_person(settings, lake, gone).rows.total() == 0


def steps_until(last: int) -> Callable[[], None]:
    """What counts steps, and is a kill at the last of them."""
    left = iter(range(last))

    def step() -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return step


def before_it(step: Callable[[], None], real: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, with a step before it."""

    def stepped(*arguments: Any) -> Any:
        step()
        return real(*arguments)

    return stepped


def test_killed_anywhere_the_same_command_again_ends_it(
    settings: Settings, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fill(settings, lake, tmp_path / "plays.json")
    gone = person_ids(settings.landing, PLAYS.name).id_of(GONE)
    before = others(settings, lake)
    real_replace, real_clean = forgetting.replace_file, Lake.clean
    for kill_at in range(6):
        step = steps_until(kill_at)
        with monkeypatch.context() as patch:
            patch.setattr(forgetting, "replace_file", before_it(step, real_replace))
            patch.setattr(Lake, "clean", before_it(step, real_clean))
            try:
                forget_person(settings, lake, GONE)
            except KeyboardInterrupt:
                continue
    forget_person(settings, lake, GONE)
    assert where(settings.home, gone) == []
    assert others(settings, lake) == before


def test_a_person_is_forgotten_in_journals_and_feedback_and_lines_of_nobody_stay(
    settings: Settings, lake: Lake
):
    """What a killed server left in its journal would bring them back."""
    at = day_start_ms(DAY) + 1
    door = Door(FEEDBACK_LINES, person_ids(settings.landing, PLAYS.name))
    said = [
        door.line({"event_id": name, "user_id": user, "acted_at": at, "action": "like"}, Counter())
        for name, user in (("e1", GONE), ("e2", STAYS), ("e3", None))
    ]
    write_day(settings.landing, DAY, said, at, FEEDBACK.name)
    files = find_files(settings.landing, DAY, DAYS[1], FEEDBACK.name)
    parsed = parse_files(lake.spark, files, FEEDBACK_LINES)
    lake.replace_range(FEEDBACK, DAY, DAYS[1], select_rows(parsed, FEEDBACK_LINES))
    journal = Journal(journal_root(settings.home) / FEEDBACK.name)
    journal.append([framed(DAY, line) for line in said]).result(10)
    journal.close()
    gone = person_ids(settings.landing, PLAYS.name).id_of(GONE)
    done = forget_person(settings, lake, GONE)
    assert where(settings.home, gone, GONE) == []
    assert (done.line_count, done.rows[FEEDBACK.path]) == (2, 1)
    left = lake.rows(FEEDBACK, columns=["event_id"])["event_id"]
    assert sorted(left) == ["e2", "e3"]
    (segment,) = segments_in(journal.folder)
    assert read_segment(segment).days == {DAY: said[1:]}


def test_where_nobody_was_taken_in_nobody_is_forgotten(settings: Settings, lake: Lake):
    with pytest.raises(LandingError, match="no listener was ever taken in"):
        forget_person(settings, lake, GONE)
    assert not settings.home.exists()


def test_tables_that_name_persons_say_so():
    """A table with a listener's id that is not marked would be left out."""
    from kpop_assets.contracts.registry import ALL_TABLES

    named = {t.path for t in ALL_TABLES if {"user_id", "listener_id"} & {*t.column_names}}
    assert named <= {table.path for table in naming_persons()}
    assert "bronze/plays_quarantine" in {table.path for table in naming_persons()}
