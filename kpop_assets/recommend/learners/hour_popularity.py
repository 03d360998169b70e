"""What is played most at an hour of the day: popularity, more of what belongs to the hour.

Belongs here: the table of hours by items, and what of it may be shown in a language. Does not
belong here: popularity over time (popularity.py), or who played what.
"""

from __future__ import annotations

import re

import numpy as np

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask, Singles

HOURS = 24
# An hour is looked at with the one before and the one after it.
_AROUND = (-1, 0, 1)
# So many plays as popularity alone would have them are added: of few plays nothing follows.
_CALM = 20.0

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def popular_by_hour(items: Codes, hours: Codes, worth: Floats, item_count: int) -> Singles:
    """Popularity of each item at each hour of Seoul, shape (24, item_count).

    It is the worth of all plays of the item, times how much more of it lies around the hour than
    of all plays do.

    Args:
        items: code of the item of each play.
        hours: hour of the day of each, 0 to 23.
        worth: what each counts.
        item_count: how many items there are.
    """
    by_hour = np.zeros((HOURS, item_count))
    np.add.at(by_hour, (hours, items), worth)
    around = np.sum([np.roll(by_hour, shift, axis=0) for shift in _AROUND], axis=0)
    total = by_hour.sum(axis=0)
    everywhere = max(total.sum(), 1e-12)
    expected = total * around.sum(axis=1, keepdims=True) / everywhere
    return (total * (around + _CALM) / (expected + _CALM)).astype(np.float32)


def may_be_in(titles: list[str], language: str) -> Mask:
    """Which titles may be songs in a language (`ko`, `ja`, `en`).

    Its letters tell a title's language; what is in Latin letters alone may be in any.
    """
    told = {"ko": _KANA, "ja": _HANGUL, "en": re.compile(f"{_HANGUL.pattern}|{_KANA.pattern}")}
    if language not in told:
        raise ValueError(f"{language} is none of {', '.join(told)}")
    return np.array([told[language].search(title) is None for title in titles], dtype=bool)
