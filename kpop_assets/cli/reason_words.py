"""What an input says of an act, in a few plain words.

Belongs here: words of inputs for the command line. Does not belong here: the inputs
(models/inputs.py), their effects (pareto/), or a page's sentences (app/messages/).
"""

from __future__ import annotations

import math
from collections.abc import Callable


def _times(of_what: str) -> Callable[[float], str]:
    return lambda value: f"pace {math.exp(value):.1f} x {of_what}"


def _place(when: str) -> Callable[[float], str]:
    return lambda value: f"{when} would rank above {value:.0%} of acts"


_WORDS: dict[str, Callable[[float], str]] = {
    "trend": _times("its month's"),
    "pace_change_week": _times("that of a week ago"),
    "pace_change_7d": _times("its week's, on the last day"),
    "trend_change": lambda value: f"trend {'up' if value > 0 else 'down'} since a week ago",
    "new_share": lambda value: f"{value:.0%} of its pace from new videos",
    "days_since_new": lambda value: f"last new video {value:.0f} days ago",
    "days_absent": lambda value: f"last seen {value:.0f} days ago",
    "nowcast_1d": _place("its last day"),
    "nowcast_3d": _place("its last 3 days"),
    "nowcast_7d": _place("its last 7 days"),
    "tier": lambda value: f"it is in tier {value:.0f}",
    "growth_rate_7d": lambda value: f"growth {value:+,.0f} % in 7 days",
    "video_count": lambda value: f"{value:.0f} videos",
}


def tell_reason(name: str | None, value: float | None, effect: float | None) -> str:
    """An input in words with what it does to the chance, `-` where there is none.

    An input without words of its own is told by its name.
    """
    if name is None or effect is None:
        return "-"
    if value is None or math.isnan(value):
        said = f"{name} is unknown"
    elif name in _WORDS:
        said = _WORDS[name](value)
    else:
        said = f"{name} {value:,.4g}"
    return f"{said} ({100 * effect:+.0f} points)"
