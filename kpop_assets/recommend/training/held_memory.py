"""How much memory a fitted recommender holds, whatever the process around it takes.

Belongs here: counting the bytes of arrays in an object. Does not belong here: what a process takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp


def held_bytes(value: Any) -> int:
    """Bytes of all arrays that an object reaches, each counted once; trees by their text."""
    return _held(value, set())


def _held(value: Any, seen: set[int]) -> int:
    if id(value) in seen:
        return 0
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if sp.issparse(value):
        return sum(int(one.nbytes) for one in (value.data, value.indices, value.indptr))
    if isinstance(value, Mapping):
        return sum(_held(one, seen) for one in value.values())
    if isinstance(value, list | tuple):
        return sum(_held(one, seen) for one in value)
    booster = getattr(value, "booster_", None)
    if booster is not None:
        return len(booster.model_to_string())
    parameters = getattr(value, "state_dict", None)
    if parameters is not None:
        return sum(one.numel() * one.element_size() for one in parameters().values())
    return sum(_held(one, seen) for one in getattr(value, "__dict__", {}).values())
