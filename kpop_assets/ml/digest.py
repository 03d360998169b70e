"""What something rests on, by what it says, not by when it was written.

Belongs here: the hash of rows, and an object spelled the same in every process. Does not belong
here: versions of tables (lake/), or the hash of code (code_digest.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd


def digest(rows: pd.DataFrame) -> str:
    """A hash of rows and their order: the same data gives the same 16 hexadecimal digits."""
    # A null somewhere in a read turns whole numbers into floats, which hash differently.
    numbers = rows.select_dtypes("number").columns
    same = rows.astype(dict.fromkeys(numbers, "float64"))
    hashes = pd.util.hash_pandas_object(same, index=False).to_numpy()
    return hashlib.sha256(hashes.tobytes()).hexdigest()[:16]


def digest_rounded(rows: pd.DataFrame) -> str:
    """`digest` with floats to seven digits, because engines add in any order."""
    floats = rows.select_dtypes("floating").columns
    return digest(rows.astype(dict.fromkeys(floats, "float32")))


def spelled(value: Any) -> str:
    """An object by its class and what it is set to, the same in every process.

    A class or a function is its module and name, a partial its function with what is bound to it.

    Raises:
        TypeError: if all that tells the object from others is where it lies in memory.
    """
    if isinstance(value, partial):
        bound = (value.func, value.args, dict(sorted(value.keywords.items())))
        return f"{spelled(type(value))}{spelled(bound)}"
    if hasattr(value, "__qualname__"):
        # A method of a built-in object has a name, and no module to find it in.
        if getattr(value, "__module__", None) is None:
            raise TypeError(f"cannot spell {value!r}: it belongs to no module")
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, Mapping):
        return repr({str(key): spelled(one) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return repr([spelled(one) for one in value])
    if hasattr(value, "__dict__"):
        return f"{spelled(type(value))}{spelled(dict(sorted(vars(value).items())))}"
    if type(value).__repr__ is object.__repr__:
        raise TypeError(f"cannot spell {value!r}: nothing is known of it but its address")
    return repr(value)
