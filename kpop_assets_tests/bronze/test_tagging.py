"""Titles go to the matcher, and each answer comes back to its own row."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.bronze.tagging import ADDED, Tagger, tagger_of
from kpop_assets.catalog.catalog import OTHER, Catalog, load_catalog
from kpop_assets.catalog.credits import artists_json
from kpop_assets.catalog.matcher import matcher_of

NAMES = ("text", "author_id", "author_name", "source")
Row = tuple[str | None, ...]
# One of each kind of evidence, and of each odd letter.
ROWS = [
    ("IVE 'Rebel Heart' MV", None, None, "youtube"),
    ("𝐈𝐕𝐄 'Paper Star' 𝐌𝐕", None, None, "youtube"),
    ("뉴진스의 하루", None, None, "youtube"),
    ("STRAY KİDS konser", None, None, "youtube"),
    ("MEOVV x KiiiKiii 'Paper Planes' Special Stage", None, None, "youtube"),
    ("Feel Special", None, "TWICE", "youtube"),
    ("Secret", None, "CAMO - Topic", "youtube"),
    ("Who", None, "Jimin", "spotify_chart"),
    ("위너 컴백", None, None, "youtube"),
    ("nature documentary", None, "A CAT IN NATURE", "youtube"),
    ("ㅋㅋ \0 \ufffd 🔥", None, "\u200b", ""),
]


def tag(rows: list[Row], tagger: Tagger | None = None) -> list[dict]:
    """Rows of `NAMES`, tagged."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(NAMES)
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=NAMES)
    tagged = (tagger or tagger_of(load_catalog())).tag(table)
    assert tagged.column_names == [*NAMES, *ADDED]
    return tagged.to_pylist()


def test_a_row_has_what_the_matcher_says_of_it():
    match = matcher_of(load_catalog()).match
    for row in tag(ROWS):
        wanted = match(row["text"], row["author_name"], row["author_id"], row["source"])
        assert (row["artist"], row["artist_evidence"]) == (wanted.artist, wanted.evidence)
        assert row["artists"] == (None if row["artist"] == OTHER else artists_json(wanted))


def test_artists_are_named_in_order_with_their_roles():
    (row,) = tag(ROWS[4:5])
    assert json.loads(row["artists"]) == [
        {"artist": "MEOVV", "role": "main"},
        {"artist": "KiiiKiii", "role": "main"},
    ]


def test_nulls_empty_and_equal_titles_keep_their_own_row():
    rows: list[Row] = [
        ("winner", None, None, "youtube"),
        ("winner", None, "WINNER", "youtube"),
        ("winner", None, None, "youtube"),
        ("winner", None, "WINNER - Topic", None),
        ("winner", "WINNER", None, "youtube"),
        ("winner", "", "", "youtube"),
        (None, None, "WINNER", "youtube"),
        ("", None, "WINNER - Topic", None),
    ]
    artists = [row["artist"] for row in tag(rows)]
    assert artists == [OTHER, "WINNER", OTHER, "WINNER", OTHER, OTHER, None, "WINNER"]


def test_partitions_side_by_side_get_the_same_answers_and_ask_for_each_title_once():
    asked = []

    class Counting(Tagger):
        def __init__(self) -> None:
            super().__init__(load_catalog())
            match_all = self._match_all
            self._match_all = lambda titles: asked.extend(titles) or match_all(titles)

    tagger = Counting()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: tag(ROWS * 50, tagger), range(8)))
    assert all(rows == found[0] for rows in found)
    assert len(asked) == len(set(asked)) == len(ROWS)


def test_parts_that_ask_at_the_same_time_share_one_tagger():
    catalog = Catalog(tuple(act for act in load_catalog() if act.kind == "group" and not act.group))
    together = threading.Barrier(4)

    def ask(_: int) -> Tagger:
        together.wait()
        return tagger_of(catalog)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(map(id, pool.map(ask, range(4))))) == 1


@settings(deadline=None)
@given(st.lists(st.tuples(*(st.none() | st.text() for _ in NAMES)), max_size=20))
def test_every_row_comes_back_once_with_an_artist(rows: list[Row]):
    rows = [tuple(_encodable(cell) for cell in row) for row in rows]
    known = {act.artist for act in load_catalog()} | {OTHER}
    tagged = tag(rows)
    assert [tuple(row[name] for name in NAMES) for row in tagged] == rows
    assert all((row["artist"] in known) == (row["text"] is not None) for row in tagged)


def _encodable(cell: str | None) -> str | None:
    return cell and cell.encode("utf-8", "ignore").decode("utf-8")
