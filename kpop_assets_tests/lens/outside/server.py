"""Wikipedia, Wikidata, GDELT, the Knowledge Graph and Reddit on loopback, in their own forms.

Belongs here: what each answers about a world, and faults. Does not belong here: HTTP itself (the
kit of net/) or what exists (world.py). Knows nothing of the product's code: where both are wrong
about a service, both had to be wrong in the same way by themselves.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from kpop_assets_tests.lens.outside.faults import FAULTS, JSON
from kpop_assets_tests.lens.outside.world import FakeItem, OutsideWorld
from kpop_assets_tests.net.kit import Got, Reply

KEY, APPLICATION, TOKEN = "AIza-of-the-tests", "an-id:a-secret", "a-token"
DAY = dt.timedelta(days=1)


@dataclass
class FakeOutside:
    """All five services; `reply` answers a request of the kit's service.

    Attributes:
        world: what is true.
        now: the simulated clock (aware).
        fault: what goes wrong with a request to a service, of `FAULTS`; None where nothing does.
        asked: service and time of every request.
    """

    world: OutsideWorld
    now: Callable[[], dt.datetime]
    fault: Callable[[str], str | None] = lambda service: None
    asked: list[tuple[str, dt.datetime, str]] = field(default_factory=list)
    news_at: dt.datetime = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

    def reply(self, got: Got) -> Reply:
        """The answer, or what goes wrong."""
        parts = urlsplit(got.target)
        service, _, path = parts.path.lstrip("/").partition("/")
        self.asked.append((service, self.now(), got.target))
        if kind := self.fault(service):
            return FAULTS[kind]
        if not re.match(r"kpop-assets/\S+ \(\S+\)$", got.headers.get("user-agent", "")):
            return Reply(403, b"Please set a user-agent and respect our robot policy")
        params = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return _SERVICES[service](self, got, path, params)

    def times(self, service: str) -> list[dt.datetime]:
        """When a service was asked."""
        return [at for name, at, _ in self.asked if name == service]

    def today(self) -> dt.date:
        """The day in UTC."""
        return self.now().date()


Params = dict[str, str]


def _json(body: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False).encode(), JSON)


def _wikipedia(outside: FakeOutside, got: Got, path: str, params: Params) -> Reply:
    head = "api/rest_v1/metrics/pageviews/per-article/"
    project, access, agent, title, step, start, end = path.removeprefix(head).split("/")
    assert (access, agent, step) == ("all-access", "user", "daily")
    title, language = unquote(title).replace("_", " "), project.partition(".")[0]
    first, last = (dt.date.fromisoformat(each[:8]) for each in (start, end))
    known = {i.article_ko if language == "ko" else i.article_en for i in outside.world.items}
    days = [first + i * DAY for i in range((last - first).days + 1)]
    views = {
        day: outside.world.readers(language, title, day)
        for day in days
        if title in known and day <= outside.world.newest(outside.today())
    }
    shown = {day: count for day, count in views.items() if count}
    if not shown:
        return _json({"type": "about:blank", "title": "Not found.", "status": 404}, 404)
    return _json(
        {
            "items": [
                {
                    "project": f"{language}.wikipedia",
                    "article": title.replace(" ", "_"),
                    "granularity": "daily",
                    "timestamp": f"{day:%Y%m%d}00",
                    "access": access,
                    "agent": agent,
                    "views": count,
                }
                for day, count in shown.items()
            ]
        }
    )


def _gdelt(outside: FakeOutside, got: Got, path: str, params: Params) -> Reply:
    waited, outside.news_at = outside.now() - outside.news_at, outside.now()
    if waited.total_seconds() < 4.99:
        return Reply(429, b"Please limit requests to one every 5 seconds.")
    found = re.fullmatch(r'"([^"]+)" \(.+\)', params["query"])
    if not found or len(found[1]) < 3:
        return Reply(200, b"The specified phrase is too short.\n", {"Content-Type": "text/html"})
    assert (params["mode"], params["format"]) == ("timelinevolraw", "json")
    first, last = (
        dt.date.fromisoformat(params[name][:8]) for name in ("startdatetime", "enddatetime")
    )
    last = min(last, outside.world.newest(outside.today()))
    days = [first + i * DAY for i in range((last - first).days + 1)]
    counts = {day: outside.world.articles(found[1], day) for day in days}
    if not any(counts.values()):
        return _json({})
    steps = [
        {"date": f"{day:%Y%m%d}T{hour:02}0000Z", "value": part, "norm": 1000}
        for day, count in counts.items()
        for hour, part in ((0, count // 2), (12, count - count // 2))
    ]
    return _json({"timeline": [{"series": "Article Count", "data": steps}]})


def _wikidata(outside: FakeOutside, got: Got, path: str, params: Params) -> Reply:
    assert params["format"] == "json"
    if params["action"] == "wbsearchentities":
        hits = outside.world.named(params["search"])[: int(params["limit"])]
        return _json({"search": [_hit(item, params) for item in hits], "success": 1})
    ids = [each for each in params.get("ids", "").split("|") if each]
    titles = [each for each in params.get("titles", "").split("|") if each]
    if len(ids) + len(titles) > 50:
        return _json({"error": {"code": "toomanyvalues", "info": "Too many values"}})
    by_title = {
        i.article_ko if params.get("sites") == "kowiki" else i.article_en: i
        for i in outside.world.items
    }
    by_id = {item.id: item for item in outside.world.items}
    entities = {name: _entity(by_id[name]) if name in by_id else _missing(name) for name in ids}
    for i, title in enumerate(titles, start=1):
        item = by_title.get(title)
        entities[item.id if item else f"-{i}"] = _entity(item) if item else _missing(f"-{i}")
    return _json({"entities": entities, "success": 1})


def _hit(item: FakeItem, params: Params) -> dict:
    name = next(n for n in item.names if n.casefold().startswith(params["search"].casefold()))
    match = {"type": "label", "language": params["language"], "text": name}
    return {"id": item.id, "label": name, "description": item.about, "match": match}


def _missing(name: str) -> dict:
    return {"id": name, "missing": ""}


def _entity(item: FakeItem) -> dict:
    labels = {"ko": item.ko, "en": item.en}
    titles = {"kowiki": item.article_ko, "enwiki": item.article_en}
    claim = {"mainsnak": {"datavalue": {"value": {"id": item.instance_of}}}}
    return {
        "id": item.id,
        "labels": {k: {"language": k, "value": v} for k, v in labels.items() if v},
        "descriptions": {"en": {"language": "en", "value": item.about}},
        "sitelinks": {k: {"site": k, "title": v} for k, v in titles.items() if v},
        "claims": {"P31": [claim]},
    }


def _knowledge_graph(outside: FakeOutside, got: Got, path: str, params: Params) -> Reply:
    if got.headers.get("x-goog-api-key") != KEY:
        return _json({"error": {"code": 400, "message": "API key not valid."}}, 400)
    found = outside.world.named(params["query"])[: int(params["limit"])]
    return _json(
        {
            "@type": "ItemList",
            "itemListElement": [
                {
                    "@type": "EntitySearchResult",
                    "result": {
                        "@id": f"kg:/m/{item.id.lower()}",
                        "name": item.ko if params["languages"] == "ko" else item.en,
                        "@type": ["Thing", "MusicGroup"],
                        "description": "Girl group",
                        "detailedDescription": {
                            "url": f"https://en.wikipedia.org/wiki/{item.article_en}"
                        },
                    },
                    "resultScore": 1.0,
                }
                for item in found
            ],
        }
    )


def _reddit(outside: FakeOutside, got: Got, path: str, params: Params) -> Reply:
    if path == "api/v1/access_token":
        basic = base64.b64encode(APPLICATION.encode()).decode()
        if got.headers.get("authorization") != f"Basic {basic}" or got.method != "POST":
            return _json({"message": "Unauthorized", "error": 401}, 401)
        return _json({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600})
    if got.headers.get("authorization") != f"Bearer {TOKEN}":
        return _json({"message": "Unauthorized", "error": 401}, 401)
    phrase = params["q"].strip('"')
    days = [outside.today() - i * DAY for i in range(30)]
    posts = [day for day in days for _ in range(outside.world.posts(phrase, day))]
    start = int(params.get("after", "t3_0").removeprefix("t3_"))
    size = int(params["limit"])
    page = posts[start : start + size]
    children = [{"kind": "t3", "data": {"created_utc": _noon(day)}} for day in page]
    after = f"t3_{start + size}" if start + size < len(posts) else None
    return _json({"kind": "Listing", "data": {"children": children, "after": after}})


def _noon(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()


_SERVICES = {
    "wikipedia": _wikipedia,
    "wikidata": _wikidata,
    "gdelt": _gdelt,
    "knowledge_graph": _knowledge_graph,
    "reddit": _reddit,
}
