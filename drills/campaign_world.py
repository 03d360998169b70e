"""A world of reviews in which campaigns and honest bursts are planted: acts, authors, texts.

Belongs here: subjects, people with their manners, what they say on ordinary days, and how a text is
made. Does not belong here: campaigns and bursts (campaign_kinds.py, honest_bursts.py), or judging.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
DAYS = 60
# Hours of the day in which people write, those of Seoul in UTC: few from three to seven.
_HOURLY = np.array(
    [5, 6, 7, 8, 8, 8, 7, 7, 8, 9, 10, 11, 12, 13, 13, 11, 8, 5, 3, 2, 1.5, 1.5, 2, 3]
)


@dataclass
class Pen:
    """Texts by whether they praise or blame; of real reviews where some are given."""

    rng: np.random.Generator
    praise: list[str] = field(default_factory=list)
    blame: list[str] = field(default_factory=list)

    def write(self, positive: npt.NDArray[np.bool_]) -> list[str]:
        """A text for each, of its own."""
        if self.praise:
            picks = self.rng.integers(0, 2**31, len(positive))
            return [
                (self.praise if one else self.blame)[pick % len(self.praise if one else self.blame)]
                for one, pick in zip(positive, picks, strict=True)
            ]
        counts = self.rng.integers(3, 14, len(positive))
        words = iter(_zipf(self.rng, int(counts.sum())))
        ends = self.rng.integers(0, len(_GOOD), len(positive))
        return [
            " ".join([_WORDS[next(words)] for _ in range(count)] + [(_GOOD if one else _BAD)[end]])
            for one, count, end in zip(positive, counts, ends, strict=True)
        ]


def _vocabulary() -> list[str]:
    draw = np.random.default_rng(7)
    heads = [chr(0xAC00 + int(one)) for one in draw.integers(0, 11_172, 600)]
    return ["".join(draw.choice(heads, draw.integers(1, 4))) for _ in range(4_000)]


def _zipf(rng: np.random.Generator, count: int) -> Ints:
    return (len(_WORDS) ** rng.random(count)).astype(np.int64) - 1


_WORDS = _vocabulary()
_GOOD = (
    "최고다",
    "좋았어요",
    "미쳤다",
    "완벽해",
    "감동이야",
    "사랑해",
    "재밌다",
    "멋지다",
    "찢었다",
)
_BAD = (
    "별로다",
    "최악",
    "지루해",
    "실망이야",
    "싫다",
    "아쉽다",
    "노잼",
    "못하네",
    "시끄러워",
    "후회",
)


@dataclass
class Said:
    """Reviews as columns; `minute` counts from `START`, `pro` is what the text says."""

    subject: Ints
    author: Ints
    minute: Reals
    rating: Ints
    pro: npt.NDArray[np.bool_]
    text: list[str]

    def __len__(self) -> int:
        return len(self.subject)


def joined(parts: list[Said]) -> Said:
    """All of them as one."""
    subject, author, minute, rating, pro = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("subject", "author", "minute", "rating", "pro")
    )
    texts = [text for part in parts for text in part.text]
    return Said(subject, author, minute, rating, pro, texts)


class World:
    """Subjects, people and their ordinary days.

    Attributes:
        acts: the act of each subject.
        liked: how well each subject is liked, -1 to 1.
        daily: reviews a day of each.
        wordless: share of honest people who rate without a word.
    """

    def __init__(self, seed: int, praise: list[str], blame: list[str]) -> None:
        self.rng = np.random.default_rng(seed)
        self.pen = Pen(self.rng, praise, blame)
        count = int(self.rng.integers(10, 18))
        # Some acts have a video and a release.
        self.acts = np.sort(self.rng.integers(0, max(count * 2 // 3, 6), count))
        self.liked = self.rng.normal(0.45, 0.35, count).clip(-0.6, 1.0)
        self.daily = np.exp(self.rng.normal(1.9, 0.8, count)).clip(1, 40)
        self._people = 3_000
        self._weights = np.cumsum(self.rng.pareto(1.3, self._people) + 0.2)
        self._manners = np.random.default_rng(seed + 10**6)
        self._favourite = self.rng.choice(self.acts, self._people)
        self._next = self._people
        self.extremists = float(self.rng.uniform(0.08, 0.22))
        self.wordless = float(self.rng.uniform(0.0, 0.6))

    def known(self, count: int) -> Ints:
        """So many people of those who write now and then, the busy ones more often."""
        picks = self.rng.random(count) * self._weights[-1]
        return np.searchsorted(self._weights, picks).astype(np.int64)

    def fans(self, act: int, count: int) -> Ints:
        """So many different people whose favourite an act is; newcomers where they run out."""
        own = np.flatnonzero(self._favourite == act)
        own = self.rng.permutation(own)[:count]
        return np.concatenate([own, self.new(count - len(own))])

    def new(self, count: int) -> Ints:
        """So many people who never wrote."""
        self._next += count
        return np.arange(self._next - count, self._next)

    def mixed(self, count: int, new_share: float) -> Ints:
        """Newcomers and known people."""
        is_new = self.rng.random(count) < new_share
        people = self.known(count)
        people[is_new] = self.new(int(is_new.sum()))
        return people

    def minutes(self, days: Reals) -> Reals:
        """A minute of each day, in the hours in which people write."""
        hours = self.rng.choice(24, len(days), p=_HOURLY / _HOURLY.sum())
        return np.floor(days) * 1440 + hours * 60 + self.rng.random(len(days)) * 60

    def decaying(self, count: int, start: float, days: float) -> Reals:
        """Minutes from a start on, half of them within about a third of these days."""
        after = self.rng.exponential(days * 720, count) + self.rng.exponential(20, count)
        minute = start + after
        # Nights are quiet in a burst too: what falls into them is said in the morning.
        hour = (minute // 60 % 24).astype(int)
        waits = self.rng.random(count) > _HOURLY[hour] / _HOURLY.max() + 0.35
        return minute + np.where(waits, self.rng.uniform(60, 600, count), 0)

    def speak(self, subject: Ints, author: Ints, minute: Reals, shift: float = 0.0) -> Said:
        """What honest people say: by how much they like it, each in their manner."""
        count = len(subject)
        # By the id, so that a person's manner stays.
        manner = (author * 2_654_435_761 % 1_000_003) / 1_000_003
        latent = self.liked[subject] + shift + self.rng.normal(0, 0.5, count)
        latent = latent + (self._favourite[author % self._people] == self.acts[subject]) * 0.3
        spread = np.where(latent > 0, 0.5 + latent * 0.75, 0.35 + latent * 0.6)
        rating = np.round(1 + 9 * spread.clip(0, 1)).astype(np.int64)
        utmost = np.where(latent > 0, 10, 1)
        # Whoever feels strongly clicks the last star: most ratings of the net are 1 or 10.
        is_utmost = (manner < self.extremists) | (self.rng.random(count) < np.abs(latent) * 0.55)
        rating = np.where(is_utmost, utmost, rating)
        pro = (latent > 0) ^ (self.rng.random(count) < 0.05)
        is_wordless = self.rng.random(count) < self.wordless
        texts = self.pen.write(pro)
        texts = ["" if one else text for one, text in zip(is_wordless, texts, strict=True)]
        return Said(subject, author, minute, rating, pro, texts)

    def ordinary(self) -> Said:
        """Sixty days on which nothing happens."""
        counts = self.rng.poisson(self.daily * DAYS)
        subject = np.repeat(np.arange(len(counts)), counts)
        days = self.rng.uniform(0, DAYS, len(subject))
        author = self.mixed(len(subject), 0.35)
        return self.speak(subject, author, self.minutes(days))

    def frames(self, said: Said) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What guards are told: voices, and P(negative), P(positive) as a model would say them."""
        ids = [f"r{number:06d}" for number in range(len(said))]
        lean = np.where(said.pro, 1.8, -1.8) + self.rng.normal(0, 1.6, len(said))
        chance = 1 / (1 + np.exp(-1.6 * lean))
        seconds = (said.minute * 60).astype(np.int64) * 1_000_000
        voices = pl.DataFrame(
            {
                "review_id": ids,
                "subject": pl.Series(said.subject).cast(pl.String),
                "artist": pl.Series(self.acts[said.subject]).cast(pl.String),
                "author_id": pl.Series(said.author).cast(pl.String),
                "text": said.text,
                "rating_100": (said.rating - 1) * 100 / 9,
                "created_at": pl.Series(seconds).cast(pl.Duration("us")) + START,
            }
        ).with_columns(
            pl.lit("video").alias("subject_kind"),
            pl.lit("drill").alias("source"),
            pl.lit("1-10").alias("rating_scale"),
        )
        opinions = pl.DataFrame(
            {"review_id": ids, "p_negative": 0.95 * (1 - chance), "p_positive": 0.95 * chance}
        ).filter(voices["text"] != "")
        return voices, opinions
