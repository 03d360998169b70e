"""What a check-up says of one thing.

Belongs here: the form of a finding. Does not belong here: any check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """The state of one thing.

    Attributes:
        name: what was looked at.
        state: `ok`, `warning` (works, but not for long or not as meant) or `problem`.
        text: what was found.
        advice: what to do; empty where nothing is.
    """

    name: str
    state: State
    text: str
    advice: str = ""


def has_problem(findings: Iterable[Finding]) -> bool:
    """Whether any of them is a problem."""
    return any(finding.state == "problem" for finding in findings)
