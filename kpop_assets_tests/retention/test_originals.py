"""Originals in `taken/` that hold what the API said go, in whatever form they were dropped."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from kpop_assets.retention.api_lines import remove_taken
from kpop_assets_tests.retention.kit import OLD_DAYS, api_lines, other_lines


@pytest.mark.parametrize("form", ["plain", "packed", "utf-16"])
def test_an_original_of_the_api_goes_whatever_its_form(tmp_path: Path, form: str):
    taken = tmp_path / "inbox" / "taken"
    taken.mkdir(parents=True)
    write = {
        "plain": lambda data: data,
        "packed": gzip.compress,
        "utf-16": lambda data: data.decode().encode("utf-16"),
    }[form]
    day = OLD_DAYS[0]
    for name, lines in (("api.json", api_lines(day)), ("other.json", other_lines(day))):
        (taken / name).write_bytes(write(b"".join(lines)))
    assert remove_taken(tmp_path, day) == []
    assert remove_taken(tmp_path, day + dt.timedelta(days=1)) == ["api.json"]
    assert [path.name for path in taken.iterdir()] == ["other.json"]
