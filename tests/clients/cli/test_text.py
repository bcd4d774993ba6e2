from __future__ import annotations

import pytest

from clients.cli.text import printable


@pytest.mark.parametrize("text", ["", "对接函（一）.pdf", "naïve Größe", "a b", "〔2021〕29号"])
def test_ordinary_text_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jx", r"\x1b[2Jx"),
        ("a\nb\tc", r"a\nb\tc"),
        ("txt\u202efdp.exe", r"txt\u202efdp.exe"),
        ("\u2028", r"\u2028"),
        ("全\u3000角", "全\u3000角"),
        ("\udcff", r"\udcff"),
    ],
)
def test_what_a_terminal_would_act_upon_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
