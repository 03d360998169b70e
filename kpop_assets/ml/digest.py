"""The version of data by what it says, not by when it was written.

Belongs here: the hash of rows. Does not belong here: versions of tables (lake/).
"""

from __future__ import annotations

import hashlib

import pandas as pd


def digest(rows: pd.DataFrame) -> str:
    """A hash of rows and their order: the same data gives the same 16 hexadecimal digits."""
    # A null somewhere in a read turns whole numbers into floats, which hash differently.
    numbers = rows.select_dtypes("number").columns
    same = rows.astype(dict.fromkeys(numbers, "float64"))
    hashes = pd.util.hash_pandas_object(same, index=False).to_numpy()
    return hashlib.sha256(hashes.tobytes()).hexdigest()[:16]
