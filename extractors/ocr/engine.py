"""What an OCR engine is to the rest of heyan, and what looking at a picture comes to.

Engine       picture in, lines out. One instance a worker; no per-call parameters.
Recogniser   strips of one text line each in, text out (seals are unrolled into such strips). Recognisers: all of them.
Look         picture in, lines, tables and seals out: what readers are handed (made by extractors/look.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from extractors.document import Block, Defect, Line, Page, Place, Seal

Raster = NDArray[np.uint8]
"""A picture: height × width × 3, RGB, 0 to 255; or height × width, grey."""


class Engine(Protocol):
    """An OCR engine. Raises errors.EngineError when it fails; () means that there is no text."""

    @property
    def name(self) -> str: ...

    def read(self, grey: Raster) -> tuple[Line, ...]:
        """Lines in reading order with words; boxes are fractions of `grey` and places have no page yet."""
        ...


@dataclass(frozen=True, slots=True)
class Strip:
    """What a strip of one line reads. characters: each with its centre as a fraction of the strip's width."""

    text: str
    confidence: float  # 0 to 1, mean over the characters; 0.0 for no text
    characters: tuple[tuple[str, float, float], ...] = ()  # (character, centre 0 to 1, confidence 0 to 1)

    @classmethod
    def of(cls, characters: Sequence[tuple[str, float, float]]) -> Strip:
        """What these characters read."""
        mean = sum(sure for *_, sure in characters) / len(characters) if characters else 0.0
        return cls("".join(character for character, *_ in characters), mean, tuple(characters))


Odds = tuple[Mapping[str, float], ...]
"""What may stand in each of a strip's equal columns, left to right: the likeliest characters, each with its likelihood.

"" stands for none (the blank of CTC). A character may go on over columns; likelihoods are above 0, their sum at most 1.
"""


class Recogniser(Protocol):
    """Reads strips that hold one horizontal line of text each. Raises errors.EngineError when it fails."""

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        """One Strip for each input, in order; Traditional characters folded into Simplified."""
        ...

    def weigh(self, strips: Sequence[Raster]) -> tuple[Odds, ...]:
        """What may stand in each strip, in order; folded as `recognise` does."""
        ...


class SealRecogniser(Recogniser, Protocol):
    """The one for strips of seals."""

    def weigh_twice(self, strips: Sequence[Raster]) -> tuple[tuple[Odds, Odds], ...]:
        """What may stand in each strip by this one, and by the one for lines: twice what `weigh` costs."""
        ...


class Recognisers(Recogniser, Protocol):
    """The one for lines of print, and with it the others."""

    @property
    def of_seals(self) -> SealRecogniser: ...

    @property
    def second(self) -> Recogniser:
        """Another network, at a fifth of the price: what it reads is compared, never kept."""
        ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen on one picture. Boxes refer to the upright page.

    page: number, size, dpi, rotation, and a preview where one was asked for.
    blocks: lines, and tables where rules were seen, in reading order, source OCR.
    handwriting: as Document.handwriting.
    facing: where the picture showed a spread, this is its left page, and that the right one.
    """

    page: Page
    blocks: tuple[Block, ...]
    seals: tuple[Seal, ...]
    defects: tuple[Defect, ...] = ()
    handwriting: tuple[Place, ...] = ()
    facing: Sight | None = None


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to look at: RGB raster, where it stands, and its resolution (None where unknown).

    sheet: it is a sheet of the file, so that a spread on it is two pages; not a picture within a text.
    upright: it was drawn, not scanned, and stands as it should: it is looked at as it is.
    """

    raster: Raster
    place: Place
    dpi: float | None = None
    sheet: bool = False
    upright: bool = False


Look = Callable[[Shot], Sight]
