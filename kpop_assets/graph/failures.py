"""Failures of steps as data: what happened, the way out, and whether another try is worth it.

Belongs here: how an expected error becomes a failure of Dagster's, and is read from its event.
Does not belong here: who is told of it (wiring/watch.py), or what an error means (lake/foreign.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from kpop_assets.errors import KpopError
from kpop_assets.lake.foreign import translated

_WHAT, _WAY_OUT = "what", "way_out"


@contextmanager
def told_failures() -> Iterator[None]:
    """Let a step fail with what happened and the way out as metadata; also a decorator of its body.

    What has no name is a defect and stays as it is. Where an error says that another try would
    meet it again, the step is not retried.
    """
    try:
        yield
    except dg.Failure:
        raise
    except Exception as error:
        known = translated(error)
        if known is None:
            raise
        said = {_WHAT: known.what, _WAY_OUT: known.way_out}
        metadata = {key: dg.MetadataValue.text(value) for key, value in said.items()}
        raise dg.Failure(str(known), metadata, allow_retries=known.may_pass) from error


def cause_of(event: dg.DagsterEvent) -> KpopError:
    """What a step failed of; of a defect or a failed check, the innermost error's first line."""
    data = event.step_failure_data.user_failure_data
    said = {} if data is None else {key: str(one.value) for key, one in data.metadata.items()}
    if said.keys() >= {_WHAT, _WAY_OUT}:
        return KpopError(said[_WHAT], said[_WAY_OUT])
    error, text = event.step_failure_data.error, "unknown"
    while error is not None:
        text = (error.message.strip().splitlines() or [text])[0]
        error = error.cause
    return KpopError(text)
