"""What a description says of its own video: without what its channel puts under every one.

Belongs here: which lines of a day's descriptions stay. Does not belong here: patterns of lines
(stop_words.toml), or words (word_reader.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kpop_assets.contracts import rules
from kpop_assets.lens.stop_words import load_stop_words

_LINE_END = re.compile(r"[\r\n]+")
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
Described = tuple[str | None, str | None]


def own_texts(descriptions: Sequence[Described]) -> list[str]:
    """The beginning of each description, of lines that are about its video alone.

    A line is its channel's where two of its videos have it, numbers aside, or where
    `rules.BOILERPLATE_LEAST_VIDEOS` videos of any channels do.

    Args:
        descriptions: channel and description of each video of a day, once a video.

    Returns:
        As many texts, in the same order; empty where nothing is left.
    """
    split = [(channel, _lines(text)) for channel, text in descriptions]
    of_channel: Counter[tuple[str | None, str]] = Counter()
    of_all: Counter[str] = Counter()
    for channel, lines in split:
        alike = {_form(line) for line in lines}
        of_all.update(alike)
        of_channel.update((channel, form) for form in alike if channel)

    def is_own(channel: str | None, line: str) -> bool:
        form = _form(line)
        return of_channel[channel, form] < 2 and of_all[form] < rules.BOILERPLATE_LEAST_VIDEOS

    return [
        "\n".join(line for line in lines if is_own(channel, line))[: rules.DESCRIPTION_LETTERS]
        for channel, lines in split
    ]


def _lines(text: str | None) -> list[str]:
    if not text:
        return []
    is_idle = load_stop_words().lines.search
    return [line for line in _LINE_END.split(text) if not is_idle(line)]


def _form(line: str) -> str:
    return _DIGITS.sub("0", _BLANKS.sub(" ", line)).strip().lower()
