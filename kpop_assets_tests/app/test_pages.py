"""Every page in both languages, on a full lake, on one day, and on none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.messages.catalogue import plain
from app.pages import PAGES
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import boards

HANGUL = re.compile("[가-힣]")

# 49 days are too few for momentum, so nobody takes off; the texts of Method are no figures; nobody
# has a star yet, was forecast to go viral, or asked the API; on a simulated day no video may stand
# out.
WITHOUT_CONTENT = (
    "breakouts",
    "method",
    "watchlist",
    "track_record",
    "outliers",
    "seed",
    "listener",
    "monitor",
    "experiments",
    # The demo has no rated reviews enough to learn of.
    "mood_models",
)

every_page = pytest.mark.parametrize("page", PAGES)
both_languages = pytest.mark.parametrize("lang", ["en", "ko"])


@both_languages
@every_page
@pytest.mark.parametrize("home", ["full_home", "one_day_home"])
def test_page_shows_its_title_and_says_that_data_is_simulated(
    home: str, page: str, lang: str, open_page: OpenPage, request: pytest.FixtureRequest
):
    test = open_page(request.getfixturevalue(home), page, lang)
    assert [title.value for title in test.title] == [plain(lang, f"{page}.title")]
    assert plain(lang, "frame.simulated") in [warning.value for warning in test.warning]
    charts = test.get("vega_lite_chart")
    shown = [*test.dataframe, *charts, *test.metric, *boards(test)]
    if home == "full_home" and page not in WITHOUT_CONTENT:
        assert shown, "a page has content"
    else:
        assert [*shown, *test.info, *test.markdown], "or a sentence that says why not"


@both_languages
@every_page
def test_page_without_data_is_a_sentence_that_says_what_to_do(
    page: str, lang: str, tmp_path: Path, open_page: OpenPage
):
    test = open_page(tmp_path, page, lang)
    if page != "method":
        sentences = [box.value for box in (*test.info, *test.warning)]
        assert any("kpop" in sentence for sentence in sentences), sentences
    assert plain(lang, "frame.simulated") not in [box.value for box in test.warning]
    assert list(tmp_path.iterdir()) == [], "looking writes nothing"


@every_page
def test_korean_page_speaks_korean(full_home: Path, page: str, open_page: OpenPage):
    test = open_page(full_home, page, "ko")
    texts = [
        element.value
        for kind in (test.markdown, test.caption, test.info, test.subheader, test.header)
        for element in kind
    ]
    texts += [element.label for element in (*test.metric, *test.selectbox, *test.multiselect)]
    english = [t for t in texts if re.search("[a-z]{3} [a-z]{2}", t) and not HANGUL.search(t)]
    assert english == []
