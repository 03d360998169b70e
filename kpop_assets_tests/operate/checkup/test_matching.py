"""The catalogue's check-up: lines that cannot be used, and days that another one matched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest

from kpop_assets.catalog.catalog import Catalog, load_catalog, overlay_path
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.retention import PURGES
from kpop_assets.lake.reader import LakeReader
from kpop_assets.operate.checkup.matching import check_catalog
from kpop_assets.settings import Settings
from kpop_assets_tests.operate.checkup.kit import TODAY, write

DAYS = [TODAY - dt.timedelta(days=n) for n in (4, 3, 2, 0)]


def test_an_empty_home_is_well(settings: Settings):
    found = check_catalog(settings, LakeReader(settings.lake))
    assert (found.state, found.advice) == ("ok", "")
    assert load_catalog().version in found.text


def test_days_of_another_catalogue_are_named_with_the_commands_that_run_them(settings: Settings):
    own = load_catalog().version
    versions = ["older", None, own, "older"]
    rows = [{"ingest_date": d, "catalog_version": v} for d, v in zip(DAYS, versions, strict=True)]
    write(settings.lake, EVENTS, *rows)
    found = check_catalog(settings, LakeReader(settings.lake))
    assert found.state == "warning"
    assert "3 days (2026-11-16 to 2026-11-20)" in found.text
    assert found.advice == ("`kpop run 2026-11-16 2026-11-17` and `kpop run 2026-11-20 2026-11-20`")


def test_a_change_of_the_overlay_makes_days_those_of_another_catalogue(settings: Settings):
    row = {"ingest_date": TODAY, "catalog_version": load_catalog().version}
    write(settings.lake, EVENTS, row)
    reader = LakeReader(settings.lake)
    assert check_catalog(settings, reader).state == "ok"
    settings.home.mkdir(exist_ok=True)
    overlay_path(settings.home).write_text('{"do": "retire", "artist": "PLAVE"}')
    found = check_catalog(settings, reader)
    assert (found.state, found.advice) == ("warning", "`kpop run 2026-11-20 2026-11-20`")
    overlay_path(settings.home).write_text('{"do": "retire", "artist": "Nobody"}')
    found = check_catalog(settings, reader)
    assert found.state == "problem"
    assert found.text == "catalog.jsonl, line 1, Nobody: is no act of the catalogue"
    assert found.advice


def test_a_change_of_the_rules_makes_days_those_of_another_catalogue(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    row = {"ingest_date": TODAY, "catalog_version": load_catalog().version}
    write(settings.lake, EVENTS, row)
    same = Catalog(load_catalog().acts)
    assert same.version == row["catalog_version"]
    read: list[str] = []

    def other_rules(files: Iterable[Path]) -> str:
        read.extend(path.name for path in files)
        return "other"

    monkeypatch.setattr("kpop_assets.catalog.catalog.digest_code", other_rules)
    changed = Catalog(load_catalog().acts)
    monkeypatch.setattr(
        "kpop_assets.operate.checkup.matching.load_catalog", lambda overlay: changed
    )
    found = check_catalog(settings, LakeReader(settings.lake))
    assert (found.state, found.advice) == ("warning", "`kpop run 2026-11-20 2026-11-20`")
    assert {"cues.py", "titles.py", "matcher.py", "lexicon.py"} <= set(read)


def test_former_names_that_forecasts_still_hold_are_named(settings: Settings):
    write(settings.lake, EVENTS, {"ingest_date": TODAY, "catalog_version": "older"})
    reader = LakeReader(settings.lake)
    assert "forecasts" not in check_catalog(settings, reader).text
    rows = [{"ingest_date": TODAY, "artist": name} for name in ("IVE", "VCHA", "GIRLSET")]
    write(settings.lake, ARTIST_INPUTS, *rows)
    text = check_catalog(settings, reader).text
    assert text.endswith("; until they are run again forecasts take VCHA for other acts")
    write(settings.lake, ARTIST_INPUTS, rows[0])
    assert "forecasts" not in check_catalog(settings, reader).text


def test_days_that_nothing_can_match_anew_are_left(settings: Settings):
    write(settings.lake, EVENTS, {"ingest_date": TODAY, "catalog_version": "older"})
    write(settings.lake, PURGES, {"ingest_date": TODAY})
    assert check_catalog(settings, LakeReader(settings.lake)).state == "ok"
