"""How a letter is set: lines are broken where Chinese text may be, and everything fits the paper."""

from dataclasses import replace

import pytest

from clients.simulator import fonts
from clients.simulator.fonts import Face
from clients.simulator.letter import LAYOUTS, compose, wrap
from clients.simulator.page import HEIGHT_MM, WIDTH_MM, width_of
from clients.simulator.plan import LetterFacts, SealName
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
        letter = replace(plan.letter, stray=None)
        sheets, _ = compose(f"fit/{plan.number}", letter, layout, apart=False)
        assert len(sheets) == 1
        assert sheets[0].bottom < HEIGHT_MM - 10
        for text in sheets[0].texts:
            assert text.x > 5
            assert text.x + width_of(text.text, text.size, text.face) < WIDTH_MM - 5


def _letters(seed: int = 9) -> list[LetterFacts]:
    return [plan.letter for plan in plans(20, seed) if plan.letter and not plan.flaws]


def test_a_reply_of_its_own_stands_on_the_second_page() -> None:
    letter = _letters()[0]
    sheets, statement = compose("apart", letter, "plain", apart=True)
    assert len(sheets) == 2
    assert [stamp.facts.text for stamp in sheets[0].stamps] == [letter.sender.name]
    assert [stamp.facts.text for stamp in sheets[1].stamps] == [letter.county.association]
    assert statement.fields["replied_on"] == letter.replied_on.isoformat()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_both_seals_stand_on_every_layout_and_in_their_slots(layout: str) -> None:
    letter = _letters()[0]
    sheets, statement = compose("both", letter, layout, apart=False)
    assert len(sheets[0].stamps) == 2
    assert statement.slots["sender_signature"]["seals"] == [letter.sender.name]
    assert statement.slots["county_reply"]["seals"] == [letter.county.association]


def test_without_seals_nothing_else_changes() -> None:
    letter = _letters()[0]
    sheets, statement = compose("bare", replace(letter, seal=None, county_seal=None), "plain", apart=False)
    whole, _ = compose("bare", letter, "plain", apart=False)
    assert sheets[0].stamps == []
    assert statement.slots["county_reply"]["seals"] == []
    assert sheets[0].lines == whole[0].lines


def test_a_stray_seal_stands_apart_from_the_signatures() -> None:
    letter = replace(_letters()[0], stray=SealName("中国林学会"))
    for number in range(6):
        sheets, _ = compose(f"stray/{number}", letter, "plain", apart=False)
        stray = sheets[-1].stamps[-1]
        assert stray.facts.text == "中国林学会"
        others = [stamp for stamp in sheets[0].stamps if stamp is not stray]
        assert len(sheets) == 2 or all(abs(stamp.y - stray.y) > 60 for stamp in others)
