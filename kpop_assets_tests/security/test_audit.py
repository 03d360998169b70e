"""The audit of dependencies: a fix that exists fails it, a service out of reach does not."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from drills import audit

TROUBLE = "requests.exceptions.ConnectionError: Max retries exceeded"


def vulnerable(*fixes: str, id: str = "PYSEC-1") -> dict[str, Any]:
    return {
        "name": "x",
        "version": "1",
        "vulns": [{"id": id, "aliases": ["CVE-1"], "fix_versions": list(fixes)}],
    }


CLEAN = {"name": "x", "version": "1", "vulns": []}
UNKNOWN = {"name": "x", "skip_reason": "not found"}


def tool(folder: Path, *answers: Any) -> str:
    """A pip-audit that gives these answers in turn: what it found, or the error it ends with."""
    for number, answer in enumerate(answers):
        text = answer if isinstance(answer, str) else json.dumps({"dependencies": answer})
        (folder / f"answer{number}").write_text(text)
        (folder / f"code{number}").write_text("1" if isinstance(answer, str) else "0")
    path = folder / "pip-audit"
    path.write_text(
        f"""#!/bin/sh
cd {folder}
number=$(cat asked 2>/dev/null || echo 0)
echo $((number + 1)) > asked
if [ "$(cat code$number)" = 1 ]; then cat answer$number >&2; else cat answer$number; fi
exit $(cat code$number)
"""
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ([[CLEAN], [CLEAN]], 0, "1 packages, nothing to mend"),
        ([[CLEAN], [vulnerable("2", "3")]], 1, "x 1: PYSEC-1, fixed in 2, 3"),
        ([[CLEAN], [vulnerable()]], 0, "x 1: PYSEC-1, no fix"),
        ([[vulnerable("2")], [CLEAN]], 0, "nothing to mend"),
        ([[CLEAN], [CLEAN, UNKNOWN]], 0, "not audited, unknown to the service: x"),
        ([TROUBLE], 0, audit.UNREACHABLE),
        ([[CLEAN], TROUBLE], 0, audit.UNREACHABLE),
        ([[UNKNOWN]], 0, audit.UNREACHABLE),
        (["ERROR: the lock is broken"], 1, "audit: ERROR: the lock is broken"),
        ([[CLEAN], "ERROR: the lock is broken"], 1, "audit: ERROR: the lock is broken"),
    ],
    ids=str,
)
def test_what_the_audit_makes_of_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answers: list[Any], code: int, words: str
):
    with pytest.raises(SystemExit) as end:
        audit.main(["--tool", tool(tmp_path, *answers)])
    assert end.value.code == code
    printed = capsys.readouterr().out
    assert words in printed
    if words == audit.UNREACHABLE:
        assert printed == f"{audit.UNREACHABLE}\n"


def test_one_that_is_ignored_says_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(audit.IGNORED, "CVE-1", "we never call it")
    lines, is_clean = audit.judge([vulnerable("2")])
    assert is_clean
    assert lines[0] == "x 1: PYSEC-1, ignored: we never call it"


def test_a_tool_that_could_not_be_installed_is_the_same_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as end:
        audit.main(["--tool", str(tmp_path / "missing")])
    assert (end.value.code, capsys.readouterr().out) == (0, f"{audit.UNREACHABLE}\n")


def test_the_real_tool_without_a_network_is_that_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    real = Path(sys.prefix) / "audit" / "bin" / "pip-audit"
    if not real.exists():
        pytest.skip("pip-audit is not installed here: `make audit` does so")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(SystemExit) as end:
            audit.main(["--tool", str(real)])
    assert (end.value.code, capsys.readouterr().out) == (0, f"{audit.UNREACHABLE}\n")
