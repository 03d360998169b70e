"""The hash of code: changes with any file, and with nothing else."""

from __future__ import annotations

from pathlib import Path

from kpop_assets.code_digest import digest_code


def files(folder: Path, **texts: str) -> list[Path]:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, newline="")
    return [folder / f"{name}.py" for name in texts]


def test_any_text_or_name_is_in_the_hash_and_neither_order_nor_folder_is(tmp_path: Path):
    first = digest_code(files(tmp_path / "1", a="x = 1\n", b="y = 2\n"))
    assert digest_code(reversed(files(tmp_path / "2", a="x = 1\n", b="y = 2\n"))) == first
    assert digest_code(files(tmp_path / "3", a="x = 1\r\n", b="y = 2\r\n")) == first
    others = [
        files(tmp_path / "4", a="x = 1\n", b="y = 3\n"),
        files(tmp_path / "5", a="x = 1\n", c="y = 2\n"),
        files(tmp_path / "6", a="x = 1\n"),
        files(tmp_path / "7", a="y = 2\n", b="x = 1\n"),
    ]
    assert len({first, *map(digest_code, others)}) == 5
