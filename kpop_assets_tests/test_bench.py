"""What `make bench` measures and prints."""

import re
from pathlib import Path

import pytest

from bench import table
from bench.lines import Lines
from bench.measure import run_measured
from drills.processes import ROOT

README = (ROOT / "README.md").read_text()


def test_the_table_of_the_readme_is_what_bench_prints():
    _, _, rest = README.partition(table.BEGIN)
    printed = rest.partition(table.END)[0].strip()
    what = re.match(r"\| (?P<what>(?P<events>[\d,]+) lines, .*?) \|", printed)
    lines = table.read_lines(printed)

    assert {line.contestant for line in lines} == {*table.PEERS, *table.OURS}
    assert re.fullmatch(r"1,000,000 lines, 30 days, \d+ cores, medians of 3 rounds.*", what["what"])
    again = table.comparison(what["what"], int(what["events"].replace(",", "")), lines)
    assert again == printed
    assert table.put_between_markers(README, again) == README


def test_a_figure_is_the_median_of_its_rounds():
    rounds = [table.Run(9.0, 12.0, 300, {}), table.Run(7.0, 11.0, 500, {})]
    lines = [
        table.line_of("sail", [*rounds, table.Run(8.0, 10.0, 100, {})]),
        table.line_of("duckdb", [table.Run(16.0, 20.0, 1000, {})]),
        table.line_of("polars", [table.Run(20.0, 20.0, 1000, {})]),
    ]
    printed = table.comparison("it", 1_000_000, lines).splitlines()[2:]

    assert printed[0] == "| sail | 8.0 | 7.0 to 9.0 | 0.50 | 11.0 | 300 | 125,000 |"
    assert printed[1].startswith("| duckdb | 16.0 | 16.0 to 16.0 | 1.00 |")
    assert table.read_lines("\n".join(printed)) == lines


def test_the_cpu_time_of_what_outlives_its_parent_counts(tmp_path: Path):
    burn = "import time\nwhile time.process_time() < 0.4: pass"
    start = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    parent = f"{start}; import time; time.sleep(0.2); print('done')"
    usage = run_measured(["python3", "-c", parent], tmp_path / "errors.txt")

    assert usage.printed == "done\n"
    assert usage.cpu_seconds > 0.4


@pytest.mark.parametrize("most", [1, 64])
def test_lines_are_those_that_are_not_blank_and_keep_their_numbers(tmp_path: Path, most: int):
    file = tmp_path / "events_1.json"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"b": 2}\n{"c": 3}\n  \nno object\n{"d": 4}')
    lines = Lines(file)
    spans = lines.pieces(lines.is_object, most)

    assert [lines[i] for i in range(len(lines))] == [
        *(b'{"a": 1}', b'{"b": 2}', b'{"c": 3}', b"no object", b'{"d": 4}')
    ]
    assert lines.numbers.tolist() == [1, 3, 4, 6, 7]
    assert b"\n".join(lines.span(*span) for span in spans).split(b"\n") == [
        *(b'{"a": 1}', b'{"b": 2}', b'{"c": 3}', b'{"d": 4}')
    ]


def test_a_file_without_a_line_has_none(tmp_path: Path):
    (tmp_path / "events_1.json").touch()
    lines = Lines(tmp_path / "events_1.json")

    assert len(lines) == 0
    assert lines.pieces(lines.is_object, 64) == []
