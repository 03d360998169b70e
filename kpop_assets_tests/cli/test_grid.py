"""Tables at any width: nothing is cut, numbers stay whole, what is left out is named."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from kpop_assets.cli.grid import GridColumn, print_grid

COLUMNS = (
    GridColumn("#"),
    GridColumn("artist", is_text=True, least=12),
    GridColumn("points of the week", rank=1),
    GridColumn("trend", is_text=True, rank=2),
)
ROWS = [
    ("1", "Seo Taiji and Boys", "12,160,700,000", "FALLING"),
    ("2", "방탄소년단 소년단", "7", "RISING"),
]


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Print a table at a width; without one, as into a pipe."""

    def run(width: int | None, columns=COLUMNS, rows=ROWS, title="Title") -> str:
        monkeypatch.delenv("COLUMNS", raising=False)
        if width:
            monkeypatch.setenv("COLUMNS", str(width))
        print_grid(title, columns, rows)
        return capsys.readouterr().out

    return run


def widest(text: str) -> int:
    return max(cell_len(line) for line in text.splitlines())


def test_into_a_pipe_every_row_is_one_line(draw):
    rows = [("1", "a very " * 40 + "long name", "7", "RISING")]
    shown = draw(None, rows=rows)
    assert ("a very " * 40 + "long name") in shown
    assert "left out" not in shown


def test_headings_wrap_before_a_column_goes(draw):
    shown = draw(48)
    assert "points of the week" not in shown
    assert "left out" not in shown
    for word in ("points", "week", "Seo Taiji and Boys", "12,160,700,000", "FALLING"):
        assert word in shown
    assert widest(shown) <= 48


def test_then_texts_wrap_at_words(draw):
    shown = draw(42)
    assert "left out" not in shown
    assert "Seo Taiji and Boys" not in shown
    assert {"Seo", "Taiji", "and", "Boys", "방탄소년단", "FALLING"} <= set(shown.split())
    assert widest(shown) <= 42


def test_then_the_least_important_column_goes_and_is_named(draw):
    shown = draw(33)
    assert "FALLING" not in shown
    assert "left out at this width: trend" in shown
    assert "12,160,700,000" in shown
    shown = draw(18)
    assert " ".join(shown.split()).count("points of the week, trend") == 1
    assert {"Seo", "Taiji", "Boys"} <= set(shown.split())


def test_what_can_be_no_narrower_is_whole_and_left_to_the_terminal(draw):
    assert "12,160,700,000" in draw(5, columns=(GridColumn("points"),), rows=[("12,160,700,000",)])


def test_a_cell_with_markup_or_emoji_codes_is_shown_as_it_is(draw):
    shown = draw(80, columns=(GridColumn("a", is_text=True),), rows=[("[red]x[/] :heart:",)])
    assert "[red]x[/] :heart:" in shown


WORDS = st.text(st.sampled_from("ab9,.[]/:방탄 …"), max_size=30).map(
    lambda text: text.replace("…", "~")
)


@settings(deadline=None, max_examples=60)
@given(
    width=st.integers(30, 130),
    rows=st.lists(
        st.tuples(
            st.integers(1, 10**6).map(str),
            WORDS,
            st.integers(0, 10**15).map("{:,}".format),
            st.sampled_from(["RISING", "FALLING"]),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_at_any_width_numbers_are_whole_and_text_is_complete(
    width: int, rows: list[tuple[str, str, str, str]]
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        text = io.StringIO()
        patch.setattr("sys.stdout", text)
        print_grid("Title", COLUMNS, rows)
    shown = text.getvalue()
    assert widest(shown) <= width
    assert "…" not in shown
    words = shown.split()
    for number, name, points, _ in rows:
        assert number in words
        assert points in words or "left out" in shown
        # Wrapped or not, every sign of a name is there, and in order.
        column = iter("".join(words))
        assert all(sign in column for sign in name.replace(" ", ""))
