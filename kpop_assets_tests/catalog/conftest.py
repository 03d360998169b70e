"""A local Sail session and the catalogue, each once for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from kpop_assets.catalog.catalog import Catalog, load_catalog


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    yield session
    session.stop()
    server.stop()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()
