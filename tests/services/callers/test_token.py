"""Tokens: recognisable, refused when they are not whole, and kept nowhere."""

from __future__ import annotations

import re

import pytest

from services.callers import token as tokens


def test_a_token_is_recognised_by_its_prefix_its_shape_and_its_checksum() -> None:
    token = tokens.make()
    assert re.fullmatch(r"heyan_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}", token.text)
    assert tokens.parse(token.text) == token
    assert token.text.split("_")[1] == token.id


def test_no_two_are_alike() -> None:
    assert len({tokens.make().text for _ in range(1000)}) == 1000


@pytest.mark.parametrize("place", [0, 7, 20, 40, -1])
def test_a_mistyped_character_is_found_without_a_look_into_the_ledger(place: int) -> None:
    text = tokens.make().text
    wrong = list(text)
    wrong[place] = "x" if text[place] != "x" else "y"
    assert tokens.parse("".join(wrong)) is None


@pytest.mark.parametrize("text", ["", "heyan_", "heyan_a_b", "Bearer x", "heyan_" + "é" * 60, "x" * 100_000])
def test_what_is_no_token_is_none(text: str) -> None:
    assert tokens.parse(text) is None


def test_what_is_kept_proves_the_token_and_does_not_tell_it() -> None:
    token = tokens.make()
    assert token.is_kept_as(token.sha256)
    assert not token.is_kept_as(tokens.make().sha256)
    assert token.text not in token.sha256
    assert token.text not in repr(token)
