"""Bursts of real people: a comeback, an award, a scandal, an outcry, a clip, a first hit.

Belongs here: who comes, when, and with which words. Does not belong here: the world
(campaign_world.py), or campaigns (campaign_kinds.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drills.campaign_world import Said, World, joined

# What many say in the same words without having been told to.
_SHARED = {
    "comeback": ["컴백 축하해 이번에도 일위 가자 우리 애들", "기다렸어 드디어 나왔다 사랑해 진짜"],
    "award": [
        "대상 축하해 정말 고생 많았어 우리 애들",
        "수상 소감 듣고 울었다 축하합니다 진심으로",
    ],
    "scandal": [
        "소속사는 해명하고 사과해라 팬들을 뭘로 보냐",
        "실망이다 정말 탈덕합니다 안녕히 계세요",
    ],
    "viral clip": [
        "알고리즘이 나를 여기로 이끌었다 근데 좋다",
        "쇼츠 보고 온 사람 손 들어보세요 여기",
    ],
    "first hit": [
        "이런 그룹이 왜 이제야 떴는지 모르겠네요",
        "역주행 가자 제발 더 많이 알려졌으면 좋겠다",
    ],
}


def _shared(world: World, said: Said, kind: str, share: float) -> Said:
    is_shared = world.rng.random(len(said)) < share
    picks = world.rng.integers(0, 2, len(said))
    said.text = [
        _SHARED[kind][pick] if one else text
        for one, pick, text in zip(is_shared, picks, said.text, strict=True)
    ]
    return said


def comeback(world: World, target: int, start: float) -> Said:
    """Fans first, on all that the act has out, within minutes; then everybody, for days."""
    rng = world.rng
    count = int(rng.uniform(150, 700))
    subjects = np.flatnonzero(world.acts == world.acts[target])
    fans = world.fans(int(world.acts[target]), int(count * rng.uniform(0.2, 0.5)))
    parts = []
    for subject in subjects:
        there = fans[rng.random(len(fans)) < (1.0 if subject == target else 0.5)]
        at = world.decaying(len(there), start, rng.uniform(0.3, 1.5))
        parts.append(world.speak(np.full(len(there), subject), there, at, rng.uniform(0.2, 0.6)))
    rest = world.mixed(count - len(fans), rng.uniform(0.3, 0.7))
    at = world.decaying(len(rest), start, rng.uniform(1, 4))
    parts.append(world.speak(np.full(len(rest), target), rest, at, rng.uniform(0.0, 0.4)))
    return _shared(world, joined(parts), "comeback", rng.uniform(0, 0.08))


def _one_wave(
    world: World,
    target: int,
    start: float,
    kind: str,
    *,
    count: tuple[int, int],
    new: tuple[float, float],
    shift: tuple[float, float],
    shared: float,
    days: tuple[float, float],
) -> Said:
    rng = world.rng
    size = int(rng.uniform(*count))
    people = world.mixed(size, rng.uniform(*new))
    at = world.decaying(size, start, rng.uniform(*days))
    said = world.speak(np.full(size, target), people, at, rng.uniform(*shift))
    return _shared(world, said, kind, rng.uniform(0, shared))


def award(world: World, target: int, start: float) -> Said:
    """Congratulations within two days."""
    return _one_wave(
        world,
        target,
        start,
        "award",
        count=(80, 400),
        new=(0.3, 0.6),
        shift=(0.4, 1.0),
        shared=0.1,
        days=(0.3, 1.5),
    )


def scandal(
    world: World, target: int, start: float, new: tuple[float, float] = (0.35, 0.75)
) -> Said:
    """Real anger: bad ratings, by many who never wrote, some of them with one slogan."""
    return _one_wave(
        world,
        target,
        start,
        "scandal",
        count=(100, 600),
        new=new,
        shift=(-2.0, -1.2),
        shared=0.1,
        days=(0.5, 3),
    )


def outcry(world: World, target: int, start: float) -> Said:
    """Anger of strangers: hardly anybody of those who rate it down was ever seen."""
    return scandal(world, target, start, new=(0.8, 0.98))


def viral_clip(world: World, target: int, start: float) -> Said:
    """Strangers whom a short video brought."""
    return _one_wave(
        world,
        target,
        start,
        "viral clip",
        count=(150, 800),
        new=(0.6, 0.9),
        shift=(0.1, 0.6),
        shared=0.12,
        days=(1, 5),
    )


def first_hit(world: World, target: int, start: float) -> Said:
    """Hardly anybody spoke of the act before; those who come are new, and like it to the utmost."""
    return _one_wave(
        world,
        target,
        start,
        "first hit",
        count=(100, 400),
        new=(0.8, 0.98),
        shift=(0.4, 1.0),
        shared=0.1,
        days=(1, 5),
    )


Burst = Callable[[World, int, float], Said]
BURSTS: dict[str, Burst] = {
    "comeback": comeback,
    "award": award,
    "scandal": scandal,
    "outcry": outcry,
    "viral clip": viral_clip,
    "first hit": first_hit,
}
