"""Alert rules and dashboard: tried by promtool, and of metrics that there are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from serving.metrics.exposition import exposition_of
from serving.metrics.meters import AnswerSeen, Meters

MONITORING = Path(__file__).parents[3] / "monitoring"
METRIC = re.compile(r"\bkpop_[a-z_]+\b")
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None and not os.environ.get("KPOP_REQUIRE_PROMTOOL"),
    reason="promtool is not installed: apt-get install prometheus",
)


def promtool(*arguments: str, text: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["promtool", *arguments], input=text, cwd=MONITORING, capture_output=True)


def rules() -> dict[str, dict[str, Any]]:
    told = yaml.safe_load((MONITORING / "alerts.yml").read_text())
    return {rule["alert"]: rule for group in told["groups"] for rule in group["rules"]}


def panels() -> list[dict[str, Any]]:
    return json.loads((MONITORING / "grafana.json").read_text())["panels"]


def asked_by_panels() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel.get("targets", [])]


@pytest.fixture(scope="module")
def meters() -> Meters:
    """Each metric once, with every label."""
    meters = Meters()
    meters.request_began()
    meters.request_ended("/v1/artists", "GET", 200, 0.01)
    meters.answered(AnswerSeen(0.01, "listener", {"order": "mix"}, "late", False, 10, 9, 1))
    meters.looked_up("process", "hit")
    meters.lines_taken("plays", "accepted")
    meters.outside_failed("redis")
    return meters


@needs_promtool
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yml"),
        # The key lies on the machine that it is run on.
        ("check", "config", "--syntax-only", "prometheus_composed.yml"),
        ("check", "rules", "--lint-fatal", "alerts.yml"),
        ("test", "rules", "alerts_test.yml"),
    ],
    ids=lambda arguments: arguments[-1],
)
def test_rules_are_sound_and_fire_when_they_should_alone(arguments: tuple[str, ...]):
    done = promtool(*arguments)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


def test_to_containers_prometheus_comes_with_a_key_and_otherwise_alike():
    beside, composed = (
        yaml.safe_load((MONITORING / name).read_text())
        for name in ("prometheus.yml", "prometheus_composed.yml")
    )
    [job] = composed["scrape_configs"]
    assert job.pop("authorization") == {"credentials_file": "/etc/prometheus/kpop.key"}
    assert composed == beside
    ports = yaml.safe_load((MONITORING.parent / "compose.yaml").read_text())["services"]["api"][
        "ports"
    ]
    published = ports[0].replace("${KPOP_API_PORT:-8000}", "8000").removesuffix(":8000")
    assert job["static_configs"] == [{"targets": [published]}]


def test_every_rule_is_tried_both_ways_and_says_what_to_do():
    tests = yaml.safe_load((MONITORING / "alerts_test.yml").read_text())["tests"]
    tried = Counter(
        (one["alertname"], bool(one["exp_alerts"]))
        for test in tests
        for one in test["alert_rule_test"]
    )
    assert tried == {(name, is_raised): 1 for name in rules() for is_raised in (True, False)}
    for rule in rules().values():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"].endswith((".", ".'"))
        assert rule["annotations"]["way_out"]


def test_rules_and_dashboard_ask_for_metrics_and_labels_that_are_told(meters: Meters):
    families = {
        sample.name: set(sample.labels)
        for family in meters.registry.collect()
        for sample in family.samples
    }
    asked = [*(rule["expr"] for rule in rules().values()), *asked_by_panels()]
    named = {name for text in asked for name in METRIC.findall(text)}
    assert named - set(families) == set()
    # And each metric is looked at by somebody.
    shown = {re.sub(r"_(bucket|sum|count|total|created)$", "", name) for name in named}
    told = {family.name for family in meters.registry.collect()}
    assert told - shown == set()
    for text in asked:
        for name, matched in re.findall(r"\b(kpop_[a-z_]+)\{([^}]*)\}", text):
            labels = set(re.findall(r"(\w+)\s*[=!]~?", matched))
            assert labels <= families[name], text


@needs_promtool
def test_what_is_told_is_sound_to_prometheus(meters: Meters):
    done = promtool("check", "metrics", text=exposition_of(meters))
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@needs_promtool
def test_every_panel_asks_something_that_prometheus_understands(tmp_path: Path):
    asked = [text.replace("$__rate_interval", "5m") for text in asked_by_panels()]
    assert asked
    recorded = [{"record": f"panel:{at}", "expr": text} for at, text in enumerate(asked)]
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}))
    done = promtool("check", "rules", str(path))
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


def test_no_panel_lies_on_another_and_each_has_an_id_of_its_own():
    cells = [
        (x, y)
        for panel in panels()
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    ids = [panel["id"] for panel in panels()]
    assert len(ids) == len(set(ids))
