"""How a letter is set: lines are broken where Chinese text may be, and everything fits the paper."""

import pytest

from clients.simulator import fonts
from clients.simulator.fonts import Face
from clients.simulator.letter import LAYOUTS, compose, wrap
from clients.simulator.page import HEIGHT_MM, WIDTH_MM, width_of
from clients.simulator.simulation import plans

_FACE = Face(fonts.SONG)


def test_a_short_paragraph_stays_one_line() -> None:
    assert wrap("特此函商。", 5, _FACE, 150) == ["特此函商。"]


def test_no_line_begins_with_a_closing_mark() -> None:
    # Ten characters to a line, eight in the first: the comma would begin the second.
    assert wrap("一二三四五六七八，九", 5, _FACE, 50) == ["一二三四五六七八，", "九"]


def test_no_line_ends_with_an_opening_mark() -> None:
    assert wrap("一二三四五六七“八九”", 5, _FACE, 50) == ["一二三四五六七", "“八九”"]


def test_a_number_stays_whole_and_takes_its_bracket_along() -> None:
    assert wrap("一二三四五（2021", 5, _FACE, 45) == ["一二三四五", "（2021"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_letter_fits_its_paper(layout: str) -> None:
    for plan in plans(40, 9):
        if plan.letter is None:
            continue
        sheets, _ = compose(f"fit/{plan.number}", plan.letter, layout, apart=False)
        assert len(sheets) == 1
        assert sheets[0].bottom < HEIGHT_MM - 10
        for text in sheets[0].texts:
            assert text.x > 5
            assert text.x + width_of(text.text, text.size, text.face) < WIDTH_MM - 5


def test_a_reply_of_its_own_stands_on_the_second_page() -> None:
    letter = next(plan.letter for plan in plans(20, 9) if plan.letter and plan.letter.replied_on and plan.letter.stamp)
    sheets, statement = compose("apart", letter, "plain", apart=True)
    assert len(sheets) == 2
    assert [stamp.facts.text for stamp in sheets[0].stamps] == [letter.stamp]
    assert [stamp.facts.text for stamp in sheets[1].stamps] == [letter.county.association]
    assert letter.replied_on is not None
    assert statement.fields["replied_on"] == letter.replied_on.isoformat()


def test_a_letter_without_seal_has_no_seal_on_its_reply_either() -> None:
    letters = [plan.letter for seed in range(4) for plan in plans(24, seed) if plan.letter and not plan.letter.stamp]
    assert letters
    for letter in letters:
        sheets, _ = compose("bare", letter, "plain", apart=False)
        assert sheets[0].stamps == []
