"""Days and times as files write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.landing.sources.day_order import order_of
from kpop_assets.landing.sources.times import (
    DateOrder,
    day_in_name,
    epoch_of,
    read_instant,
    read_time,
)

DAY = dt.date(2020, 8, 12)
MIDNIGHT = 1_597_190_400_000


@pytest.mark.parametrize(
    "text",
    [
        "2020-08-12",
        "2020.08.12",
        "2020/8/12",
        "2020. 8. 12.",
        "2020년 8월 12일",
        "20200812",
        "12-Aug-2020",
        "12 August 2020",
        "Aug 12, 2020",
        "44055",
    ],
)
def test_a_day_alone(text: str):
    assert read_time(text) == DAY
    assert read_instant(f" {text} ") == MIDNIGHT


@pytest.mark.parametrize(
    "text",
    [
        "2020-08-12T09:00:00Z",
        "2020-08-12T09:00:00.000Z",
        "2020-08-12 09:00:00+00:00",
        "2020-08-12T18:00:00+09:00",
        "2020-08-12 18:00:00 KST",
        "Wed, 12 Aug 2020 18:00:00 +0900",
        "Wed, 12 Aug 2020 09:00:00 GMT",
        "2020-08-12 9:00",
        "2020-08-12 오후 6:00:00",
        "2020. 8. 12. 오후 6:00",
        "2020/08/12 9:00 AM",
        "44055.375",
        "1597222800",
        "1597222800000",
        1_597_222_800,
        1_597_222_800_000_000,
        1_597_222_800.0,
    ],
)
def test_an_instant(text: object):
    assert read_instant(text) == MIDNIGHT + 9 * 3_600_000


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("8/12/2020", "mdy", DAY),
        ("12/8/2020", "dmy", DAY),
        ("12.08.2020 0:00", "dmy", DAY),
        ("8/12/2020 12:00:00 AM", "mdy", DAY),
        ("20.12.08", "ydm", DAY),
        ("17.14.11", "ydm", dt.date(2017, 11, 14)),
    ],
)
def test_a_day_whose_parts_need_an_order(text: str, order: DateOrder, day: dt.date):
    found = read_time(text, order)
    assert (found.date() if isinstance(found, dt.datetime) else found) == day
    assert read_time(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2020-13-01",
        "2020-02-30",
        "17.14.11",
        "12",
        "999999",
        "0",
        None,
        True,
        "44055.5.1",
    ],
)
def test_what_is_no_time(text: object):
    assert read_time(text) is None
    assert read_instant(text) is None


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ([("8/12/2020", None), ("8/13/2020", None)], "mdy"),
        ([("12/8/2020", None), ("13/8/2020", None)], "dmy"),
        ([("8/12/2020", None)], ""),
        ([("8/12/2020", "2020-08-11T09:00:00Z")], "mdy"),
        ([("8/12/2020", "2020-12-07T09:00:00Z")], "dmy"),
        ([("8/12/2020", "2020-08-11")] * 9 + [("8/12/2020", "2017-01-01")], "mdy"),
        ([("8/8/2020", None)], "mdy"),
        ([("13/8/2020", None), ("8/13/2020", None)], ""),
        ([("2020-08-12", None)], ""),
        ([], ""),
    ],
)
def test_the_order_of_a_files_days_is_told_by_all_of_them(values: list, order: DateOrder):
    assert order_of(values) == order


@given(st.dates(dt.date(2017, 1, 1), dt.date(2099, 12, 30)), st.sampled_from(["dmy", "mdy"]))
def test_any_day_in_any_form(day: dt.date, order: DateOrder):
    serial = (day - dt.date(1899, 12, 30)).days
    for text in (f"{day}", f"{day:%Y.%m.%d}", f"{day:%d-%b-%Y}", f"{serial}"):
        assert read_time(text) == day
    assert read_time(f"{day:%d/%m/%Y}" if order == "dmy" else f"{day:%m/%d/%Y}", order) == day


@given(st.integers(1_483_196_400_000, 4_102_444_799_999))
def test_an_epoch_in_any_unit(epoch_ms: int):
    assert (
        epoch_of(epoch_ms) == epoch_of(epoch_ms * 1_000) == epoch_of(epoch_ms * 10**6) == epoch_ms
    )
    assert epoch_of(epoch_ms // 1_000) == epoch_ms // 1_000 * 1_000


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("regional-kr-daily-2026-03-02.csv", dt.date(2026, 3, 2)),
        ("KR_20251104.json", dt.date(2025, 11, 4)),
        ("regional-kr-daily-2018.csv", None),
        ("events_1766892339.json", None),
        ("kr-2025-13-41.csv", None),
    ],
)
def test_the_day_in_a_name(name: str, day: dt.date | None):
    assert day_in_name(name) == day


NOVEMBER = [(f"11/{day}/2020", f"2020-11-{day - 1:02}T09:00:00Z") for day in range(2, 13)]


@pytest.mark.parametrize(
    ("values", "order"),
    [
        # One odd day turns no file: 11/2 to 11/12 are not days of February to December.
        ([*NOVEMBER, ("13/11/2020", "2020-11-12T09:00:00Z")], "mdy"),
        # Two of ten are more than a few.
        ([*NOVEMBER[:8], *[("13/11/2020", "2020-11-12T09:00:00Z")] * 2], ""),
        # Old videos: the one order in which all are days, none of them before its video.
        ([("11/13/2020", "2018-01-01"), ("11/2/2020", "2018-01-01")], "mdy"),
        ([("13/11/2020", "2020-12-30"), ("2/11/2020", "2020-12-30")], ""),
        # Without another time: days that stand together.
        ([*[(day, None) for day, _ in NOVEMBER], ("13/11/2020", None)], ""),
        ([*[(f"{day}/11/2020", None) for day in range(2, 14)]], "dmy"),
    ],
)
def test_an_odd_day_does_not_turn_the_days_of_a_file(values: list, order: DateOrder):
    assert order_of(values) == order
