"""A real Kafka for the tests of this folder, one for a whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from drills.kafka_broker import Broker
from drills.kafka_jars import NoJarsError


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker on loopback; skipped with its reason where the jars cannot be had, failed in CI."""
    try:
        made = Broker(tmp_path_factory.mktemp("kafka") / "broker")
    except NoJarsError as error:
        if os.environ.get("KPOP_REQUIRE_KAFKA"):
            pytest.fail(f"{error}, and KPOP_REQUIRE_KAFKA is set")
        pytest.skip(str(error))
    made.start()
    yield made
    made.kill()
