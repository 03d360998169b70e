"""What the simulated audience says on a day: comments, ratings, critics, spam, one campaign.

Belongs here: who says what of what, by moods and words. Does not belong here: moods
(`demo_moods.py`), words (`demo_phrases.py`), or lines and what becomes of them later
(`demo_review_lines.py`). Nothing here is a statement about the real acts.

Of the comments of a day a sixth are ratings with a few words; 8 % say nothing in words or are in
another language; 3 % are spam. After a comeback critics write of the release. Each quarter of a
year has one campaign: two days on which accounts that nobody saw before rate one act's release
down, with one text, within an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.days import day_start_ms
from kpop_assets.landing.sources import demo_phrases as phrases
from kpop_assets.landing.sources.demo_acts import DEMO_ACTS, OTHER
from kpop_assets.landing.sources.demo_lines import video_ids
from kpop_assets.landing.sources.demo_moods import ASPECTS, Mood, acts_spoken_of, mood_of
from kpop_assets.landing.sources.demo_phrases import CALM, GLAD, SAD
from kpop_assets.landing.sources.demo_videos import official_videos
from kpop_assets.landing.sources.demo_world import WORLD_START, simulate_world

# Lines of a campaign, on each of its two days.
CAMPAIGN_LINES = 40
_CHANCE, _CRITICS, _CAMPAIGN = 130, 131, 132
_HOUR_MS = 3_600_000
# Collected after the second round of the day, of what was written in the 24 hours before.
_COLLECTED_MS = 15 * _HOUR_MS + _HOUR_MS // 2
_AUTHORS_OF_ACT, _AUTHORS_OF_ALL = 300, 4_000
_CRITIC_DAYS = (1, 2, 4, 6, 9)
_CAMPAIGN_DAY = 50

Line = dict[str, Any]


@dataclass(frozen=True)
class _Speaker:
    """Somebody who speaks of an act on a day."""

    rng: np.random.Generator
    act: int
    mood: Mood
    language: str

    def words(self, text: str) -> str:
        """A text with the act's names."""
        act = DEMO_ACTS[self.act]
        return text.replace("{k}", act.korean).replace("{n}", act.name)

    def pick(self, texts: tuple[Any, ...]) -> Any:
        """One of several, by lot."""
        return texts[int(self.rng.integers(len(texts)))]


def collected_ms(day: dt.date) -> int:
    """When the simulated collector reads a day's comments (epoch ms)."""
    return day_start_ms(day) + _COLLECTED_MS


@lru_cache(maxsize=3)
def reviews_of_day(seed: int, day: dt.date, count: int) -> tuple[Line, ...]:
    """What is said for the first time on a day, critics and campaign beside `count` comments.

    The day after says some of it again: days one after the other are drawn once.
    """
    rng = np.random.default_rng([seed, _CHANCE, day.toordinal()])
    videos = official_videos(simulate_world(seed), seed, day)
    ids = np.array(video_ids(videos.id_bits), dtype=object)
    acts = rng.choice(OTHER, count, p=acts_spoken_of(seed, day))
    moods = {int(act): mood_of(seed, int(act), day) for act in np.unique(acts)}
    lines = []
    for number, act in enumerate(acts.tolist()):
        language = "ko" if rng.random() < 0.62 else "en"
        speaker = _Speaker(rng, act, moods[act], language)
        own = ids[videos.act == act]
        line = (
            _comment(speaker, own.tolist()) if rng.random() < 0.83 else _rating(speaker, seed, day)
        )
        lines.append(_line(line, rng, day, f"{number}") | {"author_id": _author(rng, act)})
    return (*lines, *_critics(seed, day), *campaign_lines(seed, day))


def campaign_of(seed: int, day: dt.date) -> int | None:
    """The act that a campaign of the day is against; None on days without one."""
    quarter_start = dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    if (day - quarter_start).days not in (_CAMPAIGN_DAY, _CAMPAIGN_DAY + 1):
        return None
    rng = np.random.default_rng([seed, _CAMPAIGN, quarter_start.toordinal()])
    return int(rng.integers(OTHER))


def campaign_lines(seed: int, day: dt.date) -> Iterator[Line]:
    """The campaign's ratings of a day, by accounts that say nothing else."""
    act = campaign_of(seed, day)
    if act is None:
        return
    rng = np.random.default_rng([seed, _CAMPAIGN, day.toordinal()])
    begins = collected_ms(day) - 6 * _HOUR_MS
    release = release_of(seed, act, day)
    for number in range(CAMPAIGN_LINES):
        text = phrases.CAMPAIGN[number % len(phrases.CAMPAIGN)]
        speaker = _Speaker(rng, act, mood_of(seed, act, day), "ko")
        yield {
            "review_id": f"demo-{day:%Y%m%d}-c{number}",
            "source": SIMULATED_SOURCE,
            "subject_kind": "release",
            "subject": release,
            "author_id": f"demo-account-{day:%Y%m%d}-{number}",
            "text": speaker.words(text),
            "rating": 1,
            "rating_scale": "1-10",
            "created_at": begins + int(rng.integers(_HOUR_MS)),
            "observed_at": collected_ms(day),
            "likes": int(rng.integers(3)),
        }


def release_of(seed: int, act: int, day: dt.date) -> str:
    """The act's last release on a day, as reviews name it."""
    today = (day - WORLD_START).days
    past = simulate_world(seed).comebacks[act]
    number = int((past <= today).sum())
    return f"{DEMO_ACTS[act].name} - {number}. Mini Album"


def _comment(speaker: _Speaker, videos: list[str]) -> Line:
    """A comment under a video of the act."""
    draw = speaker.rng.random()
    if draw < 0.03:
        text = speaker.pick(phrases.SPAM)
    elif draw < 0.07:
        text = speaker.pick(phrases.NO_WORDS)
    elif draw < 0.11:
        text = speaker.pick(phrases.OTHERS_SAY)
    else:
        text, _ = _opinion(speaker)
    subject = {"subject_kind": "act", "subject": DEMO_ACTS[speaker.act].name}
    if videos:
        subject = {"subject_kind": "video", "subject": speaker.pick(tuple(videos))}
    return subject | {"text": text}


def _rating(speaker: _Speaker, seed: int, day: dt.date) -> Line:
    """A rating of the act's last release, on one of the scales that people use."""
    text, tone = _opinion(speaker)
    noise = speaker.rng.normal(0, 1.2)
    of_ten = int(np.clip(round(6.2 + 2.2 * tone + 1.5 * speaker.mood.level + noise), 1, 10))
    scale = speaker.pick(("1-10", "1-10", "1-5", "thumbs"))
    rating = {"1-10": of_ten, "1-5": (of_ten + 1) // 2, "thumbs": int(of_ten >= 6)}[scale]
    return {
        "subject_kind": "release",
        "subject": release_of(seed, speaker.act, day),
        "text": text,
        "rating": rating,
        "rating_scale": scale,
    }


def _opinion(speaker: _Speaker) -> tuple[str, int]:
    """What somebody thinks, of one aspect or of two, and its tone."""
    rng, mood = speaker.rng, speaker.mood
    first, second = rng.choice(len(ASPECTS), 2, replace=False, p=mood.spoken_of)
    tone = _tone(rng, mood.of_aspects[first])
    if tone == CALM:
        return speaker.words(speaker.pick(phrases.CALM_TEXTS[speaker.language])), CALM
    clause = speaker.pick(phrases.CLAUSES[ASPECTS[first]][tone])
    spice = speaker.pick(phrases.SPICE[speaker.language][tone])
    text = clause.ends if speaker.language == "ko" else clause.english
    if rng.random() < 0.3:
        other = -tone if rng.random() < 0.5 else tone
        beside = speaker.pick(phrases.CLAUSES[ASPECTS[second]][other])
        if speaker.language == "ko":
            text = f"{beside.goes_on} {text}" if other != tone else f"{beside.ends} {text}"
        else:
            text = f"{beside.english} {'but' if other != tone else 'and'} {text}"
    lead = speaker.pick(phrases.LEADS[speaker.language])
    return speaker.words(f"{lead}{text}{spice}"), tone


def _tone(rng: np.random.Generator, level: float) -> int:
    """A tone by how glad people are: of 0 a third are glad, a quarter are not."""
    glad, sad = np.clip(0.36 + 0.55 * level, 0.03, 0.9), np.clip(0.26 - 0.55 * level, 0.03, 0.9)
    draw = rng.random() * max(1.0, glad + sad)
    return GLAD if draw < glad else SAD if draw < glad + sad else CALM


def _critics(seed: int, day: dt.date) -> Iterator[Line]:
    """Critics' reviews of releases of the days before."""
    today = (day - WORLD_START).days
    for act in range(OTHER):
        for comeback in simulate_world(seed).comebacks[act]:
            if today - comeback not in _CRITIC_DAYS:
                continue
            place = _CRITIC_DAYS.index(today - int(comeback))
            rng = np.random.default_rng([seed, _CRITICS, act, day.toordinal()])
            speaker = _Speaker(rng, act, mood_of(seed, act, day), "en" if place % 2 else "ko")
            text, tone = _opinion(speaker)
            grade = float(
                np.clip(66 + 16 * tone + 14 * speaker.mood.level + rng.normal(0, 7), 5, 99)
            )
            letter = ("F", "D", "C-", "C", "C+", "B-", "B", "B+", "A-", "A")[int(grade // 10)]
            is_letter = place == 1
            yield _line({"subject_kind": "release", "text": text}, rng, day, f"k{act}") | {
                "subject": release_of(seed, act, day),
                "author_id": f"demo-critic-{place}-{act % 7}",
                "author_kind": "critic",
                "outlet": phrases.OUTLETS[place],
                **(
                    {"rating_letter": letter, "rating_scale": "letters"}
                    if is_letter
                    else {"rating": round(grade), "rating_scale": "0-100"}
                ),
            }


def _line(said: Line, rng: np.random.Generator, day: dt.date, number: str) -> Line:
    at = collected_ms(day)
    return {
        "review_id": f"demo-{day:%Y%m%d}-{number}",
        "source": SIMULATED_SOURCE,
        **said,
        "created_at": at - int(rng.integers(60_000, 24 * _HOUR_MS)),
        "observed_at": at,
        "likes": int(rng.lognormal(0.6, 1.3)),
    }


def _author(rng: np.random.Generator, act: int) -> str:
    """Mostly of those who speak of this act, else of those who speak of all."""
    if rng.random() < 0.7:
        return f"demo-fan-{act}-{int(rng.integers(_AUTHORS_OF_ACT))}"
    return f"demo-viewer-{int(rng.integers(_AUTHORS_OF_ALL))}"
