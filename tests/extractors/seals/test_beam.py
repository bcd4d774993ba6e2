"""The prior mends what the recogniser leaves open, and nothing that it read clearly."""

from __future__ import annotations

from itertools import pairwise
from math import log

import pytest

from extractors.ocr.engine import Odds
from extractors.seals import beam
from extractors.seals.prior import Prior, of_names


def strip(*characters: str | dict[str, float]) -> Odds:
    """A column for each character, as sure as can be or with the odds given, and blanks between."""
    columns: list[dict[str, float]] = [{"": 1.0}]
    for character in characters:
        columns += [{character: 0.98, "": 0.02} if isinstance(character, str) else character, {"": 1.0}]
    return tuple(columns)


def said(odds: Odds) -> str:
    return beam.read(odds, of_names()).text


def test_a_clear_strip_reads_as_it_stands_with_places_and_odds() -> None:
    read = beam.read(strip("安", {"吉": 0.75, "": 0.25}, "县"), of_names())
    assert (read.text, read.confidence) == ("安吉县", pytest.approx((0.98 + 0.75 + 0.98) / 3))
    assert [(one, round(at * 7, 6), sure) for one, at, sure in read.characters] == [
        ("安", 1.5, 0.98),
        ("吉", 3.5, 0.75),
        ("县", 5.5, 0.98),
    ]


def test_nothing_reads_as_nothing() -> None:
    read = beam.read(({"": 1.0}, {"": 1.0}), of_names())
    assert (read.text, read.confidence, read.characters) == ("", 0.0, ())
    assert beam.read((), of_names()).text == ""


def test_a_character_over_several_columns_is_one_and_two_with_a_blank_between_are_two() -> None:
    assert (
        said(({"农": 0.6, "": 0.4}, {"农": 0.9, "": 0.1}, {"": 1.0}, {"学": 0.9, "": 0.1}, {"学": 0.9, "": 0.1}))
        == "农学"
    )
    assert said(({"数": 0.9, "": 0.1}, {"学": 0.9}, {"": 0.99}, {"学": 0.9}, {"会": 0.9})) == "数学学会"


def test_what_the_recogniser_leaves_open_is_decided_by_what_names_are_made_of() -> None:
    assert said(strip("浙", "江", "省", "安", {"占": 0.5, "吉": 0.4, "": 0.1}, "县")) == "浙江省安吉县"
    assert said(strip("科", "学", "技", {"木": 0.55, "术": 0.4, "": 0.05}, "协", "会")) == "科学技术协会"


def test_what_the_prior_decided_is_as_sure_as_the_recogniser_alone_finds_it() -> None:
    read = beam.read(strip("技", {"木": 0.55, "术": 0.4, "": 0.05}), of_names())
    assert read.characters[1][0::2] == ("术", 0.4)


@pytest.mark.parametrize(
    "name", ["吉安县农学会", "安吉县农学会", "安吉县农协会", "大埔县科学技木协会", "中囯农学会", "甲乙丙丁戊己"]
)
@pytest.mark.parametrize("sure", [0.92, 0.98])
def test_no_clearly_read_character_becomes_another_is_lost_or_gained(name: str, sure: float) -> None:
    # Whatever is likely instead gets the odds that a clear character leaves.
    rest = (1 - sure) / 2
    for other in "安吉学术国县农协会科中技":
        columns = ({character: sure} | dict.fromkeys({other} - {character}, rest) | {"": rest} for character in name)
        assert said(tuple(part for column in columns for part in (column, {"": 1.0}))) == name


def test_a_prior_is_a_likelihood() -> None:
    prior = Prior(["安吉", "吉安"], ["县", "学会"])
    assert prior("", "县") == pytest.approx(prior("安", "县"), abs=0.8)
    assert prior("学", "会") > log(0.9)
    assert prior("学", "安") < prior("吉", "安")
    characters = "安吉县学会"
    for before in ("", *characters):
        assert 0.9 < sum(2.718281828 ** prior(before, one) for one in characters) <= 1.0


def test_names_that_no_list_holds_stay_possible() -> None:
    assert all(of_names()(before, after) > -16 for before, after in pairwise("㐀龘囧犇"))


def test_a_strip_as_long_as_any_is_read_to_its_end() -> None:
    assert said(strip(*"安吉县学会" * 80)) == "安吉县学会" * 80
