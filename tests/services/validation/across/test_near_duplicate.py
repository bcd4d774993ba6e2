"""Copied texts are found and shown; templates, labels and what everybody writes are not."""

from __future__ import annotations

from random import Random

import pytest

from services.validation.board import Entry
from tests.services.validation.across.build import entry, form, see, told
from tests.services.validation.build import unreadable

PARAMS: dict[str, object] = {"documents": ["application_form"]}
HANZI = [chr(code) for code in range(0x4E00, 0x5E00)]


def prose(seed: int, paragraphs: int = 6) -> list[str]:
    rng = Random(seed)
    return ["".join(rng.choices(HANZI, k=80)) + "。" for _ in range(paragraphs)]


def text(name: str, *paragraphs: str) -> Entry:
    return entry(name, form(), texts=("\n".join(("项目名称：油茶", *paragraphs)),))


def test_texts_of_their_own_pass() -> None:
    assert told(see("near_duplicate", PARAMS, *(text(str(seed), *prose(seed)) for seed in range(6)))) == [
        ("passed", ())
    ]


def test_a_copied_text_is_told_with_the_paragraphs_of_both() -> None:
    mine = prose(1)
    copied = [paragraph.replace(paragraph[10], "一") for paragraph in mine[:4]] + prose(2, 2)
    seen = see("near_duplicate", PARAMS, text("甲", *mine), text("丙", *prose(3)), text("乙", *copied))
    assert told(seen) == [("violated", (0, 2))]
    shown = {exhibit.entry: exhibit.evidence.text for exhibit in reversed(seen[0].exhibits)}
    assert shown[0] in mine[:4]
    assert shown[2] in copied[:4]


@pytest.mark.parametrize(("copied", "outcome"), [(2, "passed"), (4, "violated")])
def test_the_share_decides(copied: int, outcome: str) -> None:
    mine = prose(1, 8)
    other = mine[:copied] + prose(2, 8 - copied)
    assert see("near_duplicate", PARAMS, text("甲", *mine), text("乙", *other))[0].outcome.value == outcome


def test_a_short_text_inside_a_long_one_is_a_copy() -> None:
    long = prose(1, 30)
    assert told(see("near_duplicate", PARAMS, text("甲", *long), text("乙", *long[4:12]))) == [("violated", (0, 1))]


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_of_a_longer_text_less_is_kept_and_the_copy_is_still_found(seed: int) -> None:
    mine, other = prose(seed, 6), prose(seed + 1, 4) + prose(seed + 2, 1)
    longer = [*mine[:3], *other]  # 640 characters of which 240 are copied, beside 480
    assert told(see("near_duplicate", PARAMS, text("甲", *mine), text("乙", *longer))) == [("violated", (0, 1))]


def test_lines_of_a_scan_may_break_elsewhere() -> None:
    mine = prose(1)
    joined = "".join(mine)
    broken = [joined[start : start + 31] for start in range(0, len(joined), 31)]
    assert told(see("near_duplicate", PARAMS, text("甲", *mine), text("乙", *broken))) == [("violated", (0, 1))]


def test_the_template_is_no_copy() -> None:
    template = prose(9, 8)
    both = text("甲", *template, *prose(1, 2)), text("乙", *template, *prose(2, 2))
    assert told(see("near_duplicate", PARAMS, *both)) == [("violated", (0, 1))]
    assert told(see("near_duplicate", {**PARAMS, "template": template}, *both)) == [("passed", ())]


def test_what_very_many_write_is_no_copy_but_leaves_the_poor_to_a_person() -> None:
    common = prose(900, 8)
    rich = [text(f"甲{seed}", *common, *prose(seed, 4)) for seed in range(20)]
    assert told(see("near_duplicate", PARAMS, *rich)) == [("passed", ())]
    poor = [text(f"乙{seed}", *common, *prose(100 + seed, 1)) for seed in range(2)]
    assert told(see("near_duplicate", PARAMS, *rich, *poor)) == [("undetermined", (20, 21))]


def test_exact_copies_are_told_however_many() -> None:
    seen = see("near_duplicate", PARAMS, *(text(str(number), *prose(1)) for number in range(40)))
    assert told(seen) == [("violated", tuple(range(40)))]
    assert "等 40 份" in seen[0].message.zh


def test_a_form_without_its_text_was_not_compared() -> None:
    seen = see("near_duplicate", PARAMS, text("甲", *prose(1)), entry("乙", form()), entry("丙", unreadable()))
    assert told(seen) == [("undetermined", (1, 2))]


def test_labels_and_amounts_alone_are_nothing_to_compare() -> None:
    both = [text(name, "申报单位：学会", "申请经费：20万元") for name in "甲乙"]
    assert told(see("near_duplicate", PARAMS, *both)) == [("not_applicable", ())]
