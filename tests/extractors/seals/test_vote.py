"""All readings judge every text; one that failed does not decide."""

from __future__ import annotations

from itertools import product
from math import exp, log

import pytest

from extractors.ocr.engine import Odds
from extractors.seals import vote


def spelled(path: tuple[str, ...]) -> str:
    """What CTC makes of a character or blank for each column."""
    return "".join(one for number, one in enumerate(path) if one and (number == 0 or path[number - 1] != one))


@pytest.mark.parametrize("text", ["会", "学会", "学学", "学学会", "会会会"])
def test_the_likelihood_is_the_sum_over_all_alignments(text: str) -> None:
    shares = [(0.5, 0.3, 0.2), (0.2, 0.7, 0.1), (0.6, 0.3, 0.1), (0.1, 0.1, 0.8), (0.3, 0.3, 0.4), (0.4, 0.5, 0.1)]
    odds = [dict(zip(("", "学", "会"), share, strict=True)) for share in shares]
    expected = 0.0
    for path in product(("", "学", "会"), repeat=len(odds)):
        if spelled(path) == text:
            likely = 1.0
            for column, one in zip(odds, path, strict=True):
                likely *= column[one]
            expected += likely
    told = vote.likelihoods(["学", text], [tuple(odds[:1]), tuple(odds)])
    assert exp(told[1, 1]) == pytest.approx(expected)
    assert told[0, 0] == pytest.approx(log(0.3))  # a shorter reading beside it
    if len(text) > 1:
        assert told[0, 1] < -100  # more characters than columns


def strip(text: str, other: str = "", sure: float = 0.9) -> Odds:
    """A column for each character, which may as well be the one of `other`, and blanks between."""
    columns: list[dict[str, float]] = [{"": 1.0}]
    for one, beside in zip(text, other or text, strict=True):
        columns += [{one: sure} | ({beside: 0.99 - sure} if beside != one else {}) | {"": 0.01}, {"": 1.0}]
    return tuple(columns)


def best(texts: list[str], *readings: Odds) -> tuple[str, float]:
    likely = vote.agreed(texts, vote.likelihoods(texts, readings), [1.0] * len(readings))
    assert likely.sum() == pytest.approx(1.0)
    return texts[int(likely.argmax())], float(likely.max())


RIGHT, WRONG = "浙江省茶叶学会", "浙江省蒸叶学会"


def test_many_that_doubt_outvote_one_that_is_sure() -> None:
    doubtful = strip(RIGHT, WRONG, 0.6)
    assert best([WRONG, RIGHT], strip(WRONG, RIGHT, 0.98), *[doubtful] * 9)[0] == RIGHT


def test_a_reading_that_failed_altogether_does_not_decide() -> None:
    good = strip(RIGHT, WRONG, 0.9)
    alone = best([RIGHT, WRONG], good, good, good)
    beside = best([RIGHT, WRONG, "公司"], good, good, good, strip("公司"))
    assert alone[0] == beside[0] == RIGHT
    assert beside[1] > 0.8


def test_readings_that_differ_leave_a_doubt() -> None:
    one, other = "吉安县茶叶学会", "安吉县茶叶学会"
    agreed = best([one, other], strip(one, other, 0.9), strip(one, other, 0.9))
    differing = best([one, other], strip(one, other, 0.9), strip(other, one, 0.9))
    assert agreed[1] > 0.95
    assert differing[1] < 0.7


def test_where_readings_leave_it_open_a_name_begins_and_ends_as_names_do() -> None:
    assert best(["浙江省茶叶学", RIGHT], (*strip(RIGHT)[:-2], {"会": 0.45, "": 0.55}, {"": 1.0}))[0] == RIGHT


def test_what_only_proposes_does_not_decide_and_the_trained_recogniser_counts_more() -> None:
    texts = ["吉安县茶叶学会", "安吉县茶叶学会"]
    told = vote.likelihoods(texts, [strip(*texts, 0.95), strip(*texts[::-1], 0.8)])
    assert vote.agreed(texts, told, [1.0, 1.0]).argmax() == 0
    for worth in ([vote.OWN, vote.TRAINED], [0.0, 1.0]):
        assert vote.agreed(texts, told, worth).argmax() == 1


def test_where_readings_leave_it_open_the_more_usual_words_stand_there() -> None:
    open_ = strip("靖边县麻类研究会", "靖边县麻奖研究会", 0.5)
    assert best(["靖边县麻奖研究会", "靖边县麻类研究会"], open_, open_)[0] == "靖边县麻类研究会"


def test_of_short_texts_a_persons_name_is_usual_too() -> None:
    texts = ["沈柏军印", "沈柏车印"]
    told = vote.likelihoods(texts, [strip(*texts, 0.5)])
    as_body, as_person = (vote.agreed(texts, told, [1.0], person=person) for person in (False, True))
    assert as_person.max() < as_body.max()  # any given name is as likely as another
