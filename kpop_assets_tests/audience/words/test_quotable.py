"""Texts by whose words somebody could be found are not quoted."""

from __future__ import annotations

import pytest

from kpop_assets.audience.words.quotable import is_fit_to_quote


@pytest.mark.parametrize(
    "text",
    [
        "@minji.fan 춤선 진짜 예쁘다",
        "노래 좋다 @지민팬",
        "great song, mail me: kim@example.org",
        "최고의 무대 https://example.org/me",
        "연락 주세요 010-1234-5678 공연 최고",
        "씨발 노래",
        "x.com에서 봐요",
        *("HTTP://X.COM", "youtu.be/abcdef", "open.kakao.com/o/abc", "discord.gg/abcd"),
        *("instagram.com/foo", "02-1234-5678", "031-123-4567", "(010) 1234-5678"),
        *("010_1234_5678", "+1 415 555 2671", "900101-1234567", "foo at gmail.com"),
        *("카톡 abc1234 로 연락", "인스타 foo_bar", "insta: foo.bar_1", "오픈채팅 abcd"),
        *(
            "insta: foo",
            "ig foo",
            "ig: foo",
            "great song! ig foo",
            "ig foo 노래 좋다",
            "인스타 foo",
        ),
        *("카톡 아이디 foo", "카톡 아이디는 foo입니다", "카톡은 foo12", "인스타 아이디 : foo"),
        *("my insta is foo", "follow my ig foo", "add me on snapchat foo", "dm me on insta foo"),
        *("디코 foo#1234", "라인 아이디 foo", "line id: foo", "텔레 foo", "트위터 계정 foo"),
        *("whatsapp foo1", "tiktok: foo", "인스타\u200b foo", "foo at gmail dot com"),
        *("010 1234 5678", "010.1234.5678", "0 1 0 1 2 3 4 5 6 7 8", "010 - 1234 - 5678"),
        *("０１０－１２３４－５６７８", "010·1234·5678", "010–1234–5678", "010ㅡ1234ㅡ5678"),
        # A handle may begin with an everyday word.
        *("인스타 so.yeon", "인스타 so.yeon_kim", "인스타 live.jenny", "인스타 music.kim"),
        *("카톡 tv.kim99", "인스타 photo.by.jin", "트위터 today.jin", "디스코드 live.jin"),
        *("라인 foobar1", "라인: foo_1", "틱톡 foobar1", "스레드 foobar1", "my tiktok is foobar"),
        *("my line id foobar", "snap is jenny_k", "카톡 홍길동99", "인스타 맞팔 foo_bar"),
        *("인스타아이디 post.jin", "foobar#1234", "weibo: foobar", "linktr.ee/foo"),
        "foobar.bsky.social",
        *("010,1234,5678", "010/1234/5678", "공일공 일이삼사 오육칠팔", "foo골뱅이naver닷컴"),
    ],
)
def test_a_text_with_an_address_of_somebody_or_abuse_is_not_quoted(text: str):
    assert not is_fit_to_quote(text)


@pytest.mark.parametrize(
    "text",
    [
        *("춤선 진짜 예쁘다", "2025-11-04 20:00 공연 최고", "2025.11.4 최고", "M@"),
        *(
            "1,000,000 views at 2:35",
            "so good.Love it",
            "the insta live was great",
            "인스타 라방 최고",
        ),
        *(
            "인스타 live 최고",
            "인스타 story 봤어",
            "트위터 trending 1위",
            "her insta stories are cute",
        ),
        *("ig it's good", "good ig", "I guess ig so", "saw this on instagram yesterday"),
        *(
            "everyone on twitter says so",
            "my twitter timeline is full",
            "텔레비전 KBS",
            "카카오 TV",
        ),
        *("틱톡 challenge 최고", "음원 아이디어 good", "id love this", "2025 11 04"),
        *("line: it's my favourite", "the bridge line: love dive", "follow her on insta everyone"),
        *(
            "라인업 최고",
            "오늘 라인 live 최고",
            "틱톡 2배속",
            "show off yourself",
            "pull it off yourself",
        ),
        *("threads of gold", "the line is so good", "my favourite line is 2:35", "#1 song 2026"),
        *("100,000,000 views", "0:35 1:20 2:10 best parts", "11월 4일 20:00 1위"),
    ],
)
def test_others_are(text: str):
    assert is_fit_to_quote(text)
