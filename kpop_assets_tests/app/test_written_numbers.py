"""How numbers are written, in both languages, in figures, tables and on axes alike."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cells import prepared
from app.messages.catalogue import LANGUAGES, load_messages
from app.numbers import FORMS, write


@pytest.mark.parametrize(
    ("form", "value", "english", "korean"),
    [
        ("compact", 2_160_000, "2.16M", "216만"),
        ("compact", 999_999, "1M", "100만"),
        ("compact", 48_215, "48.2K", "4.82만"),
        ("compact", 9_840, "9.84K", "9,840"),
        ("compact", 123_456_789, "123M", "1.23억"),
        ("compact", 21_640_000, "21.6M", "2,160만"),
        ("compact", 3_400_000_000_000, "3.4T", "3.4조"),
        ("compact", -1_500_000, "−1.5M", "−150만"),
        ("compact", 0, "0", "0"),
        ("compact", 12.345, "12.3", "12.3"),
        ("count", 1_234_567, "1,234,567", "1,234,567"),
        ("growth", 12.34, "+12.3%", "+12.3%"),
        ("growth", -17.0, "−17.0%", "−17.0%"),
        ("growth", 0.0, "0.0%", "0.0%"),
        ("growth", -0.01, "0.0%", "0.0%"),
        ("growth", 1291.04, "+1,291%", "+1,291%"),
        ("growth", 160_000_000.0, "+160M%", "+1.6억%"),
        ("points", -40.44, "−40.4 pp", "−40.4%p"),
        ("effect", 0.031, "+3.1 pp", "+3.1%p"),
        ("sentiment", 0.171, "+0.17", "+0.17"),
        ("sentiment", -0.75, "−0.75", "−0.75"),
        ("sentiment", -0.001, "0.00", "0.00"),
        ("share", 0.3589, "35.9%", "35.9%"),
        ("pct", 5.0, "5.0%", "5.0%"),
        ("times", 2.04, "× 2.0", "× 2.0"),
        ("places", 3, "▲ 3", "▲ 3"),
        ("places", -12, "▼ 12", "▼ 12"),
        ("places", 0, "0", "0"),
        ("year", 2026, "2026", "2026"),
        ("tenths", 61.25, "61.2", "61.2"),
        ("age", 47.4, "47 h", "47시간"),
        ("age", 72.0, "3 d", "3일"),
        ("growth", None, "–", "–"),
        ("compact", math.nan, "–", "–"),
    ],
)
def test_a_number_in_both_languages(form: str, value: float, english: str, korean: str):
    assert (write(form, value, "en"), write(form, value, "ko")) == (english, korean)


@given(st.floats(-1e12, 1e12), st.sampled_from(("growth", "points", "effect")))
def test_what_moves_says_which_way(value: float, form: str):
    said = write(form, value, "ko")
    size = abs(value) * (100 if form == "effect" else 1)
    if size >= 0.1:
        assert said.startswith("+" if value > 0 else "−")
    elif size < 0.04:
        assert said[0] == "0"


@given(st.integers(1, 10**14), st.sampled_from(("en", "ko")))
def test_compact_is_near_what_it_stands_for(value: int, language: str):
    said = write("compact", value, language).replace(",", "")
    units = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "만": 1e4, "억": 1e8, "조": 1e12}
    read = float(said.rstrip("".join(units))) * units.get(said[-1], 1)
    assert read == pytest.approx(value, rel=0.006)


def test_every_form_of_the_catalogue_is_written_somewhere():
    forms = {entry["as"] for entry in load_messages().values() if "as" in entry}
    assert forms - FORMS.keys() <= {"artist", "line", "run", "watch"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_keeps_its_number_and_shows_our_text(language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.cells.language", lambda: language)
    monkeypatch.setattr("app.cells.act_names", dict)
    frame = pl.DataFrame(
        {"artist": ["IVE", "AC&D"], "total_engagement": [2_160_000, 9], "rank_change": [None, -2]}
    )
    styled, config = prepared(frame)
    assert styled.data["total_engagement"].tolist() == [2_160_000, 9]
    assert styled.data["artist"].tolist()[1] == f"artist?artist=AC%26D&lang={language}"
    drawn = styled.to_html()
    assert all(text in drawn for text in (">IVE<", write("compact", 2_160_000, language), "▼ 2"))
    assert "format" not in str(config["total_engagement"]["type_config"].get("format") or "")
