"""The data folder that is configured: any name works, or one line says why it cannot."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from kpop_assets.settings import SettingsError, load_settings


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that relative paths are below."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def home(text: str, **variables: str) -> Path:
    return load_settings({"KPOP_HOME": text, **variables}).home


@pytest.mark.parametrize(
    "name",
    [
        "data",
        "데이터 폴더 100% #1 a+b&c",
        unicodedata.normalize("NFD", "데이터"),
        "a?b*c",
        "x/../y",
    ],
)
def test_a_folder_of_any_name_may_be_the_home_also_by_a_relative_path(name: str, here: Path):
    assert home(name) == here / name
    assert home(str(here / name)) == here / name
    assert not any(here.iterdir())


@pytest.mark.parametrize("sign", ["[", "]", "^", "|", "\\", "%20"])
def test_a_sign_that_libraries_misread_is_named_and_nothing_is_written(sign: str, here: Path):
    with pytest.raises(SettingsError) as refused:
        home(f"{here}/a{sign}b/data")
    assert f"has `{sign}` in its name" in refused.value.what
    assert not any(here.iterdir())


def test_a_line_end_in_a_name_makes_no_second_line(here: Path):
    with pytest.raises(SettingsError, match=r"control character U\+000A") as refused:
        home("a\nb")
    assert "\n" not in str(refused.value)


def test_a_plain_link_to_a_folder_whose_name_is_misread_is_refused(here: Path):
    (here / "a[1]").mkdir()
    (here / "link").symlink_to("a[1]")
    with pytest.raises(SettingsError, match=r"a\[1\]/data' has `\[` in its name"):
        home("link/data")


def test_the_folder_of_somebody_unknown_is_one_line():
    with pytest.raises(SettingsError, match="KPOP_HOME='~nosuchuser/x' names no folder"):
        home("~nosuchuser/x")


def test_a_file_or_what_would_lie_below_one_is_no_home(here: Path):
    (here / "file").write_text("")
    for name in ("file", "file/data/x"):
        with pytest.raises(SettingsError, match=r"cannot be a folder: .*/file is none"):
            home(name)


def test_a_folder_that_may_not_be_entered_is_told_as_that(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    (here / "theirs").mkdir()
    # As for another user: root may enter every folder.
    monkeypatch.setattr(os, "access", lambda path, mode: path != here / "theirs")
    for name in ("theirs", "theirs/data/x"):
        with pytest.raises(SettingsError, match=r"another user's: .*/theirs may not be entered"):
            home(name)


def test_a_name_that_is_too_long_is_one_line():
    with pytest.raises(SettingsError, match="File name too long"):
        home("x" * 300)


@pytest.mark.parametrize(
    ("variables", "is_refused"),
    [
        ({"KPOP_ENGINE": "spark", "KPOP_SPARK_MASTER": "spark://there:7077"}, True),
        ({"KPOP_ENGINE": "connect", "KPOP_CONNECT_URL": "sc://there:15002"}, True),
        ({"KPOP_ENGINE": "connect", "KPOP_CONNECT_URL": "sc://localhost:15002"}, False),
        ({"KPOP_ENGINE": "spark", "KPOP_SPARK_MASTER": "local[2]"}, False),
    ],
)
def test_an_engine_elsewhere_does_not_know_the_links_of_this_machine(
    variables: dict[str, str], is_refused: bool
):
    assert home("plain", **variables)
    if not is_refused:
        assert home("두 단어", **variables)
        return
    with pytest.raises(SettingsError, match="needs a plain name"):
        home("두 단어", **variables)
    assert home("두 단어", KPOP_LAKE_URL="s3://bucket/lake", **variables)


def test_pictures_of_another_host_are_off_unless_they_are_switched_on():
    for text, is_on in (("", False), ("0", False), ("1", True)):
        assert load_settings({"KPOP_THUMBNAILS": text}).has_thumbnails is is_on
    with pytest.raises(SettingsError, match="KPOP_THUMBNAILS='yes' is unknown"):
        load_settings({"KPOP_THUMBNAILS": "yes"})


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("KPOP_REDIS", "redis://:hidden@there:{}/2"),
        ("KPOP_KAFKA", "there:9092,there:{}"),
        ("KPOP_CONNECT_URL", "sc://there:{}/;token=hidden"),
    ],
)
def test_a_port_on_which_nothing_can_listen_is_refused_with_its_variable(
    name: str, form: str, port: str
):
    engine = {"KPOP_ENGINE": "connect"} if name == "KPOP_CONNECT_URL" else {}
    for good in ("1", "65535"):
        load_settings({name: form.format(good), **engine})
    with pytest.raises(SettingsError, match=name) as refused:
        load_settings({name: form.format(port), **engine})
    assert "hidden" not in str(refused.value)
