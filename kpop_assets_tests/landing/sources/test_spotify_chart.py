"""The daily Spotify chart."""

from __future__ import annotations

import csv
import datetime as dt
import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.chart_labels import ChartLabels
from kpop_assets.landing.sources.readings import read_whole
from kpop_assets.landing.sources.spotify_chart import SpotifyChart
from kpop_assets.landing.sources.tracks import track_id

ROW = {
    "file_date": "2025-06-11",
    "pos": "3",
    "artist_and_title": "Jung Kook - Seven (w/ Latto) - Remix",
    "days": "697",
    "streams": "51,835",
    "streams_change": "+3,368",
    "total": "50,577,378",
    "country": "kr",
}
NOON = 1_749_610_800_000


def read(tmp_path: Path, *rows: dict[str, str]) -> tuple[list, Repairs]:
    path = tmp_path / "kr_daily_top50.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ROW))
        writer.writeheader()
        writer.writerows(rows)
    repairs: Repairs = Counter()
    return list(SpotifyChart().read(path, repairs)), repairs


def test_a_row_becomes_a_record(tmp_path: Path):
    (record,), repairs = read(tmp_path, ROW)
    assert record.day == dt.date(2025, 6, 11)
    assert record.epoch_ms == NOON
    assert record.record == {
        "video_id": "spotify:" + track_id(ROW["artist_and_title"])[8:],
        "text": "Jung Kook - Seven (w/ Latto) - Remix",
        "ts": NOON,
        "source": "spotify_chart",
        "author_name": "Jung Kook",
        "observed_at": NOON,
        "view_count": 50577378,
        "region": "KR",
    }
    assert not repairs


def test_a_track_id_lasts():
    """Ids are joined over days, so this value must never change."""
    assert track_id("Jin - Don’t Say You Love Me") == "spotify:c927a9c0251f62f8"
    korean = "데이먼스 이어 Damons year - yours"
    assert track_id(unicodedata.normalize("NFD", korean)) == track_id(korean)
    assert track_id("Jin - Who") != track_id("Jimin - Who")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,774,123", 1774123), ("+2,523", 2523), ("-86,842", -86842), ("7", 7), ("1234567", 1234567)],
)
def test_numbers(text: str, expected: int):
    assert read_whole(text).value == expected


@pytest.mark.parametrize("text", ["", "-", "n/a", "NaN", "-1", None])
def test_what_stands_for_no_number_is_none(text: str | None):
    assert read_whole(text).value is None


@pytest.mark.parametrize("text", ["1,23", "12,345,6", "1.5", "=", "１"])
def test_what_is_no_number_comes_back(text: str | None):
    assert read_whole(text).value == text


@pytest.mark.parametrize("text", ["1.000", "50.000", "-12.345", " 1.234 "])
def test_a_number_with_one_point_is_never_a_thousandth(text: str):
    assert read_whole(text) == (None, "doubtful")


@pytest.mark.parametrize(
    ("text", "number"), [("1.250.000", 1_250_000), ("0.000", 0), ("1.0", 1), ("1234.000", 1234)]
)
def test_a_number_with_points_that_is_clear(text: str, number: int):
    assert read_whole(text).value == number


# Where a counter is hidden, some write -1.
@given(st.integers(-(10**15), 10**15).filter(lambda number: number != -1))
def test_any_number_with_separators(number: int):
    assert read_whole(f"{number:+,}").value == read_whole(f"{number:,}").value == number


def test_a_number_that_cannot_be_read_goes_on_as_it_came(tmp_path: Path):
    (record,), _ = read(tmp_path, ROW | {"total": "1,23"})
    assert record.record["view_count"] == "1,23"


def test_a_repeated_page_is_kept_and_counted(tmp_path: Path):
    next_day = {"file_date": "2025-06-12"}
    rows = [ROW, ROW | next_day, ROW | {"file_date": "2025-06-13", "total": "50,600,000"}]
    records, repairs = read(tmp_path, *rows)
    assert [r.day.day for r in records] == [11, 12, 13]
    assert repairs == {"page_repeats_day_before_kept": 1, "row_of_repeated_page_kept": 1}


def test_a_row_without_usable_date_goes_with_the_row_before(tmp_path: Path):
    bad = [ROW | {"file_date": d, "total": d} for d in ("06/12/2025", "1970-01-01", "9999-99-99")]
    records, repairs = read(tmp_path, ROW, *bad)
    assert {r.day for r in records} == {dt.date(2025, 6, 11)}
    assert [r.record["observed_at"] for r in records[1:]] == [
        "06/12/2025",
        10_800_000,
        "9999-99-99",
    ]
    assert repairs == {"day_unreadable_set_aside": 3}


def test_a_row_without_artist_or_name_is_passed_on(tmp_path: Path):
    no_artist, empty = ROW | {"artist_and_title": "Untitled"}, ROW | {"artist_and_title": ""}
    records, repairs = read(tmp_path, no_artist, empty)
    assert "author_name" not in records[0].record
    assert "video_id" not in records[1].record
    assert repairs == {"no_artist_in_artist_and_title": 2, "track_without_label_set_aside": 1}


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("artist_and_title", "column artist_and_title is missing"),
        ("total", "column total is missing"),
        ("file_date", "layout totals has no column of days, and its name has no day"),
    ],
)
def test_a_missing_column_is_one_clear_line(tmp_path: Path, column: str, told: str):
    path = tmp_path / "kr_daily_top50.csv"
    path.write_text(",".join(name for name in ROW if name != column) + "\n")
    with pytest.raises(LandingError, match=told) as info:
        list(SpotifyChart().read(path, Counter()))
    assert "\n" not in str(info.value)


def test_a_derived_file_beside_the_chart_is_left_out(tmp_path: Path):
    read(tmp_path, ROW)
    (tmp_path / "kr_artist_daily.csv").write_text("file_date,artist,streams\n2025-06-11,Jin,1\n")
    assert [p.name for p in SpotifyChart().sources_in(tmp_path)] == ["kr_daily_top50.csv"]


CHART = "file_date,artist_and_title,streams,total,country\n"


def chart(tmp_path: Path, *rows: str, name: str = "charts.csv", known: Path | None = None) -> tuple:
    path = tmp_path / name
    path.write_text(CHART + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    repairs: Repairs = Counter()
    importer = SpotifyChart() if known is None else SpotifyChart().for_import(known)
    return [r.record for r in importer.read(path, repairs)], repairs


def test_each_country_has_a_series_of_its_own(tmp_path: Path):
    records, _ = chart(
        tmp_path,
        '2026-03-02,TWS - Paper Bell,"25,000","1,000,000",kr',
        '2026-03-02,TWS - Paper Bell,"20,000","3,000,000",Japan',
        '2026-03-03,TWS - Paper Bell,"20,000","3,020,000",jp',
    )
    kr = track_id("TWS - Paper Bell")
    jp = kr.replace("spotify:", "spotify:jp:")
    assert [(r["video_id"], r["region"]) for r in records] == [(kr, "KR"), (jp, "JP"), (jp, "JP")]
    assert {r["source"] for r in records} == {"spotify_chart"}


def test_the_country_of_a_chart_without_one_is_that_of_its_name(tmp_path: Path):
    row = "2026-03-02,TWS - Paper Bell,1,10,"
    for name, region in (("jp_daily.csv", "JP"), ("charts.csv", None)):
        (record,), _ = chart(tmp_path, row, name=name)
        assert record.get("region") == region


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("TWS - Paper Bell", "TWS - Paper Bell (w/ Dahlia Moon)"),
        ("TWS - Paper Bell (feat. Dahlia Moon)", "TWS - Paper Bell"),
        ("TWS - Paper Bell feat. Dahlia Moon", "TWS - Paper Bell"),
        ("TWS - Paper Bell (w/ Dahlia Moon) - Remix", "TWS - Paper Bell - Remix"),
        ("ILLIT - Don't Fold", "ILLIT - Don’t Fold"),
        ("ILLIT - don't fold", "ILLIT - Don't Fold"),
        ("ILLIT - Paper-Fold", "ILLIT – Paper‐Fold"),
        ("ROSÉ - Paper", "ROSE - Paper"),
        ("아일릿 - 종이", unicodedata.normalize("NFD", "아일릿 - 종이")),
    ],
)
@pytest.mark.parametrize("is_other_import", [False, True])
def test_a_track_goes_on_under_a_new_label(
    tmp_path: Path, before: str, after: str, is_other_import: bool
):
    first = f'2026-03-02,"{before}",100,1000,kr'
    second = [f'2026-03-03,"{after}",100,1100,kr', f'2026-03-04,"{after}",100,1200,kr']
    if is_other_import:
        landing = tmp_path / "landing"
        (tmp_path / "old.csv").write_text(f"{CHART}{first}\n", encoding="utf-8")
        import_files("spotify-chart", tmp_path / "old.csv", landing)
        records, repairs = chart(tmp_path, *second, known=landing)
    else:
        records, repairs = chart(tmp_path, first, *second)
    assert {r["video_id"] for r in records} == {track_id(before)}
    is_same_text = unicodedata.normalize("NFC", after) == before
    assert repairs["track_goes_on_under_new_label"] == (not is_same_text)


@pytest.mark.parametrize(
    "rows",
    [
        # Both stand on one page.
        ["2026-03-02,TWS - Bell,100,1000,kr", "2026-03-02,TWS - Bell (w/ D),100,1000,kr"],
        # The one that was there stands further down on the page.
        [
            "2026-03-02,TWS - Bell,100,1000,kr",
            "2026-03-03,TWS - Bell (w/ D),100,1050,kr",
            "2026-03-03,TWS - Bell,100,1100,kr",
        ],
        # The total does not go on.
        ["2026-03-02,TWS - Bell,100,1000,kr", "2026-03-03,TWS - Bell (w/ D),100,900,kr"],
        ["2026-03-02,TWS - Bell,100,1000,kr", "2026-03-03,TWS - Bell (w/ D),100,9000,kr"],
        # Another song, and another country.
        ["2026-03-02,TWS - Bell,100,1000,kr", "2026-03-03,TWS - Bell - Remix,100,1100,kr"],
        ["2026-03-02,TWS - Bell,100,1000,kr", "2026-03-03,TWS - Bell (w/ D),100,1100,jp"],
    ],
)
def test_what_is_alike_but_does_not_go_on_is_another_track(tmp_path: Path, rows: list[str]):
    records, repairs = chart(tmp_path, *rows)
    assert len({r["video_id"] for r in records}) == 2
    assert not repairs["track_goes_on_under_new_label"]


GUEST = "TWS - Bell (feat. D)"


def ids(records: list) -> list[str]:
    return [record["video_id"] for record in records]


def test_a_version_with_a_guest_long_after_is_another_track(tmp_path: Path):
    records, _ = chart(
        tmp_path,
        '2026-03-10,TWS - Bell,"20,000","5,000,000",kr',
        f'2026-04-10,{GUEST},"50,000","6,100,000",kr',
        '2026-04-11,TWS - Bell,"20,000","5,400,000",kr',
        f'2026-04-11,{GUEST},"50,000","6,150,000",kr',
    )
    one, other = track_id("TWS - Bell"), track_id(GUEST)
    assert ids(records) == [one, other, one, other]


@pytest.mark.parametrize("is_other_import", [False, True])
def test_two_labels_of_one_track_on_one_page_are_two_tracks(tmp_path: Path, is_other_import: bool):
    first = ["2026-03-10,TWS - Bell,100,5000,kr", f"2026-03-11,{GUEST},100,5100,kr"]
    second = [
        "2026-03-12,TWS - Bell,20,5020,kr",
        f"2026-03-12,{GUEST},100,5200,kr",
        "2026-03-13,TWS - Bell,20,5040,kr",
        f"2026-03-13,{GUEST},100,5300,kr",
    ]
    if is_other_import:
        landing = tmp_path / "landing"
        chart(tmp_path, *first)
        import_files("spotify-chart", tmp_path / "charts.csv", landing)
        records, _ = chart(tmp_path, *second, known=landing)
    else:
        records = chart(tmp_path, *first, *second)[0][2:]
    with_guest, alone = track_id("TWS - Bell"), ids(records)[0]
    assert ids(records) == [alone, with_guest, alone, with_guest]
    assert alone not in (with_guest, track_id(GUEST))


def test_importing_a_parted_track_again_lands_nothing(tmp_path: Path):
    rows = [
        "2026-03-10,TWS - Bell,100,5000,kr",
        f"2026-03-11,{GUEST},100,5100,kr",
        "2026-03-12,TWS - Bell,20,5020,kr",
        f"2026-03-12,{GUEST},100,5200,kr",
    ]
    landing = tmp_path / "landing"
    chart(tmp_path, *rows)
    import_files("spotify-chart", tmp_path / "charts.csv", landing)
    again = import_files("spotify-chart", tmp_path / "charts.csv", landing)
    assert (again.lines_written, again.already_landed_lines) == (0, 4)


def test_one_label_twice_on_a_page_is_one_track(tmp_path: Path):
    records, _ = chart(
        tmp_path, "2026-03-10,TWS - Bell,100,5000,kr", "2026-03-10,TWS - Bell,100,5000,kr"
    )
    assert len(set(ids(records))) == 1


def test_an_official_chart_between_changes_no_id_of_the_totals(tmp_path: Path):
    landing = tmp_path / "landing"
    chart(tmp_path, "2026-03-10,TWS - Bell,100,5000,kr")
    import_files("spotify-chart", tmp_path / "charts.csv", landing)
    official = tmp_path / "regional-kr-daily-2026-03-05.csv"
    official.write_text(f"{OFFICIAL}1,spotify:track:abc,TWS,Bell,X,90000\n", encoding="utf-8")
    import_files("spotify-chart", official, landing)
    records, _ = chart(tmp_path, "2026-03-11,TWS - Bell,100,5100,kr", known=landing)
    assert ids(records) == [track_id("TWS - Bell")]


def test_importing_again_gives_the_same_ids(tmp_path: Path):
    landing = tmp_path / "landing"
    chart(
        tmp_path,
        "2026-03-02,TWS - Bell,100,1000,kr",
        "2026-03-03,TWS - Bell (w/ D),100,1100,kr",
    )
    first = import_files("spotify-chart", tmp_path / "charts.csv", landing)
    again = import_files("spotify-chart", tmp_path / "charts.csv", landing)
    assert (first.lines_written, again.lines_written, again.already_landed_lines) == (2, 0, 2)


OFFICIAL = "rank,uri,artist_names,track_name,source,streams\n"


def test_the_official_chart_has_its_day_in_its_name_and_streams_of_a_day(tmp_path: Path):
    path = tmp_path / "regional-jp-daily-2026-03-02.csv"
    path.write_text(
        f'{OFFICIAL}1,spotify:track:abc,"ROSÉ, Bruno Mars","Paper, Street",X,90000\n'
        '2,spotify:track:def,"10,000 Cranes",Fold,X,"50,000"\n',
        encoding="utf-8",
    )
    first, second = (r.record for r in SpotifyChart().read(path, Counter()))
    assert first == {
        "video_id": "spotify:jp:track:abc",
        "text": "ROSÉ, Bruno Mars - Paper, Street",
        "ts": 1_772_420_400_000,
        "source": "spotify_chart",
        "author_name": "ROSÉ",
        "observed_at": 1_772_420_400_000,
        "day_streams": 90_000,
        "region": "JP",
    }
    assert (second["author_name"], second["day_streams"]) == ("10,000 Cranes", 50_000)


def test_the_official_chart_of_before_2021_has_a_note_and_an_address(tmp_path: Path):
    path = tmp_path / "regional-kr-daily-2018-01-31.csv"
    head = ',,,"Note that these figures are made up",\nPosition,Track Name,Artist,Streams,URL\n'
    path.write_text(head + "1,Paper Crane,TWICE,40000,https://open.example.org/track/x1\n")
    (record,) = SpotifyChart().read(path, Counter())
    assert record.day == dt.date(2018, 1, 31)
    assert record.record["video_id"] == "spotify:track:x1"
    assert record.record["text"] == "TWICE - Paper Crane"


@pytest.mark.parametrize(
    ("label", "artist"),
    [
        ("Red Velvet - IRENE & SEULGI - Paper Garden", "Red Velvet - IRENE & SEULGI"),
        ("Red Velvet - Glass Pond", "Red Velvet"),
        ("T-ARA - Blue Umbrella", "T-ARA"),
        ("G-DRAGON - Short-Cut - Live", "G-DRAGON"),
        ("Kep1er – Glass Marble", "Kep1er"),
        ("TWS — Second Bell", "TWS"),
        ("ILLIT\u00a0-\u00a0Cotton Map", "ILLIT"),
        (" - Lonely Title", None),
        ("NMIXX -Tin Kite", None),
    ],
)
def test_where_the_artist_ends(label: str, artist: str | None):
    assert ChartLabels().split(label)[0] == artist


def test_a_chart_is_read_with_the_acts_of_its_home(tmp_path: Path):
    act = {"do": "add", "artist": "NEW - HALF", "kind": "group"}
    (tmp_path / "catalog.jsonl").write_text(json.dumps(act))
    row = '2026-03-02,NEW - HALF - Bell,"1","2",kr'
    (record,), _ = chart(tmp_path, row, known=tmp_path / "landing")
    assert record["author_name"] == "NEW - HALF"


@pytest.mark.parametrize(
    "name", ["regional-kr-weekly-2026-03-05.csv", "regional-kr-weekly--2018-01-05--2018-01-12.csv"]
)
def test_a_chart_of_weeks_is_refused(tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_text(f"{OFFICIAL}1,spotify:track:abc,TWS,Bell,X,90000\n")
    with pytest.raises(LandingError, match="chart of weeks, and only those of days are known"):
        list(SpotifyChart().read(path, Counter()))
