"""The command line as a whole: help, version, completion, exit codes, and how little it loads."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from kpop_assets_tests.cli.kit import Kpop, assert_one_line

ROOT = Path(__file__).parents[2]
# Each takes between a tenth of a second and several to load.
HEAVY = [
    "pyspark",
    "pysail",
    "dagster",
    "mlflow",
    "sklearn",
    "streamlit",
    "pyarrow",
    "deltalake",
    "polars",
    "pandas",
    "numpy",
]
# A command, and its exit code.
QUICK = {
    "--help": 0,
    "--version": 0,
    "run --help": 0,
    "nix": 2,
    "run yesterday today": 2,
    "run 2025-11-08 2025-11-07": 1,
    "run 2025-11-08 2099-01-01": 1,
    "import csv .": 1,
    "import landing-nix .": 1,
    "run 2025-11-08 2025-11-08 --select nix": 1,
    "export nix": 1,
    "fetch --max-items 0": 2,
    "rank --top 0": 2,
}


def run_python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KPOP_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("command", "code"), QUICK.items(), ids=QUICK)
def test_help_and_refusals_load_nothing_heavy(command: str, code: int):
    """Not by a clock, which would judge the machine."""
    done = run_python(
        f"""
import sys
from kpop_assets.cli.main import main
sys.argv = ["kpop", *{command.split()}]
try:
    main()
except SystemExit as end:
    print("code", 1 if isinstance(end.code, str) else end.code)
print("loaded", [name for name in {HEAVY} if name in sys.modules])
"""
    )
    assert done.stdout.splitlines()[-2:] == [f"code {code}", "loaded []"], done.stderr


def test_the_version_is_that_of_the_package(kpop: Kpop):
    assert kpop("--version").out == f"kpop {metadata.version('kpop-assets')}\n"


def test_without_a_command_it_lists_them_and_fails(kpop: Kpop):
    done = kpop()
    assert done.code == 2
    for command in ("demo", "import", "doctor"):
        assert command in done.out


def test_what_cannot_be_understood_is_one_line_and_exit_code_two(kpop: Kpop):
    assert_one_line(kpop("nix"), "nix", code=2)
    assert_one_line(kpop("run", "--nix"), "--nix", code=2)
    assert_one_line(kpop("run", "2025-11-08"), "Missing", "END", code=2)
    assert_one_line(kpop("rank", "--top", "0"), "--top", code=2)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("kpop ri", "risers"),
        ("kpop import youtube-p", "youtube-popular"),
        ("kpop run 2025-11-04 2025-11-04 --select silver/artist_d", "silver/artist_daily"),
    ],
)
def test_a_shell_completes_commands_and_what_they_take(words: str, offered: str):
    done = run_python(
        "from kpop_assets.cli.main import main; main()",
        _KPOP_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
    )
    assert done.stdout.split() == [offered], done.stderr


def test_a_reader_that_has_enough_ends_the_command_without_a_word():
    code = "import kpop_assets.cli.main as m, sys; m.app = lambda **_: print('x' * 10**6); m.main()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout and command.stderr
        command.stdout.read(1)
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 1
