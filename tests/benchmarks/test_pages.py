"""What the page benchmark counts."""

from __future__ import annotations

from benchmarks.pages.__main__ import folded, letters, nearest


def test_blanks_and_the_width_of_punctuation_do_not_count() -> None:
    assert folded("（一） 第 1 页——完，") == folded("(一)第1页--完,")
    assert letters(folded("联系人：王五 a@b.cn")) == "联系人王五abcn"


def test_a_line_is_compared_with_the_stretch_that_is_most_like_it() -> None:
    page = "前面的文字北方照明学会后面的文字"
    assert nearest("北方照明学会", page) == 0
    assert nearest("北方照朋学会", page) == 1
    assert nearest("北方照明学会", "全无关系") >= 6
