"""A home's overlay changes the catalogue as its lines say, and a broken line is one clear line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpop_assets.catalog import catalog as catalog_module
from kpop_assets.catalog.catalog import Catalog, CatalogError, Rename, load_catalog
from kpop_assets.catalog.names import normalise

CHANNEL = "UC" + "z" * 22


Overlay = Callable[..., Catalog]
ACTS = {"BTS", "IVE", "AN YUJIN", "TXT", "YEONJUN", "NewJeans", "PLAVE"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a few acts, as the package has one of all."""
    everything = Path(catalog_module.__file__).with_name("artists.jsonl")
    lines = everything.read_text(encoding="utf-8").splitlines()
    path = tmp_path_factory.mktemp("package") / "artists.jsonl"
    few = [line for line in lines if json.loads(line)["artist"] in ACTS]
    path.write_text("\n".join(few), encoding="utf-8")
    return path


@pytest.fixture
def catalog(package: Path) -> Catalog:
    return load_catalog(package)


@pytest.fixture
def overlay(package: Path, tmp_path: Path) -> Overlay:
    def read(*lines: dict[str, Any] | str) -> Catalog:
        path = tmp_path / "catalog.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts), encoding="utf-8")
        return load_catalog(package, path)

    return read


def test_a_home_without_an_overlay_has_the_catalogue_of_the_package(
    package: Path, tmp_path: Path, overlay: Overlay, catalog: Catalog
) -> None:
    assert load_catalog(package, tmp_path / "catalog.jsonl") is catalog
    assert overlay("", "  ").version == catalog.version


def test_an_act_is_added_with_what_is_known_of_it(overlay: Overlay, catalog: Catalog) -> None:
    line = {"do": "add", "artist": "QUITE NEW", "kind": "group", "debut_year": 2026}
    found = overlay(line)
    act = found["QUITE NEW"]
    assert (act.generation, act.agency, act.channels) == (5, None, ())
    assert found.find("quite-new") is act
    assert len(found) == len(catalog) + 1
    assert found.version != catalog.version


def test_an_act_is_amended_in_single_fields(overlay: Overlay, catalog: Catalog) -> None:
    found = overlay(
        {
            "do": "amend",
            "artist": "NewJeans",
            "set": {"agency": "Elsewhere"},
            "add": {"channels": [CHANNEL], "cues": ["토끼"]},
            "remove": {"aliases": ["NJZ"]},
        },
    )
    before, act = catalog["NewJeans"], found["NewJeans"]
    assert act.agency == "Elsewhere"
    assert act.channels == (*before.channels, CHANNEL)
    assert found.find("NJZ") is None
    assert (act.kind, act.cues[:-1]) == (before.kind, before.cues)


def test_a_rename_is_one_act_that_is_known_by_both_names(
    overlay: Overlay, catalog: Catalog
) -> None:
    line = {"do": "rename", "artist": "TXT", "to": "TOGETHER", "from": "2026-03-01"}
    found = overlay(line)
    act = found["TOGETHER"]
    assert len(found) == len(catalog)
    assert found.find("TXT") is act
    assert found.find("투모로우바이투게더") is act
    assert act.renames == (Rename("TXT", None), Rename("TOGETHER", dt.date(2026, 3, 1)))
    assert [act.name_on(dt.date(2026, 2, 28)), act.name_on(dt.date(2026, 3, 1))] == [
        "TXT",
        "TOGETHER",
    ]
    assert found.renamed()["TXT"] == "TOGETHER"
    assert {a.artist for a in found if a.group == "TOGETHER"} == {
        a.artist for a in catalog if a.group == "TXT"
    }


def test_a_name_that_an_act_took_back_is_its_present_one(overlay: Overlay) -> None:
    found = overlay(
        {"do": "rename", "artist": "TXT", "to": "TOGETHER", "from": "2026-03-01"},
        {"do": "rename", "artist": "TOGETHER", "to": "TXT", "from": "2026-05-01"},
    )
    act = found["TXT"]
    days = [dt.date(2026, month, 2) for month in (2, 3, 5)]
    assert [act.name_on(day) for day in days] == ["TXT", "TOGETHER", "TXT"]
    assert found.renamed()["TOGETHER"] == "TXT"


def test_a_retired_act_is_gone(overlay: Overlay, catalog: Catalog) -> None:
    found = overlay({"do": "retire", "artist": "PLAVE"})
    assert found.find("플레이브") is None
    assert len(found) == len(catalog) - 1


def test_lines_apply_in_order(overlay: Overlay) -> None:
    found = overlay(
        {"do": "add", "artist": "FIRST NAME", "kind": "solo"},
        {"do": "rename", "artist": "FIRST NAME", "to": "SECOND NAME", "from": "2026-01-01"},
        {"do": "amend", "artist": "SECOND NAME", "add": {"cues": ["팬덤"]}},
    )
    assert found["SECOND NAME"].cues == ("팬덤",)


BROKEN: dict[str, tuple[dict[str, Any] | str, str]] = {
    "not JSON": ("{", "line 1, ?: not JSON"),
    "do": ({"do": "delete", "artist": "IVE"}, "line 1, IVE: do is 'delete': use one of add"),
    "no do": ({"artist": "IVE"}, "do is None: use one of"),
    "do is a list": ({"do": [], "artist": "IVE"}, "do is []: use one of"),
    "unknown field": ({"do": "retire", "artist": "IVE", "why": "x"}, "missing or unknown: why"),
    "missing field": ({"do": "rename", "artist": "IVE", "to": "X"}, "missing or unknown: from"),
    "no such act": ({"do": "retire", "artist": "Nobody Ever"}, "is no act of the catalogue"),
    "another name": ({"do": "retire", "artist": "아이브"}, "its canonical name is 'IVE'"),
    "there already": ({"do": "add", "artist": "IVE", "kind": "group"}, "already: amend it"),
    "day": (
        {"do": "rename", "artist": "IVE", "to": "IV", "from": "2026-13-01"},
        "from is '2026-13-01': write the day as YYYY-MM-DD",
    ),
    "name taken": (
        {"do": "rename", "artist": "IVE", "to": "BTS", "from": "2026-01-01"},
        "cannot become 'BTS': give a name that no act has",
    ),
    "has members": ({"do": "retire", "artist": "IVE"}, "is the group of AN YUJIN"),
    "claimed": (
        {"do": "add", "artist": "NEW", "kind": "group", "aliases": ["뉴진스"]},
        "line 1, NEW: alias '뉴진스' is claimed by NewJeans too",
    ),
    "channel": (
        {"do": "amend", "artist": "IVE", "add": {"channels": ["UC1"]}},
        "line 1, IVE: malformed channel id 'UC1'",
    ),
    "absent": (
        {"do": "amend", "artist": "IVE", "remove": {"cues": ["nothing"]}},
        "remove: 'nothing' is not among its cues",
    ),
    "wrong type": (
        {"do": "amend", "artist": "IVE", "set": {"debut_year": "2021"}},
        "set: debut_year has the wrong type: '2021'",
    ),
    "year of a new act": (
        {"do": "add", "artist": "NEW", "kind": "group", "debut_year": "new"},
        "debut_year has the wrong type: 'new'",
    ),
    "part": ({"do": "amend", "artist": "IVE", "set": ["agency"]}, "set is unknown here"),
    "name": ({"do": "add", "artist": 7, "kind": "group"}, "artist is no name"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_line_is_refused(overlay: Overlay, case: str) -> None:
    line, message = BROKEN[case]
    with pytest.raises(CatalogError) as error:
        overlay(line)
    assert str(error.value).startswith("catalog.jsonl, line 1, ")
    assert message in str(error.value)
    assert error.value.way_out
    assert "\n" not in str(error.value)


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.jsonl"
    path.write_bytes(b'\n{"do": "retire", "artist": "' + "뉴진스".encode("cp949") + b'"}')
    with pytest.raises(CatalogError, match=r"catalog.jsonl, line 2, \?: not UTF-8: save"):
        load_catalog(overlay=path)


def test_an_overlay_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read"):
        load_catalog(overlay=tmp_path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), key=st.sampled_from(["do", "artist", "kind", "to", "from"]))
def test_no_line_whatever_it_says_ends_in_a_traceback(
    overlay: Overlay, text: str, key: str
) -> None:
    line = {"do": "rename", "artist": "IVE", "to": "Q" * 9, "from": "2026-01-01", key: text}
    try:
        overlay(line)
    except CatalogError as error:
        assert "\n" not in str(error)


def test_every_former_name_still_finds_its_act() -> None:
    catalog = load_catalog()
    renamed = catalog.renamed()
    assert renamed["VCHA"] == "GIRLSET"
    for old, new in renamed.items():
        assert normalise(old) in {normalise(name) for name in catalog[new].names}


def test_a_former_name_that_another_act_has_by_now_is_that_acts(overlay: Overlay) -> None:
    found = overlay(
        {"do": "rename", "artist": "TXT", "to": "TOGETHER", "from": "2026-03-01"},
        {"do": "amend", "artist": "TOGETHER", "remove": {"aliases": ["TOMORROW X TOGETHER"]}},
    )
    assert "TXT" in found.renamed()
    later = [act for act in found if act.artist != "TOGETHER"]
    taken = replace(found["TOGETHER"], artist="TXT", aliases=(), renames=())
    assert Catalog((*later, found["TOGETHER"], taken)).renamed() == {}
