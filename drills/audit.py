"""`python -m drills.audit`: known vulnerabilities of the versions that requirements-dev.lock names.

Belongs here: running pip-audit and judging what it says. Does not belong here: how it gets onto
the machine (Makefile).

One that a newer version mends ends with exit code 1. An advisory service that does not answer, or
that knows none of the packages, is said in one line and is no failure: pip-audit by itself calls
the first an error and the second "no known vulnerabilities".
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drills.processes import ROOT

LOCK = ROOT / "requirements-dev.lock"
# Advisory and the reason why it does not touch us; each goes with the version that mends it.
IGNORED: dict[str, str] = {}
# Asked first, alone: where this is unknown there is no need to ask for all the others.
PROBE = "pip==24.0"
UNREACHABLE = "audit: left out, the advisory service cannot be reached from here"


class AuditError(RuntimeError):
    """pip-audit failed for another reason than the service; the text is its own last line."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Audit the lock; exit code 1 where a known vulnerability has a fix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default="pip-audit", help="the pip-audit to run")
    parser.add_argument("--lock", type=Path, default=LOCK)
    given = parser.parse_args(arguments)
    try:
        lines, is_clean = audit(given.tool, given.lock)
    except AuditError as error:
        lines, is_clean = [f"audit: {error}"], False
    print(*lines, sep="\n")
    sys.exit(0 if is_clean else 1)


def audit(tool: str, lock: Path) -> tuple[list[str], bool]:
    """Lines to print, and whether nothing has to be done.

    Raises:
        AuditError: pip-audit failed for a reason of its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.txt"
        probe.write_text(f"{PROBE}\n")
        known = ask(tool, probe, "--no-deps")
        if known is None or all("skip_reason" in package for package in known):
            return [UNREACHABLE], True
    packages = ask(tool, lock, "--require-hashes")
    return ([UNREACHABLE], True) if packages is None else judge(packages)


def ask(tool: str, requirements: Path, *options: str) -> list[dict[str, Any]] | None:
    """What pip-audit says of each package; None where the service does not answer.

    Raises:
        AuditError: it failed for another reason.
    """
    if not Path(tool).exists():
        # Made by the Makefile, unless the registry that it comes from cannot be reached either.
        return None
    command = [tool, "--requirement", str(requirements), "--disable-pip", *options]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "30"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # Exit code 1 is a vulnerability as well as a failure; only the first prints its result.
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        if any(word in done.stderr for word in ("requests.exceptions.", "ConnectionError")):
            return None
        raise AuditError(last) from None
    return found


def judge(packages: list[dict[str, Any]]) -> tuple[list[str], bool]:
    """A line for each vulnerability and for what could not be audited; whether all is well."""
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    lines, is_clean = [], True
    for package in packages:
        for found in package.get("vulns", ()):
            names = {found["id"], *found.get("aliases", ())}
            reason = next((IGNORED[name] for name in sorted(names) if name in IGNORED), "")
            fixes = ", ".join(found.get("fix_versions", ()))
            verdict = f"ignored: {reason}" if reason else f"fixed in {fixes}" if fixes else "no fix"
            lines.append(f"{package['name']} {package['version']}: {found['id']}, {verdict}")
            is_clean = is_clean and (bool(reason) or not fixes)
    if skipped:
        lines.append(f"not audited, unknown to the service: {', '.join(skipped)}")
    audited = len(packages) - len(skipped)
    return [
        *lines,
        f"audit: {audited} packages, {'nothing to mend' if is_clean else 'mend'}",
    ], is_clean


if __name__ == "__main__":
    main()
