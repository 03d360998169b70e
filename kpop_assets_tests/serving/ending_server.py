"""The API, of whose workers the first to land loses the thread that does so: a server of a test.

Belongs here: that fault, and short times. Does not belong here: what the test asks.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from serving.__main__ import main

if TYPE_CHECKING:
    from fastapi import FastAPI

FAILED = "failed"


def failing_app() -> FastAPI:
    """The application of a worker."""
    # A worker answers its supervisor once this module is imported: it must not take long.
    import pytest

    from kpop_assets.landing.journal.segments import asked_to_close
    from kpop_assets.settings import load_settings
    from serving import ended_threads
    from serving.app import create_app, end_this_process
    from serving.intake import intake

    settings = load_settings()
    settings.home.mkdir(parents=True, exist_ok=True)

    def fail_once(root: Path) -> int:
        try:
            (settings.home / FAILED).touch(exist_ok=False)
        except FileExistsError:
            return asked_to_close(root)
        raise ZeroDivisionError(os.getpid())

    patch = pytest.MonkeyPatch()
    patch.setattr(intake, "asked_to_close", fail_once)
    patch.setattr(ended_threads, "LEAST_SECONDS", 2.0)
    patch.setattr(ended_threads, "SPREAD_SECONDS", 0.1)
    return create_app(settings, end_this_process)


if __name__ == "__main__":
    main(app="kpop_assets_tests.serving.ending_server:failing_app")
