"""Rare Hanzi of real names are Hanzi everywhere."""

import pytest

from extractors.forms.signature import _NAME
from extractors.hanzi import HANZI, is_hanzi


@pytest.mark.parametrize("character", "一龥〇䶮﨑𠮷𬭎𫖯𰀀")
def test_a_rare_character_is_a_hanzi(character: str) -> None:
    assert is_hanzi(character)
    assert HANZI.findall(f"1{character}a") == [character]


@pytest.mark.parametrize("character", "1aＡ·。々□")
def test_what_is_none(character: str) -> None:
    assert not is_hanzi(character)


@pytest.mark.parametrize("name", ["周宏𬭎", "张䶮", "李𫖯", "阿卜杜拉·买买提"])
def test_names_with_rare_characters_sign(name: str) -> None:
    match = _NAME.fullmatch(name)
    assert match is not None
