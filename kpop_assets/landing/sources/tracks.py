"""The lasting id of a track of a chart, whose label is its only name.

Belongs here: which rows of a chart are the same track. Does not belong here: how a chart is read
(spotify_chart.py).

A track's id is made from the label that it had when it was first seen, and from the country, whose
counter is another one; Korea's ids carry no country, as before there were others. A label that is
new on a page continues a track that was seen under another one if both are the same but for case,
signs, Unicode form and guests, if that track does not stand on the page by itself, and if the
running total goes on: two rows of one day are two tracks, however alike. Where a track that took a
new label stands on a later page under both, the row whose total does not go on gets an id of its
own. A row that was landed before, by day and total, keeps its id.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

# The chart that was there first: its ids stay as they are.
FIRST_COUNTRY = "KR"

_GUEST = r"(?:feat|ft|featuring|w/|with|prod|prod by)(?:\.|\b|(?<=/))\s*"
_GUEST_IN_BRACKETS = re.compile(rf"\s*[(\[]\s*{_GUEST}[^)\]]*[)\]]")
_GUEST_BEHIND = re.compile(r"\s+(?:feat|ft|featuring)\b\.?\s.*?(?=\s[-–—]\s|$)")
_NOT_A_LETTER = re.compile(r"[\W_]+")
# A total grows by its streams a day; a page now and then repeats, or several days come at once.
_MOST_DAYS_AT_ONCE = 4
# Of a track that is longer away the total says little: a version with a guest can have any.
_MOST_DAYS_AWAY = 14


class ChartRow(NamedTuple):
    """What tells a track: its label, and how far its counter has come on a day.

    Attributes:
        label: Artist and title as the chart writes them.
        total: The running total; None where unknown.
        streams: Those of the day; None where unknown.
    """

    label: str
    total: int | None
    streams: int | None = None


class _Track(NamedTuple):
    track_id: str
    totals: dict[dt.date, int]


class TrackIndex:
    """The tracks of one or more charts, as far as they were seen."""

    def __init__(self) -> None:
        self._by_label: dict[tuple[str, str], _Track] = {}
        self._by_fold: defaultdict[tuple[str, str], list[_Track]] = defaultdict(list)

    def learn(
        self, country: str, label: str, day: dt.date, total: int | None, track_id: str
    ) -> None:
        """Take in a row whose track is known, such as one that was landed before."""
        name = country, composed(label)
        track = self._by_label.get(name)
        if track is None or track.track_id != track_id:
            alike = self._by_fold[country, folded_label(label)]
            track = next((one for one in alike if one.track_id == track_id), None)
            if track is None:
                track = _Track(track_id, {})
                alike.append(track)
            self._by_label[name] = track
        if total is not None:
            track.totals[day] = total

    def resolve(
        self, country: str, day: dt.date, page: Sequence[ChartRow]
    ) -> list[tuple[str, bool]]:
        """The ids of a page's rows, in order, and whether each goes on under a new label."""
        names = [(country, composed(row.label)) for row in page]
        # Before any row of the page is taken in: two of one total are two tracks.
        before = [
            self._seen_before(country, day, name, row)
            for name, row in zip(names, page, strict=True)
        ]
        self._part(
            country, day, {n: r for n, r, b in zip(names, page, before, strict=True) if not b}
        )
        standing = {id(track) for name in names if (track := self._by_label.get(name))}
        found = []
        for name, row, seen in zip(names, page, before, strict=True):
            known = seen or self._by_label.get(name)
            renamed = None if known else self._continued(country, day, row, standing)
            track = known or renamed
            its_id = track.track_id if track else self._new_id(country, day, row.label)
            if renamed:
                standing.add(id(renamed))
            self.learn(country, row.label, day, row.total, its_id)
            standing.add(id(self._by_label[name]))
            found.append((its_id, renamed is not None))
        return found

    def _seen_before(
        self, country: str, day: dt.date, name: tuple[str, str], row: ChartRow
    ) -> _Track | None:
        """The track that had this total on this day, as where a chart is imported again."""
        alike = self._by_fold.get((country, folded_label(row.label)), [])
        same = [t for t in alike if row.total is not None and t.totals.get(day) == row.total]
        known = self._by_label.get(name)
        if any(track is known for track in same):
            return known
        return same[0] if len(same) == 1 else None

    def _part(self, country: str, day: dt.date, rows: dict[tuple[str, str], ChartRow]) -> None:
        """Make two tracks of one whose labels stand on one page after all."""
        by_track: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for name in rows:
            if track := self._by_label.get(name):
                by_track[id(track)].append(name)
        for together in by_track.values():
            track = self._by_label[together[0]]
            # Of rows that go on alike the one stays whose label the id was made from.
            together.sort(
                key=lambda name: (
                    not _goes_on(track, day, rows[name]),
                    track_id(name[1], country) != track.track_id,
                )
            )
            for name in together[1:]:
                its_id = self._new_id(country, day, name[1])
                self.learn(country, name[1], day, rows[name].total, its_id)

    def _new_id(self, country: str, day: dt.date, label: str) -> str:
        """An id that no other track has: by the label, or by label and day where that is taken."""
        alike = self._by_fold.get((country, folded_label(label)), [])
        made = track_id(label, country)
        is_taken = any(track.track_id == made for track in alike)
        return track_id(f"{composed(label)}\n{day}", country) if is_taken else made

    def _continued(
        self, country: str, day: dt.date, row: ChartRow, standing: set[int]
    ) -> _Track | None:
        """The one track that a new label can be another name of."""
        alike = self._by_fold.get((country, folded_label(row.label)), [])
        fitting = [t for t in alike if id(t) not in standing and _goes_on(t, day, row)]
        return fitting[0] if len(fitting) == 1 else None


def track_id(label: str, country: str = FIRST_COUNTRY) -> str:
    """The id of a track first seen under a label, whichever Unicode form that is written in."""
    name = composed(label).encode("utf-8", "surrogateescape")
    return in_country(f"spotify:{hashlib.sha256(name).hexdigest()[:16]}", country)


def in_country(track_id: str, country: str) -> str:
    """An id for the counter of one country."""
    if country in ("", FIRST_COUNTRY):
        return track_id
    return track_id.replace("spotify:", f"spotify:{country.lower()}:", 1)


def composed(label: str) -> str:
    """A label in the one Unicode form that ids are made from."""
    return unicodedata.normalize("NFC", label)


def folded_label(label: str) -> str:
    """What stays of a label when its spelling changes; the label itself if that is nothing."""
    text = unicodedata.normalize("NFKC", label).casefold()
    text = _GUEST_BEHIND.sub("", _GUEST_IN_BRACKETS.sub("", text))
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn"
    )
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFC", bare)) or composed(label)


def _goes_on(track: _Track, day: dt.date, row: ChartRow) -> bool:
    """Whether a total lies where the track's own could be on that day."""
    if row.total is None or not track.totals or day in track.totals:
        return False
    before = max((seen for seen in track.totals if seen < day), default=None)
    behind = min((seen for seen in track.totals if seen > day), default=None)
    return (before is None or _follows(before, track.totals[before], day, row.total, row)) and (
        behind is None or _follows(day, row.total, behind, track.totals[behind], row)
    )


def _follows(day: dt.date, total: int, later: dt.date, grown: int, row: ChartRow) -> bool:
    if (later - day).days > _MOST_DAYS_AWAY:
        return False
    if row.streams is None:
        return total <= grown <= 2 * total
    most = _MOST_DAYS_AT_ONCE * row.streams * (later - day).days
    return 0 <= grown - total <= most
