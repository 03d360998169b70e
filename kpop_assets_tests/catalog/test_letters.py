"""However a name's letters are drawn or stored, it is the same name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import OTHER, load_catalog
from kpop_assets.catalog.matcher import matcher_of
from kpop_assets.catalog.names import normalise


def shifted(first_capital: int, first_small: int, first_digit: int | None) -> dict[int, int]:
    table = {ord("A") + i: first_capital + i for i in range(26)}
    table |= {ord("a") + i: first_small + i for i in range(26)}
    return table | ({ord("0") + i: first_digit + i for i in range(10)} if first_digit else {})


BOLD = shifted(0x1D400, 0x1D41A, 0x1D7CE)
SANS = shifted(0x1D5D4, 0x1D5EE, 0x1D7EC)
SLANTED = shifted(0x1D63C, 0x1D656, None)
CIRCLED = shifted(0x24B6, 0x24D0, None)
BRACKETED = {ord("A") + i: 0x1F110 + i for i in range(26)}
WIDE = shifted(0xFF21, 0xFF41, 0xFF10)


def between(sign: str) -> Callable[[str], str]:
    return sign.join


FORMS: dict[str, Callable[[str], str]] = {
    "bold": lambda text: text.translate(BOLD),
    "sans-serif": lambda text: text.translate(SANS),
    "slanted": lambda text: text.translate(SLANTED),
    "circled": lambda text: text.translate(CIRCLED),
    "full width": lambda text: text.translate(WIDE),
    "in brackets": lambda text: text.upper().translate(BRACKETED),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "zero width": between("\u200b"),
    "soft hyphen": between("\u00ad"),
    "variation selector": between("\ufe0f"),
    "word joiner": between("\u2060"),
    "Turkish": lambda text: text.replace("I", "İ").replace("i", "ı"),
}
# Every act by a name that is no everyday word, and so by nothing but its letters.
NAMES = [
    (name, act.artist)
    for act in load_catalog()
    for name in act.names
    if not act.is_ambiguous(name) and load_catalog().find(name) is act
]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_name_drawn_otherwise_is_the_same_act(form: str, data: st.DataObject) -> None:
    name, _ = data.draw(st.sampled_from(NAMES))
    plain, drawn = f"{name} 'Paper Star'", f"{FORMS[form](name)} 'Paper Star'"
    match = matcher_of(load_catalog()).match
    assert normalise(drawn) == normalise(plain)
    assert match(drawn).artist == match(plain).artist


def test_small_letters_above_the_line_are_letters() -> None:
    assert normalise("\u1d43\u1d49\u02e2\u1d56\u1d43 radio") == "aespa radio"


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_the_normal_form_is_its_own(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("L", "N", "M", "So", "Cs", "Co", "Cn"))))
def test_signs_alone_name_nobody(text: str) -> None:
    assert matcher_of(load_catalog()).match(text.replace("\ufffd", "")).artist == OTHER


@settings(max_examples=200, deadline=None)
@given(st.text(), st.none() | st.text(), st.none() | st.text(), st.sampled_from(["youtube", ""]))
def test_any_text_has_an_answer_that_is_sound(
    title: str, channel: str | None, channel_id: str | None, source: str
) -> None:
    answer = matcher_of(load_catalog()).match(title, channel, channel_id, source)
    names = [credit.artist for credit in answer.credits]
    assert len(names) == len(set(names))
    assert (answer.artist == OTHER) == (answer.evidence == "none") == (not names)
    assert answer.artist in {*names, OTHER}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("STRAY KİDS", "stray kids"),
        ("ROSE\u0301", "rosé"),
        ("𝗡𝗲𝘄𝗝𝗲𝗮𝗻𝘀", "newjeans"),
        ("ᴛᴡɪᴄᴇ", "twice"),
        ("🅑🅣🅢", "bts"),
        ("ｱｲｳﾞ", "アイヴ"),
        ("アイヴの新曲", "アイヴ の 新曲"),
        ("防弾少年団", "防弾少年団"),
        ("르\u200b세라핌", "르세라핌"),
        # A plus at the end belongs to the name; one between two does not.
        ("MAMAMOO+", "mamamoo plus"),
        ("IVE+NMIXX", "ive nmixx"),
        ("&TEAM", "andteam"),
        ("GD&TOP", "gd top"),
        ("S*T*A*R", "s t a r"),
        ("BTS™", "bts"),
    ],
)
def test_the_normal_form(text: str, form: str) -> None:
    assert normalise(text) == form
