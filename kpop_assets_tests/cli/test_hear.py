"""`kpop recommend`: whom it answers for, from what, and what it says of each row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from kpop_assets.cli.main import app
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_rules import TRAINING_PLAY_DAYS
from kpop_assets.errors import KpopError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets.recommend.service.heard_since import heard_tracks, heard_until_now
from kpop_assets_tests.recommend.bundles import DAY, LISTENER_IDS, bundle_parts
from kpop_assets_tests.scouting.kit import write_table


def played(user_id: str, track_id: str, day: dt.date, count: int = 1) -> dict[str, object]:
    at = dt.datetime.combine(day, dt.time(3), dt.UTC)
    row = dict.fromkeys(LISTENER_TRACKS.column_names)
    row |= {"ingest_date": day, "user_id": user_id, "track_id": track_id, "last_played_at": at}
    return row | {"play_count": count, "known_length_count": 0, "completed_count": 0}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that knows kim; lee is known since the day after, and kim went on playing.

    Choi's plays of October were taken in after the training, and one of kim's.
    """
    folder = tmp_path_factory.mktemp("hear")
    ids = person_ids(folder / "landing", PLAYS.name)
    kim, lee = ids.id_of("kim"), ids.id_of("lee")
    write_bundle(folder, bundle_parts(listener_ids=np.sort([*LISTENER_IDS[1:], kim])))
    after, late = DAY + dt.timedelta(days=1), dt.date(2026, 10, 9)
    heard = open_bundle(folder).heard(kim)
    before = zip(heard.items.tolist(), heard.counts.tolist(), strict=True)
    choi, first = ids.id_of("choi"), DAY - dt.timedelta(days=TRAINING_PLAY_DAYS - 1)
    rows = [
        *(played(kim, f"work{item:02}", DAY, int(count)) for item, count in before),
        played(kim, "work38", late, 2),
        played(choi, "work04", late),
        played(choi, "work06", first, 5),
        played(choi, "work08", first - dt.timedelta(days=1)),
        played(kim, "work39", after, 3),
        played(lee, "work01", after, 2),
        played(lee, "work03", after),
        played(lee, "of no work", after),
        played(lee, "work05", after, 0),
    ]
    write_table(folder / "lake", LISTENER_TRACKS, rows)
    return folder


def run(home: Path, *words: str, stdin: str | None = None) -> Result:
    env = {"KPOP_HOME": str(home), "COLUMNS": "200"}
    return CliRunner().invoke(app, ["recommend", *words], env=env, input=stdin)


def test_a_history_is_what_the_bundle_learnt_from_with_the_days_since_and_late_plays(home):
    bundle, reader = open_bundle(home), LakeReader(home / "lake")
    ids = person_ids(home / "landing", PLAYS.name)
    before = bundle.heard(ids.id_of("kim"))
    grown = heard_until_now(bundle, reader, ids.id_of("kim"))

    counts = dict(zip(before.items.tolist(), before.counts.tolist(), strict=True))
    more = {item: counts.get(item, 0) + count for item, count in ((38, 2), (39, 3))}
    assert dict(zip(grown.items.tolist(), grown.counts.tolist(), strict=True)) == counts | more
    assert grown.last(1).items.tolist() == [39]
    fresh = heard_until_now(bundle, reader, ids.id_of("lee"))
    assert (fresh.items.tolist(), fresh.counts.tolist()) == ([1, 3], [2, 1])
    # Of no day before those that trainings learn from.
    late = heard_until_now(bundle, reader, ids.id_of("choi"))
    assert (late.items.tolist(), late.counts.tolist()) == ([4, 6], [1, 5])
    assert len(heard_until_now(bundle, reader, ids.id_of("park"))) == 0


def test_without_a_table_of_plays_a_history_is_what_the_bundle_knows(home):
    bundle, nowhere = open_bundle(home), LakeReader(home / "none")
    ids = person_ids(home / "landing", PLAYS.name)
    kim = ids.id_of("kim")
    assert heard_until_now(bundle, nowhere, kim).items.tolist() == bundle.heard(kim).items.tolist()
    assert len(heard_until_now(bundle, nowhere, ids.id_of("lee"))) == 0


def test_versions_of_a_work_are_one_item(tmp_path):
    tracks = bundle_parts().names.head(2).with_columns(work_id=pl.lit("work00"))
    write_bundle(tmp_path, bundle_parts(names=tracks))
    rows = [played("u", track, DAY, 2) for track in tracks["track_id"]]
    heard = heard_tracks(open_bundle(tmp_path), pl.DataFrame(rows, infer_schema_length=None))
    assert (heard.items.tolist(), heard.counts.tolist()) == ([0], [4])
    # The clock is Seoul's, as the days are that a training knows.
    assert heard.times.tolist() == [(DAY - dt.date(1970, 1, 1)).days * 86_400 + 12 * 3_600]


def test_a_listener_is_answered_with_reasons_and_a_mark_of_made_up_data(home):
    done = run(home, "kim")

    assert done.exit_code == 0, done.output
    assert "For a listener of" in done.output
    assert "SIMULATED DATA" in done.output
    assert "because you played Act" in done.output
    assert run(home, "-", stdin="kim\n").output == done.output
    assert "For a listener of 2 works" in run(home, "lee").output
    assert "For a listener of 2 works" in run(home, "choi").output


def test_seeds_acts_and_nothing_are_answered_too(home):
    seeds = run(home, "--seed", "Act 3 - Song 11", "--seed", "work05", "--top", "5")
    assert "Near Act 3 - Song 11; Act 5 - Song 5" in seeds.output
    assert "near Act 3 - Song 11: slow, calm" in seeds.output
    acts = run(home, "--act", "Act 2")
    assert "For who likes ACT 2" in acts.output
    of_its_act = run(home, "--seed", "Act 2 - Not yet out")
    assert of_its_act.output == acts.output
    nothing = run(home, "--hour", "8", "--language", "ko")
    assert "Popular at 8:00" in nothing.output
    unknown = run(home, "park")
    assert "nothing is known of this listener" in unknown.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seed", "Nobody - Nothing"], "is called"),
        (["--act", "Nobody at all"], "no work of"),
        (["-"], "no listener is named"),
    ],
)
def test_what_is_not_there_is_told_in_a_line(home, words, said):
    done = run(home, *words, stdin="\n")

    assert done.exit_code == 1
    assert isinstance(done.exception, KpopError)
    assert said in str(done.exception)


def test_without_a_bundle_or_with_a_damaged_one_the_way_out_is_told(home, tmp_path):
    done = run(tmp_path)
    assert "`kpop train recommend` makes one" in str(done.exception)
    name = write_bundle(tmp_path, bundle_parts())
    next((serving_folder(tmp_path) / name).glob("vectors*")).write_bytes(b"no")
    assert "`kpop train recommend` makes it anew" in str(run(tmp_path).exception)
    write_bundle(tmp_path, bundle_parts())
    assert "no listener was ever taken in here" in str(run(tmp_path, "kim").exception)
