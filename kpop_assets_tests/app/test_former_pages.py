"""Addresses of former pages lead to the page that has their content now, and keep their query."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from app.messages.catalogue import plain
from app.pages import FORMER, START
from bench.viewer import serve
from kpop_assets_tests.app.chromium import OpenAt, link, needs_chromium

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def viewer(one_day_home: Path) -> Iterator[str]:
    with serve(one_day_home) as (address, _):
        yield address


@pytest.mark.parametrize("former", [*FORMER, START])
def test_a_former_address_leads_on(former: str, viewer: str, open_at: OpenAt):
    name, tab = FORMER.get(former, (START, {}))
    page = open_at(f"{viewer}/{former}?lang=ko&top=20")
    expect(page.locator("h1")).to_have_text(plain("ko", f"{name}.title"))
    address = urlparse(page.url)
    assert address.path.strip("/") == link(name)
    # The first tab is where the page begins, so its address need not say it.
    wanted = {key: [value] for key, value in tab.items() if value != "ranking"}
    assert parse_qs(address.query) == {"lang": ["ko"], "top": ["20"], **wanted}
