import pytest

from services.outputs.visible import plain, visible


@pytest.mark.parametrize("text", ["湖南省林学会", "lifang@hnlx.org.cn", "200,000元", "日本語 한국어", "é", "𠮷"])
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert visible(text) == f"<bdi>{text}</bdi>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("函\u202egpj.exe", '函<span class="hidden" title="不可见字符">‹U+202E›</span>gpj.exe'),
        ("\x00", '<span class="hidden" title="不可见字符">‹U+0000›</span>'),
        ("\u200b", '<span class="hidden" title="不可见字符">‹U+200B›</span>'),
        ("\ud800", '<span class="hidden" title="不可见字符">‹U+D800›</span>'),
        ("甲\n乙", '甲<span class="break" title="换行">⏎</span> 乙'),
        ("甲\t乙", "甲 乙"),
    ],
)
def test_what_is_hidden_or_hostile_is_shown(text: str, shown: str) -> None:
    assert visible(text) == f"<bdi>{shown}</bdi>"


def test_a_heap_of_marks_does_not_cover_the_page() -> None:
    assert visible("a" + "\u0301" * 500).count("\u0301") == 2


def test_a_long_text_is_cut_and_says_so() -> None:
    assert visible("字" * 500, 3) == '<bdi>字字字<span class="cut">……（共 500 字，已截断）</span></bdi>'


def test_an_attribute_shows_hidden_characters_too() -> None:
    assert plain('"\u202e\n甲') == '"‹U+202E› 甲'
    assert plain("字" * 90, 3) == "字字字…"
