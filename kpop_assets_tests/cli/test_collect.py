"""`kpop import`, `fetch` and `stream`: what they print, and one line for what cannot be done."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kpop_assets.contracts import registry
from kpop_assets.landing.choices import FOREIGN_FORMATS, formats
from kpop_assets.landing.importer import IMPORTERS, landing_formats
from kpop_assets_tests.bronze.toy import HEARD_LINES
from kpop_assets_tests.cli.kit import Kpop, assert_one_line


def landing_file(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "events_1766892339.json"
    lines = [{"video_id": v, "text": "t", "ts": 1766892000000, "source": "x"} for v in "ab"]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def test_the_formats_offered_are_those_there_are():
    assert tuple(IMPORTERS) == formats()


def test_a_further_kind_is_a_format_by_its_record_alone(
    kpop: Kpop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    records = (*registry.RECORDS, HEARD_LINES)
    monkeypatch.setattr(registry, "RECORDS", records)
    assert formats() == (*landing_formats(records), *FOREIGN_FORMATS)
    assert_one_line(kpop("import", "csv", "."), "'csv' is unknown", "landing-heard")
    assert "is unknown" not in kpop("import", "landing-heard", str(tmp_path)).err


def test_an_import_prints_what_went_where_and_what_to_do_next(kpop: Kpop, tmp_path: Path):
    path = landing_file(tmp_path / "source")
    done = kpop("import", "landing", str(path))
    assert done.code == 0, done.err
    assert re.search(r"lines read\W+2\b", done.out)
    assert re.search(r"landing files written\W+1\b", done.out)
    assert "kpop run 2025-12-28 2025-12-28" in done.out
    again = kpop("import", "landing", str(path))
    assert re.search(r"landing files already there\W+1\b", again.out)
    assert len(list((tmp_path / "data" / "landing").rglob("events_*.json"))) == 1


def test_an_import_of_lines_that_are_all_set_aside_says_so_and_fails(kpop: Kpop, tmp_path: Path):
    path = tmp_path / "events_1766892339.json"
    path.write_text('{"video_id": "a", "observed_at": 1766890800000, "text": "x"}\n')
    done = kpop("import", "landing", str(path))
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "1 of 1 lines will be set aside, mostly ts_missing (1)" in said


def test_an_unreadable_rating_is_counted_and_shown_and_never_what_somebody_wrote(
    kpop: Kpop, tmp_path: Path
):
    rows = ["1,S,fine,good,1-5", "2,S,fine,soso,1-5", "3,S,fine,-3,1-10", "4,S,fine,4,1-7"]
    (tmp_path / "melon_2025-11-04.csv").write_text(
        "\n".join(["id,work,text,rating,scale", *rows, "5,S,fine,4,1-5"])
    )
    done = kpop("import", "reviews", str(tmp_path / "melon_2025-11-04.csv"))
    said = " ".join(done.out.split())
    assert (
        "4 of 5 lines will be set aside, mostly rating_of_wrong_type (2, the first 'good')" in said
    )
    assert "rating_impossible (1, the first '-3')" in said
    assert "rating_scale_impossible (1, the first '1-7')" in said
    assert "rows that name no source are of melon" in said and "fine" not in said
    assert "rename the file or add a column source if it is another table" in said
    path = tmp_path / "none_2025-11-04.csv"
    path.write_text("id,work,text,rating\n1,S,fine,good\n")
    assert_one_line(kpop("import", "reviews", str(path)), "wrong type in 1 of 1, the first 'good'")


def test_an_import_shows_no_words_mail_or_telephone_of_a_row_that_is_shifted(
    kpop: Kpop, tmp_path: Path
):
    shifted = ["1,S,,call me 010-1234-5678 kim", "2,S,,kim@mail.com", "3,S,,01012345678"]
    for number, row in enumerate(shifted):
        path = tmp_path / f"r{number}_2025-11-04.csv"
        path.write_text(f"id,work,text,rating\n{row}\n")
        done = kpop("import", "reviews", str(path))
        # No line can be used, and then with one that can.
        told = f"the first a text of {len(row.split(',')[3])} letters"
        assert_one_line(done, told)
        path.write_text(f"id,work,text,rating\n{row}\n9,S,fine,4\n")
        with_one = kpop("import", "reviews", str(path))
        assert told in " ".join(with_one.out.split())
        said = done.out + done.err + with_one.out + with_one.err
        assert not any(word in said for word in ("010-1234", "01012345678", "kim", "call me"))


def test_an_unknown_format_names_the_known_ones(kpop: Kpop):
    assert_one_line(kpop("import", "csv", "."), "'csv' is unknown", *formats())


def test_a_path_that_is_not_there_is_named(kpop: Kpop, tmp_path: Path):
    path = tmp_path / "nowhere"
    assert_one_line(kpop("import", "landing", str(path)), str(path), "check the path")


def test_a_folder_without_such_files_is_named(kpop: Kpop, tmp_path: Path):
    done = kpop("import", "spotify-chart", str(tmp_path))
    assert_one_line(done, "no spotify-chart files in", str(tmp_path))


def test_a_source_that_cannot_be_read_is_named(kpop: Kpop, tmp_path: Path):
    # No permission bit stops root: a link that leads to itself does.
    path = tmp_path / "events_1766892339.json"
    path.symlink_to(path)
    assert_one_line(kpop("import", "landing", str(path)), str(path))


def test_a_data_folder_that_cannot_be_made_is_named(kpop: Kpop, tmp_path: Path):
    path = landing_file(tmp_path / "source")
    (tmp_path / "file").touch()
    done = kpop("import", "landing", str(path), KPOP_HOME=str(tmp_path / "file" / "data"))
    assert_one_line(done, str(tmp_path / "file"))


def test_an_engine_without_streams_names_the_one_with(kpop: Kpop):
    assert_one_line(kpop("stream"), "engine sail has no streams", "set KPOP_ENGINE=spark")


def test_a_process_that_fails_leaves_one_line_and_exit_code_one(process: Kpop):
    assert_one_line(process("import", "csv", "."), "'csv' is unknown")
