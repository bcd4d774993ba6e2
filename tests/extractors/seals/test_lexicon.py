"""A text is as usual as the words that it is made of."""

from __future__ import annotations

from math import exp, log
from pathlib import Path

import pytest

from extractors.seals.lexicon import Lexicon, Words, of_seals

CHARACTER = exp(6.0)  # is given back for each


def test_all_ways_to_divide_a_text_count() -> None:
    words = Words.of({"农": 0.02, "学": 0.01, "会": 0.01, "农学": 0.05, "学会": 0.1})
    told = Lexicon(words, ["农学会"])
    listed, filed = 0.42, 0.58
    ways = (
        listed  # 农学会
        + filed * 0.02 * filed * 0.1  # 农 学会
        + filed * 0.05 * filed * 0.01  # 农学 会
        + filed * 0.02 * filed * 0.01 * filed * 0.01
    )
    assert told("农学会") == pytest.approx(log(ways * CHARACTER**3), abs=1e-3)
    assert told("农") == pytest.approx(log(filed * 0.02 * CHARACTER), abs=1e-3)
    assert told("") == 0.0


def test_lists_count_alike_whatever_their_length() -> None:
    words = Words.of({"某": 1.0})
    told = Lexicon(words, ["学会"], ["协会", "商会", "协会"])
    assert told("学会") - told("协会") == pytest.approx(log(2))
    assert told("协会") == told("商会")


def test_what_no_word_has_is_unusual_but_possible() -> None:
    told = Lexicon(Words.of({"学会": 1.0}), ["协会"])
    assert told("（") == pytest.approx(log(0.58e-7 * CHARACTER), abs=1e-3)
    assert told("𠀀") == told("（")  # beyond what a number has room for
    assert -1000 < told("龘" * 500) < -700  # finite
    assert 700 < told("学会" * 500) < 1000


def test_words_are_kept_as_they_are(tmp_path: Path) -> None:
    Words.of({"会": 0.25, "学会": 0.5, "研究学会": 0.25}, ["荷飞", "峰业", "荷飞"]).save(tmp_path / "words.npz")
    kept = Words.load(tmp_path / "words.npz")
    assert kept.likely("学会", 2, own=False).tolist() == pytest.approx([0.5], rel=1e-3)
    assert kept.likely("会学会", 2, own=False).tolist() == pytest.approx([0.0, 0.5], rel=1e-3)
    assert kept.likely("会", 2, own=False).size == 0
    assert kept.likely("荷飞学会", 2, own=False).tolist() == pytest.approx([0.0, 0.0, 0.5], rel=1e-3)
    assert kept.likely("荷飞学会", 2, own=True).tolist() == pytest.approx([0.075, 0.0, 0.425], rel=1e-3)
    with pytest.raises(ValueError, match="中国农学会"):
        Words.of({"中国农学会": 1.0})


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("浙江省茶叶学会", "浙江省蒸叶学会"),  # a subject
        ("榆林市图书馆", "榆林市图华馆"),  # a general word
        ("厦门锦程食品有限公司", "厦门锦程良品有限公司"),  # a trade
        ("原件已核对", "原件己核对"),  # a label
        ("白音胡硕镇人民政府", "白音胡硕镇人民政俯"),
    ],
)
def test_names_are_more_usual_than_what_they_are_mistaken_for(right: str, wrong: str) -> None:
    assert of_seals()(right) > of_seals()(wrong) + 2


def test_own_names_count_where_a_body_has_one() -> None:
    words = Words.of({"学会": 0.5, "公司": 0.5}, ["荷飞"])
    told = Lexicon(words, ["协会"])
    assert told("荷飞公司") > told("飞荷公司") + 10
    assert told("荷飞学会") == told("飞荷学会")


def test_none_of_two_places_is_preferred() -> None:
    assert of_seals()("安吉县茶叶学会") == pytest.approx(of_seals()("吉安县茶叶学会"), abs=1.0)
