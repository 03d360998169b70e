"""The catalogue, loaded once for the tests of this folder."""

from __future__ import annotations

import pytest

from kpop_assets.catalog.catalog import Catalog, load_catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()
