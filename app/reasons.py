"""Why a forecast is as it is, in sentences.

Belongs here: which reasons are said, in which order and words, from the names, values and effects
of `pareto/next_viral`, and what the lens saw beside. Does not belong here: the words themselves
(messages/reasons.toml), or how effects are worked out (pareto/).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app import numbers
from app.messages.catalogue import load_messages, plain
from kpop_assets.contracts import rules

# An effect below a point of the chance is no reason.
LEAST_EFFECT = 0.01
MOST_REASONS = 4
# Logarithms of a ratio, said as the ratio.
_RATIOS = ("pace_change_7d", "pace_change_week", "trend", "top_margin")
# Above 0 they sound like a rise, below like a fall.
_SIGNED = (*_RATIOS, "trend_change")
_FORMS = {"total_engagement": "compact", "rank": "count", "tier": "count"}
_LIMITS = {"days_since_new": rules.SINCE_NEW_DAYS}


@dataclass(frozen=True)
class Reasons:
    """What speaks for an act, and what holds it back, each the strongest first.

    Attributes:
        drivers: clauses such as "its last day ran at 1.8 times its week's pace".
        brakes: the same, each with its "but".
    """

    drivers: tuple[str, ...]
    brakes: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Drivers, then brakes."""
        return (*self.drivers, *self.brakes)


def say_reasons(row: Mapping[str, Any], language: str) -> Reasons:
    """The reasons of a row of `pareto/next_viral` in a language.

    Left out are effects too small to be a reason, values that nobody knows, inputs of another
    version of the product, and those that would say the contrary: to a model a rise beyond all
    others can speak against a further one, but to a reader "but it is speeding up" makes no sense.
    """
    found = [
        (name, value, effect)
        for name, value, effect in _given(row)
        if abs(effect) >= LEAST_EFFECT
        and f"reasons.{name}" in load_messages()
        and (name not in _SIGNED or (value > 0) == (effect > 0))
    ]
    for_it = {name: value for name, value, effect in found if effect > 0}
    against = {name: value for name, value, effect in found if effect < 0}
    brakes = (plain(language, "reasons.but", reason=said) for said in _say(against, language))
    return Reasons(tuple(_say(for_it, language)), tuple(brakes))


def say_lens_facts(row: Mapping[str, Any] | None, language: str) -> tuple[str, ...]:
    """What stands out of an act on its day, as clauses; no part of its chance rests on them.

    Args:
        row: a value of `read_lens_facts`; None where nothing is known of the act.
        language: `en` or `ko`.
    """
    facts = row or {}
    said = []
    count = facts.get("outlier_video_count") or 0
    if count:
        ending = "_one" if count == 1 else ""
        said.append(plain(language, f"reasons.lens_outliers{ending}", count=count))
    if facts.get("is_outlier") and (facts.get("gain_ratio") or 0) > 1:
        times = _ratio(facts["gain_ratio"], language)
        said.append(plain(language, "reasons.lens_gain", value=times))
    for name in ("wiki", "news"):
        change = facts.get(f"{name}_change_pct")
        if change is not None and change >= rules.RISING_PCT:
            times = _ratio(1 + change / 100, language)
            said.append(plain(language, f"reasons.lens_{name}", value=times))
    return tuple(said)


def _given(row: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    for number in range(1, MOST_REASONS + 1):
        name, value, effect = (
            row.get(f"reason_{number}_{part}") for part in ("name", "value", "effect")
        )
        if name is not None and value is not None and effect is not None:
            yield name, value, effect


def _say(values: dict[str, float], language: str) -> Iterator[str]:
    # Together they are one thing: what is new, and how much it is.
    together = {"days_since_new", "new_share"}
    is_new = together <= values.keys() and values["days_since_new"] <= rules.YOUNG_VIDEO_DAYS
    is_said = False
    for name, value in values.items():
        if not (is_new and name in together):
            yield _clause(name, value, language)
        elif not is_said:
            is_said = True
            yield _new_video(values, language)


def _new_video(values: Mapping[str, float], language: str) -> str:
    days = values["days_since_new"]
    key = "reasons.new_video" if days else "reasons.new_video_zero"
    return plain(language, key, days=f"{days:.0f}", share=_whole_pct(values["new_share"]))


def _clause(name: str, value: float, language: str) -> str:
    known = load_messages()
    variants: dict[str, Callable[[], bool]] = {
        "_most": lambda: value >= _LIMITS.get(name, math.inf),
        "_zero": lambda: value == 0,
        "_low": lambda: value < 0,
    }
    ending = next(
        (end for end, fits in variants.items() if f"reasons.{name}{end}" in known and fits()), ""
    )
    return plain(language, f"reasons.{name}{ending}", value=_write(name, value, language))


def _write(name: str, value: float, language: str) -> str:
    if name in _RATIOS or name.startswith("distance_"):
        return _ratio(math.exp(value), language)
    form = _FORMS.get(name) or load_messages().get(f"column.{name}", {}).get("as", "count")
    if form == "share":
        return _whole_pct(value)
    return numbers.write(form if form in numbers.FORMS else "count", value, language)


def _whole_pct(part: float) -> str:
    return f"{part * 100:.0f}%"


def _ratio(ratio: float, language: str) -> str:
    """A ratio as it is read in front of what it is of: "1.8 times", "70% of"."""
    if round(ratio, 2) >= 1:
        shown = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
        return plain(language, "reasons.times", value=shown)
    return plain(language, "reasons.part_of", value=_whole_pct(ratio))
