"""`kpop rank`, `risers` and `export` where there is nothing to look at, or nothing can be."""

from __future__ import annotations

from pathlib import Path

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.operate.checkup.kit import TODAY, write


def test_a_ranking_without_data_says_how_to_get_some(kpop: Kpop):
    assert_one_line(kpop("rank"), "gold/artist_features", "kpop run")


def test_a_ranking_with_units_knows_the_acts_of_its_home(kpop: Kpop, tmp_path: Path):
    acts = {"QUITE NEW": 1, "QUITE NEW Jo": 2}
    rows = [{"ingest_date": TODAY, "artist": name, "rank": rank} for name, rank in acts.items()]
    write(tmp_path / "data" / "lake", ARTIST_FEATURES, *rows)
    write(tmp_path / "data" / "lake", EVENTS, {"ingest_date": TODAY})
    assert "QUITE NEW, QUITE NEW Jo" not in kpop("rank", "--with-units").out
    group = '{"do": "add", "artist": "QUITE NEW", "kind": "group"}'
    member = '{"do": "add", "artist": "QUITE NEW Jo", "kind": "solo", "group": "QUITE NEW"}'
    (tmp_path / "data" / "catalog.jsonl").write_text(f"{group}\n{member}\n")
    assert "QUITE NEW, QUITE NEW Jo" in kpop("rank", "--with-units").out


def test_an_outlook_without_data_says_how_to_get_some(kpop: Kpop):
    assert_one_line(kpop("risers"), "pareto/next_viral has no forecast yet", "kpop train")


def test_a_day_is_named_by_its_place_or_by_option_in_every_command_that_takes_one(kpop: Kpop):
    for command in ("rank", "risers"):
        by_place, by_option = kpop(command, "2020-01-01"), kpop(command, "--day", "2020-01-01")
        assert by_place == by_option
        assert_one_line(kpop(command, "2020-01-01", "--day", "2020-01-01"), "has")
    for command in ("rank", "risers", "train"):
        done = kpop(command, "2020-01-01", "--day", "2020-01-02")
        assert_one_line(done, "2020-01-01", "2020-01-02", "name one")
        assert_one_line(kpop(command, "yesterday"), "DAY", code=2)
        assert_one_line(kpop(command, "--day", "yesterday"), "--day", code=2)


def test_an_export_of_what_is_no_table_names_the_tables(kpop: Kpop):
    done = kpop("export", "gold/nothing")
    assert_one_line(done, "gold/nothing is no table", "gold/artist_features")
    # A stream keeps it for some days, and another program may write it now.
    assert_one_line(kpop("export", "live/events"), "live/events is no table")


def test_an_export_says_which_formats_there_are(kpop: Kpop, tmp_path: Path):
    table = "gold/artist_features"
    done = kpop("export", table, "--out", str(tmp_path / "x.xls"))
    assert_one_line(done, "x.xls tells no format", "csv, ndjson or parquet")
    assert_one_line(kpop("export", table, "--format", "parquet"), "--out")
    assert_one_line(kpop("export", table, "--format", "xls"), "csv", code=2)


def test_an_export_of_days_the_wrong_way_round_is_refused(kpop: Kpop):
    done = kpop("export", "gold/artist_features", "2025-11-08", "2025-11-07")
    assert_one_line(done, "2025-11-08 lies after 2025-11-07")


def test_an_export_of_a_table_that_was_not_written_says_how_to_fill_it(kpop: Kpop, tmp_path: Path):
    out = tmp_path / "x.csv"
    done = kpop("export", "gold/artist_features", "--out", str(out))
    assert_one_line(done, "gold/artist_features has not been written yet", "kpop run")
    assert not out.exists()
