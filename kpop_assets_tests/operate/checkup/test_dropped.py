"""What the check-up says of the inbox."""

from __future__ import annotations

from kpop_assets.operate.checkup.dropped import check_inbox
from kpop_assets.settings import Settings


def test_what_stays_in_the_inbox_is_named_with_its_reason(settings: Settings):
    assert check_inbox(settings).state == "ok"
    inbox = settings.landing / "inbox"
    inbox.mkdir(parents=True)
    for name in ("Thumbs.db", "chart.csv", "a", "b"):
        (inbox / name).touch()
    finding = check_inbox(settings)
    assert finding.state == "warning"
    assert finding.text.startswith("4 stay in landing/inbox: Thumbs.db (it is called as no landing")
    assert finding.text.endswith("; and 1 more")
    assert finding.advice
