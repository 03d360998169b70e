"""What surrounds every page: language, day, the mark of simulated data, and sentences for trouble.

Belongs here: what a page is given and how its end is told. Does not belong here: navigation
(main.py), or anything of one page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from app.address import ask_always, kept, say_always
from app.cache import ask
from app.messages.catalogue import LANGUAGES, as_markdown, plain, speak_of
from app.notices import PageEnd
from app.queries import lake
from app.snapshot import Snapshot
from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.settings import load_settings

# The longest first: collectors add the country to their name.
SOURCES = (
    "youtube_popular",
    "youtube_trending",
    "spotify_chart",
    "spotify_tracks",
    "spotify_api",
    "youtube",
    "demo",
)
REGIONS = ("KR", "JP", "US")
# The others are a number.
MOST_SOURCES = 2
_VIEW = "_view"
_SIMULATED = "_simulated"


@dataclass(frozen=True)
class View:
    """What a page shows: the lake at one moment, as of a day.

    Attributes:
        snapshot: the tables.
        days: days that have a ranking, oldest first.
        chosen: the day that the visitor chose; None is the newest.
        trouble: why there is no day.
    """

    snapshot: Snapshot
    days: tuple[dt.date, ...]
    chosen: dt.date | None
    trouble: PageEnd | None

    @property
    def day(self) -> dt.date:
        """The day to show.

        Raises:
            PageEnd: no day has a ranking.
        """
        if not self.days:
            raise self.trouble or PageEnd("notice.no_data")
        return self.chosen if self.chosen in self.days else self.days[-1]


def heed_language() -> None:
    """Choose the language that the address asks for; at first, the browser's."""
    ask_always("lang", "lang", lambda text: text if text in LANGUAGES else _preferred())


def language() -> str:
    """The chosen language: `en` or `ko`."""
    return str(st.session_state.get("lang", "en"))


def t(key: str, **values: object) -> str:
    """A message as Markdown; texts among `values` cannot act in it."""
    return as_markdown(language(), key, **values)


def word(key: str, **values: object) -> str:
    """A message as plain text, for charts, tables and options."""
    return plain(language(), key, **values)


def open_view() -> View:
    """Read the settings and pin the lake, draw what every page has, keep the view for the page."""
    _choose_language()
    snapshot = Snapshot(load_settings())
    days, trouble = _days(snapshot)
    _choose_words(snapshot)
    view = View(snapshot, days, _choose_day(days), trouble)
    st.session_state[_VIEW] = view
    return view


def shown_view() -> View:
    """What the page shows that is being drawn."""
    view: View = st.session_state[_VIEW]
    return view


def run_page(show: Callable[[View], None]) -> None:
    """Draw a page; what cannot be shown becomes a sentence in its place."""
    view = shown_view()
    try:
        show(view)
    except PageEnd as notice:
        tell(notice)
    _watch_versions(view.snapshot)


def tell(notice: PageEnd) -> None:
    """Show a notice's sentence."""
    st.info(t(notice.key, **notice.values), icon=":material/info:")


def mark_simulated(view: View) -> None:
    """Say on the page that data is simulated, where it is or where that cannot be told."""
    marks: list[bool] = []
    try:
        others = ask(view.snapshot, lake.list_other_sources)
        marks = [source == SIMULATED_SOURCE for source in others]
        sources = ask(view.snapshot, lake.describe_sources)
        marks += sources.get_column("is_simulated").to_list()
    except PageEnd:
        if view.days:
            st.session_state[_SIMULATED] = True
            st.warning(t("frame.unknown_source"), icon=":material/science:")
            return
    st.session_state[_SIMULATED] = any(marks)
    if shows_simulated():
        only = "frame.simulated" if all(marks) else "frame.partly_simulated"
        st.warning(t(only), icon=":material/science:")


def say_origin(view: View) -> None:
    """Say in a line where the page's data is from, and of which day it is."""
    try:
        sources = ask(view.snapshot, lake.describe_sources).sort("row_count", descending=True)
        regions = ask(view.snapshot, lake.list_regions)
        day = view.day
    except PageEnd:
        # What is missing, the page itself says.
        return
    if sources.is_empty():
        return
    names = [source_name(name, regions.get(name, ())) for name in sources.get_column("source")]
    if len(names) > MOST_SOURCES:
        more = word("frame.origin_more", count=len(names) - MOST_SOURCES)
        names = [*names[:MOST_SOURCES], more]
    newest = max(sources.get_column("newest_day")).isoformat()
    st.caption(t("frame.origin", sources=", ".join(names), newest=newest, day=day.isoformat()))


def source_name(source: str, regions: Sequence[str] = ()) -> str:
    """A source in words, with its countries; one that nobody named keeps its own name."""
    plain_name = next((n for n in SOURCES if source == n or source.startswith(f"{n}_")), None)
    name = source if plain_name is None else word(f"frame.source_{plain_name}")
    countries = [
        word(f"frame.region_{region.lower()}") if region in REGIONS else region
        for region in regions
    ]
    return word("frame.origin_of", source=name, regions=", ".join(countries)) if countries else name


def shows_simulated() -> bool:
    """Whether any of the data is, or may be, simulated: then ids of videos lead nowhere."""
    return bool(st.session_state.get(_SIMULATED))


def _choose_language() -> None:
    st.sidebar.segmented_control(
        plain("en", "frame.language") + " · " + plain("ko", "frame.language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="lang",
        required=True,
        label_visibility="collapsed",
    )
    say_always("lang", language())


def _preferred() -> str:
    locale = st.context.locale or ""
    return "ko" if locale.lower().startswith("ko") else "en"


def _choose_words(snapshot: Snapshot) -> None:
    """Call what the data counts by its name: views of videos, streams of tracks."""
    try:
        sources = ask(snapshot, lake.describe_sources).get_column("source")
    except PageEnd:
        sources = pl.Series([], dtype=pl.String)
    speak_of(lake.medium_of(sources))


def _days(snapshot: Snapshot) -> tuple[tuple[dt.date, ...], PageEnd | None]:
    try:
        if snapshot.version(ARTIST_FEATURES) is None:
            return (), None
        days = ask(snapshot, lake.list_ranked_days)
        return days, None if days else PageEnd("notice.no_artist")
    except PageEnd as notice:
        return (), notice


def _choose_day(days: tuple[dt.date, ...]) -> dt.date | None:
    if len(days) < 2:
        return None
    options = days[::-1]
    with kept("day", None, options) as key:
        chosen: dt.date | None = st.sidebar.selectbox(
            word("frame.day"),
            options,
            index=None,
            format_func=dt.date.isoformat,
            placeholder=word("frame.newest_day", day=days[-1].isoformat()),
            help=t("frame.day_help"),
            key=key,
        )
    return chosen


@st.fragment(run_every=20)
def _watch_versions(snapshot: Snapshot) -> None:
    """Offer a reload where a table of the page has a newer version by now."""
    if snapshot.is_outdated():
        st.info(t("frame.newer"), icon=":material/update:")
        if st.button(t("frame.reload")):
            st.rerun()
