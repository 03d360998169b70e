"""What is counted of one answer.

Belongs here: the class. Does not belong here: the metrics that it adds to (meters.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AnswerSeen:
    """What is counted of one answer to "what to hear next".

    Attributes:
        seconds: from request to answer.
        basis: what the answer goes by, as the answer says it.
        variants: experiment -> variant that applied.
        fallback: why it is what is popular instead; None where the model answered.
        is_cached: whether the list was found in a cache.
        work_count: works in the list.
        act_count: different acts in it.
        rising_count: works of rising acts in it.
    """

    seconds: float
    basis: str
    variants: Mapping[str, str] = field(default_factory=dict)
    fallback: str | None = None
    is_cached: bool = False
    work_count: int = 0
    act_count: int = 0
    rising_count: int = 0
