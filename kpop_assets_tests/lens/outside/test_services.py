"""Each service in its own wire format: what is read of it, and what of it is no answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpop_assets.lens.outside.answers import DaySeries, reason_of
from kpop_assets.lens.outside.knowledge_graph import KnowledgeGraph
from kpop_assets.lens.outside.news import News
from kpop_assets.lens.outside.pageviews import Pageviews
from kpop_assets.lens.outside.reddit import Reddit
from kpop_assets.lens.outside.things import GROUP
from kpop_assets.lens.outside.wikidata import Wikidata
from kpop_assets.net.errors import NetError
from kpop_assets_tests.lens.outside.faults import FAULTS
from kpop_assets_tests.lens.outside.kit import DAY, Outdoors, outdoors
from kpop_assets_tests.lens.outside.server import APPLICATION, KEY

IVE = {"ko": "아이브", "en": "IVE (group)"}
WEEK = [DAY - dt.timedelta(days=7 - i) for i in range(7)]
Ask = Callable[[Outdoors], object]
ASKS: dict[str, Ask] = {
    "wikipedia": lambda out: Pageviews(out.asker()).read_by_day(IVE, DAY),
    "gdelt": lambda out: News(out.asker()).count_by_day("IVE", DAY),
    "reddit": lambda out: Reddit(out.asker(), APPLICATION).count_by_day("IVE", DAY),
    "wikidata": lambda out: Wikidata(out.asker()).search("아이브"),
    "knowledge_graph": lambda out: KnowledgeGraph(out.asker(), KEY).search("IVE"),
}
UNREACHABLE = {"http_500", "http_503", "http_503_for_long", "http_429", "redirect"}
UNREACHABLE |= {"cut", "close", "nonsense", "slow"}


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Outdoors]:
    with outdoors(tmp_path) as found:
        yield found


def test_readers_of_both_articles_are_summed_by_day(out: Outdoors):
    world = out.services.world
    found = Pageviews(out.asker()).read_by_day(IVE, DAY)
    counts = [
        world.readers("ko", "아이브", day) + world.readers("en", "IVE (group)", day) for day in WEEK
    ]
    assert found == DaySeries(WEEK[-1], tuple(counts))


def test_an_article_without_readers_makes_no_sum_of_the_other_alone(out: Outdoors):
    out.services.world.quiet = {"아이브"}
    with pytest.raises(NetError) as caught:
        Pageviews(out.asker()).read_by_day(IVE, DAY)
    assert reason_of(caught.value) == "empty"


def test_days_that_come_late_end_the_week_earlier_and_none_is_made_up(out: Outdoors):
    out.services.world.late_days = 1
    for ask in (ASKS["wikipedia"], ASKS["gdelt"]):
        found = ask(out)
        assert isinstance(found, DaySeries)
        assert found.last == WEEK[-2]
        assert all(found.counts)
    out.services.world.late_days = 3
    out.now += dt.timedelta(hours=2)
    for name in ("wikipedia", "gdelt"):
        with pytest.raises(NetError) as caught:
            ASKS[name](out)
        assert reason_of(caught.value) == "empty"


def test_news_are_summed_over_the_steps_of_a_day(out: Outdoors):
    found = News(out.asker()).count_by_day('IV"E', DAY)
    counts = [out.services.world.articles("IV E", day) for day in WEEK]
    assert found == DaySeries(WEEK[-1], tuple(counts))


@pytest.mark.parametrize("name", ["IU", "", None, '"'])
def test_a_name_too_short_for_news_is_not_asked_for(out: Outdoors, name: str | None):
    with pytest.raises(NetError) as caught:
        News(out.asker()).count_by_day(name, DAY)
    assert reason_of(caught.value) == "no_name"
    assert out.services.asked == []


def test_posts_are_counted_over_pages_until_the_week_is_whole(out: Outdoors):
    found = Reddit(out.asker(), APPLICATION).count_by_day("IVE", DAY)
    assert found == DaySeries(WEEK[-1], tuple(out.services.world.posts("IVE", d) for d in WEEK))


def test_reddit_refuses_another_application(out: Outdoors):
    with pytest.raises(NetError) as caught:
        Reddit(out.asker(), "an-id:wrong").count_by_day("IVE", DAY)
    assert reason_of(caught.value) == "refused"
    assert "wrong" not in str(caught.value)


def test_things_are_found_by_name_and_read_by_id_and_article(out: Outdoors):
    items = Wikidata(out.asker())
    assert [hit.wikidata_id for hit in items.search("IVE")] == ["Q800", "Q1"]
    things = items.read(["Q1", "Q77"])
    assert list(things) == ["Q1"]
    ive = things["Q1"]
    assert (ive.name_ko, ive.name_en, ive.type) == ("아이브", "IVE", GROUP)
    assert (ive.wikipedia_ko, ive.wikipedia_en) == ("아이브", "IVE (group)")
    assert items.read_articles("en", ["IVE (group)", "Nobody"]) == {"IVE (group)": ive}


def test_the_graph_tells_of_things_and_their_articles(out: Outdoors):
    (ive,) = [
        t for t in KnowledgeGraph(out.asker(), KEY).search("IVE") if t.wikipedia_en == IVE["en"]
    ]
    assert (ive.name_en, ive.type, ive.description_en) == ("IVE", GROUP, "Girl group")
    with pytest.raises(NetError) as caught:
        KnowledgeGraph(out.asker(), "AIza-of-nobody").search("aespa")
    assert reason_of(caught.value) == "refused"


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("service", ASKS)
def test_whatever_a_service_does_is_a_reason_in_a_word(out: Outdoors, service: str, kind: str):
    out.services.fault = lambda name: kind
    out.silent_seconds = 0.2 if kind == "slow" else out.silent_seconds
    if (service, kind) in {("gdelt", "empty_object"), ("wikipedia", "http_404")}:
        expected = {"empty"}
    elif kind in UNREACHABLE:
        expected = {"unreachable"}
    elif kind.startswith("http_4"):
        expected = {"refused", "empty"}
    elif (service, kind) in {("wikidata", "odd_items"), ("knowledge_graph", "odd_items")}:
        assert not [found for found in ASKS[service](out) if getattr(found, "names", ())]
        return
    else:
        expected = {"odd_answer"}
    with pytest.raises(NetError) as caught:
        ASKS[service](out)
    assert reason_of(caught.value) in expected
    assert len(out.services.asked) <= 2
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("service", ASKS)
def test_a_fault_that_passes_costs_one_more_request_and_nothing_else(out: Outdoors, service: str):
    faults = iter(["http_500"])
    truth = ASKS[service](out)
    begun = len(out.services.asked)
    out.services.fault = lambda name: next(faults, None)
    out.now += dt.timedelta(hours=25)
    assert ASKS[service](out) == truth
    assert len(out.services.asked) == begun + begun + 1


def test_an_answer_serves_the_same_question_for_its_time_and_no_longer(out: Outdoors):
    for service, seconds in (("wikipedia", 3_600), ("gdelt", 1_800), ("wikidata", 86_400)):
        ASKS[service](out)
        asked = len(out.services.times(service))
        out.now += dt.timedelta(seconds=seconds - 1)
        ASKS[service](out)
        assert len(out.services.times(service)) == asked
        out.now += dt.timedelta(seconds=2)
        ASKS[service](out)
        assert len(out.services.times(service)) == 2 * asked


def test_a_service_that_fails_three_times_is_left_alone_and_others_are_not(out: Outdoors):
    out.services.fault = lambda name: "http_500" if name == "wikipedia" else None
    reasons = []
    for number in range(5):
        with pytest.raises(NetError) as caught:
            Pageviews(out.asker()).read_by_day({"ko": f"아무 {number}"}, DAY)
        reasons.append(reason_of(caught.value))
    assert reasons == [*["unreachable"] * 3, *["paused"] * 2]
    assert len(out.services.times("wikipedia")) == 6
    assert isinstance(ASKS["gdelt"](out), DaySeries)
