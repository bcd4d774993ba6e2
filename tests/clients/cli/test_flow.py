from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from clients.cli.flow import Flow, breaks


def lines(text: str, width: int) -> list[str]:
    cuts = [0, *breaks(text, width), len(text)]
    return [text[a:b].rstrip() for a, b in pairwise(cuts)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("短文", 10, ["短文"]),
        ("✗ 没有结对函", 8, ["✗ 没有结", "对函"]),  # the mark does not stand alone
        ("甲乙丙丁。", 8, ["甲乙丙", "丁。"]),  # no full stop begins a line
        ("甲乙「丙丁」", 6, ["甲乙", "「丙", "丁」"]),  # no bracket ends one
        ("合计210,500元", 9, ["合计", "210,500元"]),  # a number stays whole
        ("one two three", 7, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),  # too long for any line
    ],
)
def test_a_line_breaks_where_chinese_does(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


@given(st.text("甲乙，。「」“ab1 ✗\u3000é😀", max_size=60), st.integers(2, 20))
def test_no_line_is_wider_than_the_column_and_nothing_is_lost(text: str, width: int) -> None:
    cuts = [0, *breaks(text, width), len(text)]
    assert cuts == sorted(cuts)
    assert all(cell_len(line) <= width for line in lines(text, width))


def test_the_texts_own_lines_stay() -> None:
    console = Console(width=8, record=True, file=open("/dev/null", "w"), force_terminal=True)  # noqa: SIM115
    with console.file:
        console.print(Flow(Text("甲乙丙丁戊\n\n己", style="bold")))
        assert console.export_text(styles=False) == "甲乙丙丁\n戊\n\n己\n"
