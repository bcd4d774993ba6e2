"""One impression of a seal in two places of a submission. The textures are noise: what makes them is tested with the
seals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extractors.document import Box, Place, Seal, Slot
from extractors.impressions import BANDS, COLUMNS, pack
from services.validation.check import Observation
from services.validation.model import File
from tests.services.validation.build import form, letter, observe, outcomes, seal

PARAMS = {"documents": ["application_form", "pairing_letter"]}
LOW, HIGH = Box(0.6, 0.7, 0.8, 0.85), Box(0.6, 0.2, 0.8, 0.35)


def pressed(seed: int, page: int = 1, box: Box = LOW) -> Seal:
    texture = pack(np.random.default_rng(seed).standard_normal((BANDS, COLUMNS)), np.ones((BANDS, COLUMNS), bool))
    return replace(seal("湖南省林学会"), impression=texture, place=Place(page, box))


def stamped(file: File, *seals: Seal, slot: str = "", sha256: str = "") -> File:
    """The file with its seals, the first of them in a slot."""
    assert file.reading is not None
    slots = (Slot(slot, Place(1), seals=(0,)),) if slot else ()
    return replace(file, sha256=sha256, reading=replace(
        file.reading, document=replace(file.reading.document, seals=seals), slots=slots
    ))  # fmt: skip


def seen(*files: File) -> list[Observation]:
    return observe("impressions_differ", PARAMS, *files)


def test_one_impression_on_form_and_letter_is_told_with_every_place() -> None:
    files = stamped(form(), pressed(1), pressed(1, 3), pressed(2, 3, HIGH)), stamped(letter(), pressed(1))
    (told,) = seen(*files)
    assert outcomes([told]) == ["violated"]
    assert [(each.file, each.place.page, each.field) for each in told.evidence] == [
        (0, 1, "seal"),
        (0, 3, "seal"),
        (1, 1, "seal"),
    ]
    assert told.message.zh.startswith("3 处印章“湖南省林学会”的墨迹纹理相同")


@pytest.mark.parametrize(
    "files",
    [
        (stamped(form(), pressed(1), pressed(2, 3)), stamped(letter(), pressed(3))),
        # the same paper as scan and as photo; the same file again
        (stamped(letter(), pressed(1), slot="county_reply"), stamped(letter(), pressed(1), slot="county_reply")),
        (stamped(letter(), pressed(1), slot="county_reply", sha256="a"), stamped(letter(), pressed(1), sha256="a")),
        # found twice by the finder; a perforation seal's parts
        (stamped(letter(), pressed(1), pressed(1, box=replace(LOW, left=0.61))),),
        (stamped(form(), replace(pressed(1), across=1), replace(pressed(1, 2), across=1), pressed(2), pressed(3)),),
    ],
)
def test_what_is_no_second_place_passes(files: tuple[File, ...]) -> None:
    assert outcomes(seen(*files)) == ["passed"]


def test_one_impression_in_two_places_of_papers_of_one_kind_is_told() -> None:
    files = stamped(form(), pressed(1), slot="cover"), stamped(form(), pressed(1), slot="commitment")
    assert outcomes(seen(*files)) == ["violated"]


def test_seals_without_texture_are_not_compared() -> None:
    assert outcomes(seen(stamped(form(), seal("湖南省林学会"), pressed(1)))) == ["not_applicable"]
    assert outcomes(seen()) == ["not_applicable"]
