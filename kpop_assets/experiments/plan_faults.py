"""What can be wrong with an experiment's file, and the parts of the product that it may set.

Belongs here: the fields of a file, and the first fault of one in words. Does not belong here:
reading files (plans.py).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any

from kpop_assets.contracts.experiment_rules import MOST_DAYS, MOST_PRE_PERIOD_DAYS
from kpop_assets.experiments.unit_metrics import METRICS

CONTROL = "control"
# What of the product a variant may set, and to what. The first is what it does without experiments
# and without usual settings (usual_settings.py).
SWITCHES: Mapping[str, tuple[str, ...]] = {
    "order": ("trees", "mix", "popular"),
    "rising_slot": ("none", "epsilon_greedy", "linucb", "thompson"),
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELDS = {
    "question": str,
    "unit": str,
    "starts_on": dt.date,
    "ends_on": dt.date,
    "primary_metric": str,
    "guardrail_metrics": list,
    "least_effect": float,
    "pre_period_days": int,
    "salt": str,
    "decides": str,
    "shares": dict,
    "settings": dict,
}
_OPTIONAL = {"guardrail_metrics", "pre_period_days", "salt", "decides", "settings"}


def plan_fault(name: str, told: Mapping[str, Any]) -> str:
    """The first thing that is wrong; empty where nothing is.

    Args:
        name: of the file, without its ending.
        told: what it holds.
    """
    if not _NAME.fullmatch(name):
        return "a file is called by small letters, digits and _"
    unknown = sorted(told.keys() - _FIELDS.keys())
    if unknown:
        return f"unknown field {unknown[0]}"
    missing = sorted(_FIELDS.keys() - _OPTIONAL - told.keys())
    if missing:
        return f"field {missing[0]} is missing"
    for field, value in told.items():
        if not _is_a(value, _FIELDS[field]):
            return f"{field} must be {_KINDS[_FIELDS[field]]}, not {value!r}"
    return (
        _fault_of_days(told)
        or _fault_of_metrics(told)
        or _fault_of_shares(told["shares"])
        or _fault_of_settings(told["shares"], told.get("settings", {}))
    )


_KINDS = {
    str: "a text",
    dt.date: "a day such as 2026-12-01",
    float: "a number",
    int: "a whole number",
    list: "a list of texts",
    dict: "a table",
}


def _is_a(value: object, kind: type) -> bool:
    if isinstance(value, (bool, dt.datetime)):
        return False
    if kind is float:
        return isinstance(value, (int, float)) and math.isfinite(value)
    if kind is list:
        return isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    return isinstance(value, kind) and value != ""


def _fault_of_days(told: Mapping[str, Any]) -> str:
    days = (told["ends_on"] - told["starts_on"]).days + 1
    if not 1 <= days <= MOST_DAYS:
        return f"ends_on must be 0 to {MOST_DAYS - 1} days after starts_on"
    if not 0 <= told.get("pre_period_days", 0) <= MOST_PRE_PERIOD_DAYS:
        return f"pre_period_days must be 0 to {MOST_PRE_PERIOD_DAYS}"
    return ""


def _fault_of_metrics(told: Mapping[str, Any]) -> str:
    metrics = [told["primary_metric"], *told.get("guardrail_metrics", ())]
    if len({*metrics}) < len(metrics):
        return "a metric is named twice"
    if not 0 < told["least_effect"] < 10:
        return "least_effect must be above 0, as a share of control: 0.05 is 5 %"
    unknown = [name for name in metrics if name not in METRICS]
    if unknown:
        return f"metric {unknown[0]} is unknown: it is one of {', '.join(METRICS)}"
    if told["unit"] != "listener":
        return f"unit must be listener, not {told['unit']}"
    if told.get("decides", "end") not in {"end", "any_day"}:
        return f"decides must be end or any_day, not {told['decides']}"
    return ""


def _fault_of_shares(shares: Mapping[str, Any]) -> str:
    if CONTROL not in shares or len(shares) < 2:
        return f"shares must name {CONTROL} and at least one other variant"
    wrong = [name for name in shares if not _NAME.fullmatch(name)]
    if wrong:
        return f"variant {wrong[0]!r} must be small letters, digits and _"
    if not all(_is_a(share, float) and 0 < share < 1 for share in shares.values()):
        return "each share must be a number between 0 and 1"
    if not math.isclose(sum(shares.values()), 1.0, abs_tol=1e-9):
        return f"shares must add up to 1, not {sum(shares.values()):g}"
    return ""


def _fault_of_settings(shares: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    for variant, told in settings.items():
        if variant not in shares:
            return f"settings are told for {variant}, which is no variant"
        if not isinstance(told, dict):
            return f"settings.{variant} must be a table"
        for switch, value in told.items():
            if wrong := setting_fault(switch, value):
                return wrong
    return ""


def setting_fault(switch: str, value: object) -> str:
    """What is wrong with a setting; empty where nothing is."""
    known = SWITCHES.get(switch, ())
    if not known:
        return f"setting {switch} is unknown: it is one of {', '.join(SWITCHES)}"
    if value not in known:
        return f"{switch} must be one of {', '.join(known)}, not {value!r}"
    return ""
