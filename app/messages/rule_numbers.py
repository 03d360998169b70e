"""The numbers of the product's rules, as texts of the viewer name them.

Belongs here: what follows from the rules for a reader, and filling numbers in. Does not belong
here: a number (contracts/rules.py), how figures of tables are written (numbers.py), or a text.

A text names a number as `[[name]]`: a rule by its own name in small letters, or what follows from
it. A line with `[[tier]]` stands once for each tier.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from kpop_assets.contracts import (
    audience_rules,
    lens_rules,
    play_rules,
    recommend_rules,
    record,
    rising_rules,
    rules,
    signal_rules,
    word_rules,
)
from kpop_assets.days import FIRST_DAY, SEOUL

NUMBER = re.compile(r"\[\[(\w+)\]\]")
_EACH_TIER = re.compile(r"^.*\[\[tier\]\].*$", re.MULTILINE)


def rule_numbers() -> dict[str, float]:
    """Every number of the rules that a text may name, by its name."""
    parts = (
        *(rules, lens_rules, signal_rules, word_rules, play_rules, recommend_rules),
        *(rising_rules, audience_rules),
    )
    named = (item for part in parts for item in vars(part).items())
    stated = {name.lower(): value for name, value in named if name.isupper()}
    numbers = {name: value for name, value in stated.items() if isinstance(value, int | float)}
    return {**numbers, **derived_numbers()}


def derived_numbers() -> dict[str, float]:
    """What follows from the rules for a reader, by its name."""
    offset = dt.datetime.combine(FIRST_DAY, dt.time(), SEOUL).utcoffset() or dt.timedelta()
    return {
        "window_minutes": rules.WINDOW_SECONDS / 60,
        "slide_minutes": rules.SLIDE_SECONDS / 60,
        "registers": 2**rules.SKETCH_LG_REGISTERS,
        # Flajolet et al. (2007): 1.04 / sqrt(m).
        "sketch_error_pct": 104 / 2 ** (rules.SKETCH_LG_REGISTERS / 2),
        "bloom_error_pct": rules.BLOOM_ERROR_RATE * 100,
        "two_weeks_days": 2 * rules.WEEK_DAYS,
        "two_months_days": 2 * rules.MONTH_DAYS,
        "five_weeks_days": rules.TREND_DAYS + rules.TREND_WEEK_DAYS,
        "least_rating": audience_rules.RATING_LIMITS["1-10"][0],
        "best_rating": audience_rules.RATING_LIMITS["1-10"][1],
        "last_tier": rules.TIERS[-1],
        "pace_unit_pct": rules.PACE_UNIT_SHARE * 100,
        "reason_least_points": rules.REASON_LEAST_EFFECT * 100,
        "last_viral_tier": rules.VIRAL_TIERS[-1],
        "viral_pct": (1 - rules.VIRAL_PERCENTILE) * 100,
        "viral_bar_pct": rules.VIRAL_BAR_QUANTILE * 100,
        "last_cut_tier": rules.TIERS[-2],
        "interval_pct": 100 * rules.INTERVAL_CONFIDENCE,
        "big_pct": (1 - rules.BIG_VIDEO_QUANTILE) * 100,
        "earlier_pct": rules.CALIBRATION_SHARE * 100,
        "bin_pct": 100 / rules.RISE_BINS,
        "high_pct": 100 * rules.HIGH_RISE_BIN / rules.RISE_BINS,
        "utc_hours": offset / dt.timedelta(hours=1),
        "max_line_mib": record.MAX_LINE_BYTES / 2**20,
        "max_count": record.MAX_COUNT,
        "short_seconds": rules.SHORT_SECONDS,
        "tagged_short_seconds": rules.TAGGED_SHORT_SECONDS,
        "premiere_minutes": rules.LONGEST_PREMIERE_SECONDS / 60,
        "glitch_pct": rules.GLITCH_SHARE * 100,
        "ahead_days": record.AHEAD_MS / 86_400_000,
        **_lens_numbers(),
    }


def _lens_numbers() -> dict[str, float]:
    low, high = rules.INTERVAL_LEVELS_PCT
    return {
        "viral_slope": rules.GROWTH_CLASSES["viral"],
        "rising_slope": rules.GROWTH_CLASSES["rising"],
        "signal_gap_days": signal_rules.SIGNAL_DAYS - signal_rules.SIGNAL_EDGE_DAYS,
        "slope_days": rules.TREND_HOURS / 24,
        "band_low_pct": low,
        "band_high_pct": high,
        **{f"weight_{name}": 100 * part for name, part in lens_rules.SCORE_WEIGHTS.items()},
        **{f"maximum_{name}": value for name, value in lens_rules.SCORE_MAXIMA.items()},
        **{f"share_{name}": part for name, part in lens_rules.OUTLIER_WEIGHTS.items()},
        **{f"signal_{name}": part for name, part in signal_rules.SIGNAL_WEIGHTS.items()},
        "sound_weight_pct": 100 * recommend_rules.SOUND_WEIGHT,
        "words_weight_pct": 100 * recommend_rules.WORDS_WEIGHT,
        "work_span_seconds": recommend_rules.WORK_SPAN_MS / 1000,
        "least_rising_pct": 100 * recommend_rules.LEAST_RISING_SHARE,
        "most_rising_pct": 100 * recommend_rules.MOST_RISING_SHARE,
        "likely_to_rise_pct": 100 * recommend_rules.LIKELY_TO_RISE,
        "steady_low_pct": 100 * lens_rules.STEADY_SHARES[0],
        "steady_high_pct": 100 * lens_rules.STEADY_SHARES[1],
    }


def fill_in(text: str, more: Mapping[str, float] | None = None) -> str:
    """A text with its numbers: those of the rules, and `more` of a page.

    Raises:
        KeyError: the text names a number that is none of them.
    """
    numbers = {**rule_numbers(), **(more or {})}
    written = {name: write_number(value) for name, value in numbers.items()}
    written["tier_shares"] = ", ".join(write_number(share) for _, _, share in tier_bounds())
    repeated = _EACH_TIER.sub(lambda found: "\n".join(map(_of_tier(found[0]), tier_bounds())), text)
    return NUMBER.sub(lambda found: written[found[1]], repeated)


def write_number(value: float) -> str:
    """A number as it is read: thousands apart, no zeros behind the point."""
    return f"{value:,.0f}" if round(value, 6) == round(value) else f"{round(value, 3):.3g}"


def tier_bounds() -> list[tuple[int, float, float]]:
    """Number, lowest percentile and share of artists in per cent of each tier, the top first."""
    lowest = (*rules.TIER_PERCENTILES, 0.0)
    above = (1.0, *rules.TIER_PERCENTILES)
    return [
        (tier, start, (end - start) * 100)
        for tier, start, end in zip(rules.TIERS, lowest, above, strict=True)
    ]


def _of_tier(line: str) -> Callable[[tuple[int, float, float]], str]:
    """What makes of a line that names `[[tier]]` that of one tier."""

    def written(bounds: tuple[int, float, float]) -> str:
        own = dict(zip(("tier", "tier_from", "tier_pct"), map(write_number, bounds), strict=True))
        return NUMBER.sub(lambda found: own.get(found[1], found[0]), line)

    return written
