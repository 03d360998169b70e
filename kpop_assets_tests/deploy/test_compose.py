"""The composed system: what it starts is there, on loopback alone, and holds no secret."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kpop_assets.operate.pages import PAGES, PARTS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
IMAGES = (ROOT / "Containerfile").read_text()
every_service = pytest.mark.parametrize("name", SERVICES)


def test_the_parts_of_the_system_are_all_there():
    assert set(SERVICES) == {
        *("viewer", "api", "webserver", "daemon", "plays", "feedback"),
        *("postgres", "redis", "kafka"),
    }


@every_service
def test_a_service_starts_anew_however_it_ends_and_may_do_as_little_as_it_needs(name: str):
    service = SERVICES[name]
    assert service["restart"] == "always"
    assert service["cap_drop"] == ["ALL"] and service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service and "user" not in service
    assert [volume.partition(":")[2] for volume in service["volumes"]] == ["/data"]


@every_service
def test_a_port_is_published_on_loopback_alone(name: str):
    for port in SERVICES[name].get("ports", ()):
        assert re.fullmatch(r"127\.0\.0\.1:\$\{KPOP_[A-Z]+_PORT:-\d+\}:\d+", port)


@every_service
def test_whether_a_service_answers_is_asked(name: str):
    """What takes messages has no address; it ends where it cannot go on."""
    assert ("healthcheck" in SERVICES[name]) == (name not in ("plays", "feedback"))


@pytest.mark.parametrize("name", ["viewer", "api", "webserver", "daemon"])
def test_the_products_services_are_commands_that_there_are_on_ports_that_they_have(name: str):
    service = SERVICES[name]
    python, flag, module, pages, *words = service["command"]
    assert (python, flag, module) == ("python", "-m", "kpop_assets.operate.pages")
    port = {**PAGES, **PARTS}[pages].port
    assert [port] * bool(port) == [int(p.rpartition(":")[2]) for p in service.get("ports", ())]
    assert words == (["--host", "0.0.0.0"] if port else [])
    if port:
        assert f":{port}/" in service["healthcheck"]["test"][-1]


@every_service
def test_a_secret_comes_from_the_environment_and_its_lack_is_told(name: str):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if "PASSWORD" in value:
            assert re.search(r"\$\{KPOP_(POSTGRES|REDIS)_PASSWORD:\?[\w ]+\}", value)
        elif variable != "KPOP_KAFKA":
            assert value == f"${{{variable}:-}}"
    assert "PASSWORD" not in " ".join(map(str, SERVICES[name].get("command", ())))


@every_service
def test_logs_and_memory_have_a_limit(name: str):
    service = SERVICES[name]
    assert service["logging"]["driver"] == "json-file"
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}
    assert re.fullmatch(r"(\$\{KPOP_[A-Z]+_MEMORY:-)?[1-8]g\}?", service["mem_limit"])


def test_a_service_is_given_what_it_needs_and_no_others_secrets():
    given = {name: set(service.get("environment", ())) for name, service in SERVICES.items()}
    assert given["viewer"] == set()
    assert given["api"] == {"KPOP_API_KEYS", "KPOP_KAFKA", "KPOP_REDIS"}
    assert given["webserver"] == {"KPOP_DAGSTER_DB"}
    assert given["plays"] == given["feedback"] == {"KPOP_KAFKA"}
    assert {"KPOP_DAGSTER_DB", "KPOP_YOUTUBE_KEY", "KPOP_SMTP_URL"} < given["daemon"]
    assert not given["daemon"] & {"KPOP_API_KEYS", "KPOP_REDIS"}


def test_every_image_is_built_by_a_stage_that_runs_as_nobody_special():
    stages = re.split(r"^FROM .* AS ", IMAGES, flags=re.MULTILINE)[1:]
    last_users = {stage.split()[0]: re.findall(r"^USER (\w+)", stage, re.M) for stage in stages}
    built = {s["build"]["target"] for s in SERVICES.values() if "build" in s}
    assert built == {"kpop", "postgres", "redis", "kafka"}
    assert all(last_users[target] == ["kpop"] for target in built)


def test_every_folder_that_the_product_is_made_of_is_in_its_image():
    let_in = (ROOT / ".containerignore").read_text().splitlines()
    needed = ["app", "kpop_assets", "serving", "dagster.yaml", "workspace.yaml", ".streamlit"]
    needed += re.findall(r"^COPY (?!--)((?:deploy|drills|require)\S+)", IMAGES, re.MULTILINE)
    for name in needed:
        kept = [line[1:] for line in let_in if line.startswith("!")]
        assert any(name == k or name.startswith(f"{k}/") or k.startswith(f"{name}/") for k in kept)
