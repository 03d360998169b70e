"""Data folders with any name: written and read by every library, or refused with the sign named."""

from __future__ import annotations

import os
import stat
import string
import tempfile
import time
import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.plain import is_plain, own_names, plain_path, unusable_sign
from kpop_assets.lake.reader import LakeReader
from kpop_assets_tests.lake.kit import MARKS, day, marks, read_marks

KOREAN = "데이터 폴더"
# Every sign that a name may have, some to a folder, beside what they could be mistaken for.
ODD = {
    "korean": KOREAN,
    "decomposed": unicodedata.normalize("NFD", KOREAN),
    "accents": "é ñ İ 日本 😀 a\u200bb",
    "address": "100% #1 a?b=c&d+e:f;g@h",
    "pattern": "a*b {c,d} (e) !f",
    "quotes": 'a\'b "c" `d` $e <f>',
    "home": "~ab",
    "blanks": " a ",
}
NEVER = ["[", "]", "^", "|", "\\", "%20", "%C3", "\n", "\t", "\x7f", "\x85", "\u2028", "\udc80"]


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of the links, of the test's own."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder / f"kpop-{os.geteuid()}"


@pytest.mark.both_engines
@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_a_lake_in_a_folder_of_any_name_is_written_and_read_as_in_a_plain_one(
    name: str, tmp_path: Path, spark: SparkSession, links: Path
):
    around = tmp_path / "around"
    lake = Lake(around / name / "lake", lambda: spark)
    lake.replace_range(MARKS, day(1), day(3), marks(spark, [(1, "a", 1), (2, "b", 2)]))
    lake.replace_range(MARKS, day(2), day(3), marks(spark, [(2, "c", 3)]))
    lake.merge(MARKS, marks(spark, [(2, "c", 4), (2, "d", 5)]))
    assert read_marks(lake) == [(1, "a", 1), (2, "c", 4), (2, "d", 5)]
    assert sorted(lake.arrow(MARKS, day(1), day(3))["mark_count"].to_pylist()) == [1, 4, 5]
    with lake.staged(marks(spark, [(1, "x", 7)])) as rows:
        assert [row["mark_count"] for row in rows.collect()] == [7]
    assert lake.clean(MARKS, 0)
    assert LakeReader(lake.root).row_count(MARKS) == 3
    assert os.listdir(around) == [name], "a folder of a like name appeared beside it"  # noqa: PTH208 - names as they are
    assert [link.readlink() for link in links.iterdir()] == [around / name]


@pytest.mark.parametrize("sign", sorted({*string.punctuation, " ", "é"} - {"/"}))
def test_every_sign_is_refused_by_name_or_leaves_a_table_with_rows_and_history(
    sign: str, tmp_path: Path, links: Path
):
    root = tmp_path / "around" / f"a{sign}b" / "lake"
    if found := unusable_sign(root):
        assert sign in found
        return
    lake = Lake(root, _no_engine)
    lake.ensure(MARKS)
    rows = pa.Table.from_pylist(
        [{"ingest_date": day(1), "name": "a", "mark_count": 1}], MARKS.arrow_schema()
    )
    for _ in range(2):
        write_deltalake(lake.delta(MARKS), rows, mode="append")
    delta = lake.delta(MARKS)
    assert lake.rows(MARKS, day(1), day(2)).height == 2
    assert [entry["version"] for entry in delta.history()] == [2, 1, 0]
    assert delta.history(1)[0]["timestamp"] / 1000 == pytest.approx(time.time(), abs=600)
    assert [path.name for path in (tmp_path / "around").iterdir()] == [f"a{sign}b"]


def _no_engine() -> SparkSession:
    raise AssertionError("an engine was asked for")


@pytest.mark.parametrize("sign", NEVER, ids=ascii)
def test_what_no_other_name_helps_with_is_named(sign: str):
    assert unusable_sign(Path(f"/data/a{sign}b"))


@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1), min_size=1))
def test_any_path_is_refused_or_gets_a_plain_name_of_the_same_place(parts: list[str]):
    path = Path("/nowhere", *parts)
    if unusable_sign(path):
        return
    plain = plain_path(path)
    assert is_plain(plain)
    assert plain == plain_path(path), "the name changes from call to call"
    if plain != path:
        link = next(one for one in (plain, *plain.parents) if one.is_symlink())
        assert link.readlink() / plain.relative_to(link) == path
        assert own_names(f"no space left on {plain}.") == f"no space left on {path}."
        link.unlink()


def test_a_path_of_plain_names_is_given_as_it_is(links: Path):
    assert plain_path(Path("/data/k-pop_1.0/lake")) == Path("/data/k-pop_1.0/lake")
    assert not links.exists()


def test_a_folder_of_links_that_others_could_lead_elsewhere_is_refused(links: Path):
    links.mkdir()
    links.chmod(0o777)
    with pytest.raises(LakeError, match="others may write to it") as failure:
        plain_path(Path("/data/a b"))
    assert not failure.value.may_pass
    links.rmdir()
    links.symlink_to("/")
    with pytest.raises(LakeError, match="another user's"):
        plain_path(Path("/data/a b"))


def test_a_link_that_leads_elsewhere_is_set_right_and_old_ones_are_removed(
    links: Path, tmp_path: Path
):
    link = plain_path(Path("/data/a b"))
    assert stat.S_IMODE(links.stat().st_mode) == 0o700
    link.unlink()
    link.symlink_to("/elsewhere")
    (tmp_path / "in use").mkdir()
    used = plain_path(tmp_path / "in use")
    gone, young = plain_path(Path("/data/gone b")), plain_path(Path("/data/young b"))
    old = time.time() - 2 * 24 * 3600
    for one in (used, gone):
        os.utime(one, (old, old), follow_symlinks=False)
    assert plain_path(Path("/data/a b")).readlink() == Path("/data/a b")
    assert {*links.iterdir()} == {link, used, young}


def test_where_no_link_can_be_made_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(LakeError, match=r"missing.* cannot be made .*TMPDIR"):
        plain_path(Path("/data/a b"))


def test_what_else_lies_beside_the_links_hides_no_error(links: Path):
    plain = plain_path(Path("/data/a b"))
    (links / "file").write_text("no link")
    said = f"cannot read {links}/file and {plain}"
    assert own_names(said) == f"cannot read {links}/file and /data/a b"


def test_links_of_others_name_nothing(links: Path, monkeypatch: pytest.MonkeyPatch):
    said = f"cannot read {plain_path(Path('/data/a b'))}"
    lstat = Path.lstat

    def of_another(path: Path) -> os.stat_result:
        found = list(lstat(path))
        found[stat.ST_UID] += path == links
        return os.stat_result(found)

    monkeypatch.setattr(Path, "lstat", of_another)
    assert own_names(said) == said


def test_a_folder_of_links_that_cannot_be_listed_hides_no_error(
    links: Path, monkeypatch: pytest.MonkeyPatch
):
    said = f"cannot read {plain_path(Path('/data/a b'))}"

    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refused)
    assert own_names(said) == said
