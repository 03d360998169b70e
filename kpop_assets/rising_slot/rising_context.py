"""In which moment an act is shown: hour band, device, cluster of the listener.

Belongs here: the few words that a context is made of. Does not belong here: what is known of acts
(rising_state.py), or which is shown (rising_choice.py).

A context says so little on purpose: it is logged with each answer, and nobody can be told by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from kpop_assets.contracts.rising_rules import DEVICES, HOUR_BANDS, OTHER_DEVICE, UNKNOWN_WORD

CONTEXT_COLUMNS = ("hour_band", "device", "cluster")


@dataclass(frozen=True)
class RisingContext:
    """Where an answer goes.

    Attributes:
        hour_band: part of the day in Seoul.
        device: what it is heard on.
        cluster: name of the cluster of works that the listener plays most.
    """

    hour_band: str = UNKNOWN_WORD
    device: str = UNKNOWN_WORD
    cluster: str = UNKNOWN_WORD

    @classmethod
    def of(
        cls, hour: int | None = None, device: str | None = None, cluster: str | None = None
    ) -> RisingContext:
        """From what a request says; whatever it leaves out is unknown."""
        return cls(
            hour_band_of(hour), device_named(device) or UNKNOWN_WORD, cluster or UNKNOWN_WORD
        )

    def told(self) -> dict[str, str]:
        """As the log keeps it."""
        return asdict(self)

    @property
    def words(self) -> tuple[str, ...]:
        """What is known of it, each with its column: `device=phone`."""
        told = self.told().items()
        return tuple(f"{name}={word}" for name, word in told if word != UNKNOWN_WORD)


def hour_band_of(hour: int | None) -> str:
    """The band of an hour of the day."""
    if hour is None or not 0 <= hour < 24:
        return UNKNOWN_WORD
    return max((first, band) for band, first in HOUR_BANDS.items() if first <= hour)[1]


def most_played_cluster(names: Sequence[str | None], counts: Sequence[float]) -> str | None:
    """The cluster that a listener plays most.

    Args:
        names: cluster of each work that was played; None is in no cluster.
        counts: how often each was played.

    Returns:
        Its name, of equals the first by name; None where no work is in a cluster.
    """
    total: dict[str, float] = {}
    for name, count in zip(names, counts, strict=True):
        if name is not None:
            total[name] = total.get(name, 0.0) + count
    return min(total, key=lambda name: (-total[name], name)) if total else None


def context_told(told: Mapping[str, object]) -> RisingContext:
    """A context as the log has it; words that are missing are unknown."""
    return RisingContext(*(str(told.get(name) or UNKNOWN_WORD) for name in CONTEXT_COLUMNS))


def device_named(device: str | None) -> str | None:
    """One of the few words for a device, whatever a request says; None where it says nothing."""
    if not device:
        return None
    named = device.strip().lower()
    return named if named in DEVICES else OTHER_DEVICE
