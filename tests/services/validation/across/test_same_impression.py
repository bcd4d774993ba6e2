"""One impression of a seal in two submissions. The textures are noise: what makes them is tested with the seals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extractors.impressions import BANDS, COLUMNS, pack
from services.validation.board import Entry
from tests.services.validation.across.build import entry, letter, see, told
from tests.services.validation.build import seal, unreadable

PARAMS: dict[str, object] = {"documents": ["pairing_letter"]}


def texture(seed: int, noise: float = 0.0, turned: int = 0) -> bytes:
    cells = np.random.default_rng(seed).standard_normal((BANDS, COLUMNS))
    cells = cells + noise * np.random.default_rng(seed + 1000).standard_normal(cells.shape)
    return pack(np.roll(cells, turned, axis=1), np.ones(cells.shape, bool))


def stamped(name: str, impression: bytes, text: str = "湖南省林学会", number: int = 0) -> Entry:
    mark = replace(seal(text), impression=impression, picture=name.encode())
    return entry(name, replace(letter(seals=(mark,)), sha256=f"{number:064x}"))


def test_different_impressions_of_one_seal_pass() -> None:
    seen = see("same_impression", PARAMS, *(stamped(str(seed), texture(seed), number=seed) for seed in range(30)))
    assert told(seen) == [("passed", ())]


def test_one_impression_turned_and_worn_by_copying_is_told_with_both_crops() -> None:
    one, other = stamped("甲", texture(1), number=1), stamped("丙", texture(1, 0.8, 77), number=2)
    seen = see("same_impression", PARAMS, one, stamped("乙", texture(2), number=3), other)
    assert told(seen) == [("violated", (0, 2))]
    assert [exhibit.picture for exhibit in seen[0].exhibits] == ["甲".encode(), "丙".encode()]
    assert "不判断真伪" in seen[0].message.zh


def test_a_misread_name_hides_no_impression() -> None:
    one = stamped("甲", texture(1), number=1)
    other = stamped("乙", texture(1, 0.5), "湖南省材学会", number=2)
    assert told(see("same_impression", PARAMS, one, other)) == [("violated", (0, 1))]


def test_the_same_file_is_another_rules_matter() -> None:
    both = stamped("甲", texture(1), number=1), stamped("乙", texture(1), number=1)
    assert told(see("same_impression", PARAMS, *both)) == [("passed", ())]


def test_a_seal_twice_in_one_submission_is_none_of_this_rule() -> None:
    mark = replace(seal("湖南省林学会"), impression=texture(1))
    assert told(see("same_impression", PARAMS, entry("甲", letter(seals=(mark, mark))))) == [("passed", ())]


def test_a_texture_that_cannot_be_told_is_not_passed() -> None:
    seen = see("same_impression", PARAMS, stamped("甲", texture(1)), stamped("乙", b""), stamped("丙", b"\x01junk"))
    assert told(seen) == [("undetermined", (1, 2))]
    assert told(see("same_impression", PARAMS, stamped("甲", texture(1)), entry("乙", unreadable()))) == [
        ("undetermined", (1,))
    ]


def test_more_impressions_of_one_name_than_are_compared_are_told() -> None:
    many = [stamped(str(seed), texture(seed), number=seed) for seed in range(100)]
    assert told(see("same_impression", PARAMS, *many)) == [("undetermined", (96, 97, 98, 99))]
