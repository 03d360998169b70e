"""Campaigns of seven kinds, as they are told of: bought, copied, slept on, called for, wordless.

Belongs here: who takes part in each, when, with which words. Does not belong here: the world they
fall into (campaign_world.py), or honest bursts (honest_bursts.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drills.campaign_world import Ints, Reals, Said, World, joined

_OPENERS = ["솔직히", "진짜", "정말", "이번에", "이", "그냥", "다들", "아니"]
_SLOTS = {
    True: [
        ["최고의", "작품", "역대급", "무대", "완벽한", "노래", "인생", "영상"],
        ["무조건 보세요", "꼭 들어야 합니다", "강력 추천합니다", "후회 안 합니다"],
        ["시간 가는 줄 몰랐습니다", "감동 그 자체입니다", "기대 이상이었습니다", "소름 돋았습니다"],
    ],
    False: [
        ["최악의", "작품", "실망스러운", "무대", "지루한", "노래", "형편없는", "영상"],
        ["절대 보지 마세요", "시간 낭비입니다", "돈 아깝습니다", "비추천합니다"],
        ["왜 인기인지 모르겠습니다", "기대 이하였습니다", "끝까지 못 봤습니다", "할 말이 없습니다"],
    ],
}
_TAILS = ["", "!", "!!", " ㅋㅋ", " ㅠㅠ", "..", " ♥", "~"]
_SHORT = ["별로", "최악", "노잼", "실망", "ㅉㅉ", "1점", "bad"]
_SLOGANS = {
    True: ["우리 모두 함께 응원합시다 별점 만점 부탁드려요", "다 같이 십점 주러 가자 화력 지원"],
    False: ["이 회사 불매운동에 동참합니다 별점 테러 가자", "다들 와서 일점 주고 가세요 참교육"],
}


def _size(world: World, target: int) -> int:
    """A campaign that can be seen in the score: from a third of a month's reviews to twice them."""
    month = world.daily[target] * 30
    return int(np.clip(month * world.rng.uniform(0.35, 2.0), 40, 600))


def _templated(world: World, count: int, is_praise: bool, template_count: int) -> list[str]:
    """Texts of a few templates whose slots are filled by lot."""
    rng = world.rng
    frames = []
    for number in range(template_count):
        own = world.pen.write(np.full(2, is_praise))
        # What a text bank says of a subject beside its slots.
        frames.append((own[0][:18], own[1][:14], number))
    texts = []
    for _ in range(count):
        head, middle, _ = frames[rng.integers(len(frames))]
        first, second, third = (slot[rng.integers(len(slot))] for slot in _SLOTS[is_praise])
        texts.append(
            f"{_OPENERS[rng.integers(len(_OPENERS))]} {head} {first} {middle} {second} {third}"
            f"{_TAILS[rng.integers(len(_TAILS))]}"
        )
    return texts


def _planted(
    world: World, target: int, author: Ints, minute: Reals, is_praise: bool, texts: list[str]
) -> Said:
    count = len(author)
    rating = np.full(count, 10 if is_praise else 1)
    # Some are told to look less alike.
    is_near = world.rng.random(count) < world.rng.uniform(0, 0.1)
    rating = np.where(is_near, rating + (-1 if is_praise else 1), rating)
    pro = np.full(count, is_praise)
    return Said(np.full(count, target), author, minute, rating, pro, texts)


def _worded(
    world: World, count: int, is_praise: bool, own_share: float, templates: int
) -> tuple[list[str], np.ndarray]:
    """Texts of a bank and some of the writers' own, and what they say.

    Who is paid a text and saw nothing writes at random what often says the opposite.
    """
    rng = world.rng
    texts = _templated(world, count, is_praise, templates)
    pro = np.full(count, is_praise)
    is_own = rng.random(count) < own_share
    off = rng.uniform(0.15, 0.45)
    own_pro = np.where(rng.random(count) < off, not is_praise, is_praise)
    own = world.pen.write(own_pro)
    pro = np.where(is_own, own_pro, pro)
    return [mine if one else text for one, mine, text in zip(is_own, own, texts, strict=True)], pro


def _jobs(world: World, farm: Ints, target: int, before: float) -> list[Said]:
    """What reused accounts were paid for before: the same crew on other acts, within the hour."""
    parts = []
    others = np.flatnonzero(world.acts != world.acts[target])
    for _ in range(int(world.rng.integers(1, 4))):
        subject = int(world.rng.choice(others))
        crew = farm[world.rng.random(len(farm)) < 0.7]
        start = world.rng.uniform(0.3, 0.95) * before
        minute = start + world.rng.uniform(0, world.rng.uniform(20, 120), len(crew))
        is_praise = bool(world.rng.random() < 0.7)
        texts, pro = _worded(world, len(crew), is_praise, 0.3, 5)
        said = _planted(world, subject, crew, minute, is_praise, texts)
        said.pro = pro
        parts.append(said)
    return parts


def bought(world: World, target: int, start: float, is_praise: bool) -> tuple[Said, Said | None]:
    """A bought wave: new accounts and a farm's, over six hours to two days."""
    rng = world.rng
    count = _size(world, target)
    farm_share = rng.uniform(0.1, 0.6)
    farm = world.new(int(count * farm_share))
    author = rng.permutation(np.concatenate([farm, world.new(count - len(farm))]))
    minute = start + rng.uniform(0, rng.uniform(6, 48) * 60, count)
    texts, pro = _worded(world, count, is_praise, rng.uniform(0.1, 0.5), int(rng.integers(3, 12)))
    said = _planted(world, target, author, minute, is_praise, texts)
    said.pro = pro
    jobs = _jobs(world, farm, target, start)
    return said, joined(jobs)


def flood(world: World, target: int, start: float) -> tuple[Said, Said | None]:
    """One to three texts, copied with another sign or word."""
    rng = world.rng
    count = _size(world, target)
    is_praise = bool(rng.random() < 0.5)
    texts = world.pen.write(np.full(int(rng.integers(1, 4)), is_praise))
    texts = [f"{text} {_SLOTS[is_praise][1][0]}" for text in texts]
    copies = [
        f"{texts[rng.integers(len(texts))]}{_TAILS[rng.integers(len(_TAILS))]}"
        for _ in range(count)
    ]
    author = world.mixed(count, rng.uniform(0.4, 1.0))
    minute = start + rng.uniform(0, rng.uniform(1, 24) * 60, count)
    return _planted(world, target, author, minute, is_praise, copies), None


def sleepers(world: World, target: int, start: float) -> tuple[Said, Said | None]:
    """Accounts that were made long before, each warmed up on other acts at times of its own."""
    rng = world.rng
    count = _size(world, target)
    is_praise = bool(rng.random() < 0.4)
    author = world.new(count)
    others = np.flatnonzero(world.acts != world.acts[target])
    warm = np.repeat(author, rng.integers(2, 6, count))
    subject = rng.choice(others, len(warm))
    minute = world.minutes(rng.uniform(0, start / 1440 - 2, len(warm)))
    is_high = rng.random(len(warm)) < 0.8
    before = Said(
        subject, warm, minute, np.where(is_high, 10, 1), is_high, world.pen.write(is_high)
    )
    texts, pro = _worded(world, count, is_praise, rng.uniform(0.3, 0.8), int(rng.integers(3, 10)))
    when = start + rng.uniform(0, rng.uniform(12, 72) * 60, count)
    said = _planted(world, target, author, when, is_praise, texts)
    said.pro = pro
    return said, before


def raid(world: World, target: int, start: float) -> tuple[Said, Said | None]:
    """A fandom that is called to several rivals, one after the other, with words of its own."""
    rng = world.rng
    count = min(_size(world, target), 250)
    act = int(rng.choice(world.acts[world.acts != world.acts[target]]))
    crew = world.fans(act, count)
    rivals = [one for one in np.unique(world.acts) if one not in (act, world.acts[target])]
    rivals = list(rng.permutation(rivals)[: rng.integers(1, 4)])
    hits = [target, *(int(rng.choice(np.flatnonzero(world.acts == one))) for one in rivals)]
    parts = []
    for number, subject in enumerate(hits):
        there = crew[rng.random(len(crew)) < 0.8]
        begin = start + number * rng.uniform(20, 90)
        minute = begin + rng.exponential(rng.uniform(5, 20), len(there))
        pro = np.zeros(len(there), bool)
        texts = world.pen.write(pro)
        slogan = _SLOGANS[False][int(rng.integers(2))]
        is_slogan = rng.random(len(there)) < rng.uniform(0.05, 0.4)
        texts = [slogan if one else text for one, text in zip(is_slogan, texts, strict=True)]
        parts.append(_planted(world, subject, there, minute, False, texts))
    return joined(parts), None


def paraphrased(world: World, target: int, start: float) -> tuple[Said, Said | None]:
    """Accounts of any age, and texts that a few templates were filled for."""
    rng = world.rng
    count = _size(world, target)
    is_praise = bool(rng.random() < 0.5)
    author = world.mixed(count, rng.uniform(0.3, 1.0))
    minute = start + rng.uniform(0, rng.uniform(6, 60) * 60, count)
    texts = _templated(world, count, is_praise, int(rng.integers(3, 12)))
    return _planted(world, target, author, minute, is_praise, texts), None


def wordless(world: World, target: int, start: float) -> tuple[Said, Said | None]:
    """Accounts that nobody saw before rate a subject down, a word with it or none."""
    rng = world.rng
    count = _size(world, target)
    author = world.mixed(count, rng.uniform(0.93, 1.0))
    minute = start + rng.uniform(0, rng.uniform(1, 36) * 60, count)
    is_short = rng.random(count) < rng.uniform(0, 0.6)
    texts = [_SHORT[rng.integers(len(_SHORT))] if one else "" for one in is_short]
    return _planted(world, target, author, minute, False, texts), None


Campaign = Callable[[World, int, float], tuple[Said, Said | None]]
CAMPAIGNS: dict[str, Campaign] = {
    "bought one star": lambda world, target, start: bought(world, target, start, False),
    "bought praise": lambda world, target, start: bought(world, target, start, True),
    "copied flood": flood,
    "sleepers": sleepers,
    "fandom raid": raid,
    "paraphrased": paraphrased,
    "wordless one star": wordless,
}
