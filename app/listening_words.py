"""Why a listener is shown a work, in the reader's language.

Belongs here: the words. Does not belong here: which reason is told
(kpop_assets/recommend/service/listening_reasons.py).
"""

from __future__ import annotations

from app.frame import word
from app.messages.catalogue import load_messages
from app.names import act_name
from app.sound_words import say_sound
from app.tables import number
from kpop_assets.catalog.acts import OTHER
from kpop_assets.recommend.service.answer import NamedWork, RecommendedWork

# More are no reason any more; the downloads have all.
_MOST_PARTS = 3


def say_why(row: RecommendedWork) -> str:
    """The reason of a row in words."""
    reason = row.reason
    if row.because is not None and reason.kind in ("seed", "played", "together"):
        said = word(f"listener.why_{reason.kind}", work=say_work(row.because))
        return _with_sound(said, reason.sound)
    if reason.kind == "rising" and reason.rise_chance is not None:
        return word("listener.why_rising", chance=number("share", reason.rise_chance))
    if reason.kind == "fresh" and reason.age_days is not None:
        return word("listener.why_fresh", days=number("count", max(reason.age_days, 0)))
    return word("listener.why_popular")


def _with_sound(said: str, sound: str | None) -> str:
    if not sound:
        return said
    return word("listener.why_sounds", why=said, sound=say_sound(sound))


def say_work(work: NamedWork) -> str:
    """Act and title."""
    act = work.artist_name if work.artist == OTHER else act_name(work.artist)
    return f"{act} – {work.title}"


def say_parts(row: RecommendedWork) -> str | None:
    """The recommenders that think most of a row, with the share of candidates below it."""
    most = sorted(row.parts.items(), key=lambda one: (-one[1], one[0]))[:_MOST_PARTS]
    told = [f"{say_part(name)} {number('count', 100 * share)}%" for name, share in most]
    return " · ".join(told) or None


def say_part(name: str) -> str:
    """What a recommender is called; one that nobody named has its own name."""
    key = f"listener.part_{name}"
    return word(key) if key in load_messages() else name
