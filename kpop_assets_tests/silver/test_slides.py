"""Windows of slides over arrays, without an engine: against a plain second implementation."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.contracts import rules
from kpop_assets.silver.slides import Cells, put_together

LENGTH = rules.WINDOWS_PER_EVENT
rows = st.tuples(
    st.integers(0, 3),
    st.integers(-40, 40) | st.sampled_from([-(10**8), 10**8]),
    st.integers(-(10**12), 10**12),
    st.integers(0, LENGTH),
)


def cells_of(found):
    """Rows of group, slide, a value and in how many windows an id is counted."""
    group, slide, value, count = np.array(found, np.int64).reshape(-1, 4).T
    return Cells(group, slide, {"points": value}, {"ids": count})


@hypothesis_settings(max_examples=200, deadline=None)
@given(found=st.lists(rows, max_size=40))
def test_windows_of_arrays_equal_a_plain_second_implementation(found):
    expected = defaultdict(lambda: [0, 0])
    for group, slide, value, count in found:
        for back in range(LENGTH):
            sums = expected[group, slide - back]
            sums[0] += value
            sums[1] += back < count
    windows = put_together(cells_of(found))
    columns = (windows.group, windows.slide, windows.sums["points"], windows.sums["ids"])
    actual = [tuple(row) for row in np.array(columns).T.tolist()]
    assert actual == [(*key, *expected[key]) for key in sorted(expected)]
