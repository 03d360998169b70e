"""Keys: the right one counts, by either header, and nothing near it."""

from __future__ import annotations

import hashlib

import pytest

from serving.entrance.api_keys import ApiKeys, key_said


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def test_each_key_has_its_number_and_no_other_has_one():
    keys = ApiKeys([digest("first"), digest("둘째")])
    assert keys.are_asked_for
    assert [keys.number_of(key) for key in ("first", "둘째")] == [0, 1]
    for wrong in ("", "First", "first ", digest("first"), "\udcff"):
        assert keys.number_of(wrong) is None


def test_without_keys_none_is_asked_for():
    assert not ApiKeys([]).are_asked_for


@pytest.mark.parametrize(
    ("authorization", "x_api_key", "key"),
    [
        ("Bearer abc", "", "abc"),
        ("bearer  abc ", "other", "abc"),
        ("Basic abc", "own", "own"),
        ("", " own ", "own"),
        ("Bearer", "", ""),
        ("", "", ""),
    ],
)
def test_a_key_is_said_by_either_header(authorization: str, x_api_key: str, key: str):
    assert key_said(authorization, x_api_key) == key
