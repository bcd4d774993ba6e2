"""Parts of one impression over the rims of several pages know each other; other seals do not."""

from __future__ import annotations

from extractors.document import Box, Place, Seal, SealColour, SealShape
from extractors.seals.across import with_parts


def part(page: int, box: Box, colour: SealColour = SealColour.RED, visible: float = 0.5) -> Seal:
    return Seal(SealShape.ROUND, colour, "", Place(page, box), visible=visible)


RIGHT, LEFT = Box(0.9, 0.5, 1.0, 0.64), Box(0.0, 0.505, 0.1, 0.645)


def across(*seals: Seal) -> list[int]:
    return [seal.across for seal in with_parts(seals)]


def test_halves_on_facing_rims_of_following_pages_are_one() -> None:
    assert across(part(1, RIGHT), part(2, LEFT)) == [1, 1]


def test_slices_on_the_same_rim_of_fanned_pages_are_one() -> None:
    assert across(part(1, RIGHT), part(2, RIGHT), part(3, RIGHT)) == [1, 1, 1]


def test_two_impressions_over_the_same_pages_are_two() -> None:
    high, low = Box(0.9, 0.1, 1.0, 0.24), Box(0.9, 0.7, 1.0, 0.84)
    assert across(part(1, high), part(1, low), part(2, low), part(2, high)) == [2, 1, 1, 2]


def test_whole_seals_other_inks_heights_and_pages_are_not_joined() -> None:
    assert across(part(1, RIGHT), part(2, LEFT, visible=1.0)) == [0, 0]
    assert across(part(1, RIGHT), part(2, LEFT, SealColour.BLUE)) == [0, 0]
    assert across(part(1, RIGHT), part(2, Box(0.0, 0.1, 0.1, 0.24))) == [0, 0]
    assert across(part(1, RIGHT), part(3, LEFT)) == [0, 0]


def test_where_it_cannot_be_told_which_none_is_joined() -> None:
    assert across(part(1, RIGHT), part(1, RIGHT), part(2, LEFT)) == [0, 0, 0]


def test_a_seal_in_the_middle_of_a_page_is_no_part() -> None:
    assert across(part(1, Box(0.4, 0.5, 0.5, 0.64)), part(2, LEFT)) == [0, 0]
