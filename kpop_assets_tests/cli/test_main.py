"""The command line as a whole: help, version, completion, exit codes, and how little it loads."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from rich.cells import cell_len

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


def run_python(
    code: str, encoding: str = "utf-8", **variables: str
) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KPOP_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        encoding=encoding,
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


def assert_ends_quietly(code: str) -> None:
    """A program whose reader leaves after one byte says nothing and ends well."""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout and command.stderr
        command.stdout.read(1)
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 0


def test_a_reader_that_has_enough_ends_the_command_without_a_word():
    code = "import kpop_assets.cli.main as m, sys; m.app = lambda **_: print('x' * 10**6); m.main()"
    assert_ends_quietly(code)


def test_a_reader_that_has_enough_of_a_table_ends_it_without_a_word():
    """Rich would end the command itself, and with another code."""
    code = """
from kpop_assets.cli import main as m
from kpop_assets.cli.grid import GridColumn, print_grid
m.app = lambda **_: print_grid("t", [GridColumn("c")], [["x" * 60]] * 10**4)
m.main()
"""
    assert_ends_quietly(code)


CONSOLES = {
    "cp949": {"PYTHONIOENCODING": "cp949"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""},
}
TABLE = """
from kpop_assets.cli import main as m
from kpop_assets.cli.grid import GridColumn, print_grid
columns = [GridColumn("act", is_text=True), GridColumn("n")]
m.app = lambda **_: print_grid("t", columns, [["ROSÉ", "1"], ["Dal★shabet", "2"], ["아일릿", "3"]])
m.main()
"""

IMPORT = """
import sys
from kpop_assets.cli.main import main
sys.argv = ["kpop", "import", "landing", "없는-★.ndjson"]
main()
"""


@pytest.mark.parametrize("name", CONSOLES)
def test_a_console_that_lacks_signs_gets_the_whole_table_with_others_in_their_place(name: str):
    encoding = "cp949" if name == "cp949" else "ascii"
    done = run_python(ascii_code(TABLE), encoding=encoding, **CONSOLES[name])
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines() if line.strip()]
    known = ["ROS?", "Dal★shabet", "아일릿"] if name == "cp949" else ["ROS?", "Dal?shabet", "???"]
    assert rows == [["t"], ["act", "n"], rows[2], *zip_rows(known)]
    assert set("".join(rows[2])) == {"-"}
    # Columns stand below each other whatever stands for a sign.
    ends = {cell_len(line) for line in done.stdout.splitlines() if line[-1:].isdigit()}
    assert len(ends) == 1


def ascii_code(code: str) -> str:
    """The same code for a Python that takes its own command line for ASCII."""
    return f"exec({code!a})"


def zip_rows(names: list[str]) -> list[list[str]]:
    return [[name, str(number)] for number, name in enumerate(names, start=1)]


@pytest.mark.parametrize("name", ["cp949", "ascii"])
def test_an_error_on_such_a_console_is_one_line_that_can_be_read(name: str):
    encoding = "cp949" if name == "cp949" else "ascii"
    done = run_python(ascii_code(IMPORT), encoding=encoding, **CONSOLES[name])
    path = "없는-★.ndjson" if name == "cp949" else r"\uc5c6\ub294-\u2605.ndjson"
    assert done.returncode == 1
    assert done.stderr.startswith(f"kpop: cannot read {path}: ")
    assert done.stderr.count("\n") == 1


def test_a_korean_path_is_told_as_it_was_typed_where_the_locale_knows_only_ascii(tmp_path: Path):
    code = "from kpop_assets.cli.main import main; main()"
    environ = {**os.environ, **CONSOLES["C"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, "import", "landing", "없는.ndjson"],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr.startswith("kpop: cannot read 없는.ndjson: ")


def test_who_asks_for_another_way_than_replacing_keeps_it():
    done = run_python(TABLE, PYTHONIOENCODING="ascii:xmlcharrefreplace")
    assert done.returncode == 0
