from __future__ import annotations

import pytest

from extractors.readers.glyphs import symbol, unmask, written


@pytest.mark.parametrize(
    ("glyphs", "text"),
    [
        ("联系人：（一）１２３", "联系人：（一）１２３"),  # full width stays
        ("联系⼈", "联系人"),
        ("⻓江⼤学", "长江大学"),
        ("\uf9dd", "利"),
        ("ﬁle", "file"),
        ("①②Ⅲ", "①②Ⅲ"),
    ],
)
def test_glyphs_read_as_they_were_written(glyphs: str, text: str) -> None:
    assert written(glyphs) == text


@pytest.mark.parametrize(
    ("font", "text", "shown"),
    [
        ("宋体", "þ", "þ"),
        ("Wingdings", "þ同意", "☑同意"),
        ("ABCDEF+Wingdings-Regular", "\uf0a8", "☐"),
        ("OpenSymbol", "\uf0fe同意þ", "☑同意þ"),
        ("Wingdings2", "P", "✓"),
        ("Symbol", "\uf0d6", "√"),
        ("SymbolMT", "±b1", "±β1"),
        ("Wingdings", "\uf0d0", "\ufffc"),  # no character that is known
    ],
)
def test_symbol_fonts_read_as_they_look(font: str, text: str, shown: str) -> None:
    assert unmask(font, text) == shown


def test_a_code_may_stand_in_the_private_use_area_or_not() -> None:
    assert symbol("Wingdings", 0xFE) == symbol("Wingdings", 0xF0FE) == "☑"


def test_a_symbol_of_an_ordinary_font_is_the_character_itself() -> None:
    assert symbol("MS Gothic", 0x2611) == "☑"
