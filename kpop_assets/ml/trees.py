"""What makes a fit of LightGBM the same on every machine and each time.

Belongs here: settings of how it computes, for every model that grows trees. Does not belong here:
what is fitted, or settings that a model is chosen by.
"""

from __future__ import annotations

from typing import Any

# With these and one thread, a fit repeats to the last bit; and it prints nothing.
REPEATABLE: dict[str, Any] = {
    "deterministic": True,
    "force_row_wise": True,
    "n_jobs": 1,
    "verbosity": -1,
}
