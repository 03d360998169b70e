"""Answers kept between reruns, for as long as the tables behind them keep their version.

Belongs here: the one cache of the viewer. Does not belong here: a query.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from app.snapshot import Snapshot, tables_of

P = ParamSpec("P")
Answer = TypeVar("Answer")

# An answer is what a page shows, some kilobytes to a few megabytes; old versions leave in turn.
MOST_ANSWERS = 64


def ask(
    snapshot: Snapshot,
    query: Callable[Concatenate[Snapshot, P], Answer],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Answer:
    """The answer of a query, computed once for each version of the tables it reads.

    The same object is given to every visitor: do not change it.
    """
    narrow = snapshot.only(tables_of(query))
    name = f"{query.__module__}.{query.__qualname__}"
    chosen = (*args, *sorted(kwargs.items()))
    return _answer(name, narrow.key, chosen, lambda: query(narrow, *args, **kwargs))


@st.cache_resource(max_entries=MOST_ANSWERS, show_spinner=False)
def _answer(name: str, key: Hashable, chosen: Hashable, _compute: Callable[[], Any]) -> Any:
    return _compute()
