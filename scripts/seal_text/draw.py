"""Draws seals and keeps their strips: shards of pictures, as the recogniser takes them, with what they read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from extractors.ocr.ctc import simplified
from extractors.ocr.engine import Raster
from extractors.ocr.rapid import padded
from scripts.seal_text import faces, strips
from scripts.seal_text.faces import Cut, Face
from scripts.seal_text.frames import frame_plate
from scripts.seal_text.plate import Plate, oval_plate, round_plate
from scripts.seal_text.press import seen
from scripts.seal_text.words import Words

SHARD = 100  # seals of a file


@dataclass(frozen=True, slots=True)
class Sample:
    """A strip, 48 × width, grey, and what it reads."""

    picture: Raster
    text: str


class Studio:
    """Draws by seed. Raises faces.FacesMissing where a face is not installed."""

    def __init__(self, kinds: Sequence[Face], folders: tuple[Path, ...], known: Collection[str]) -> None:
        """known: the characters that the recogniser can tell; those that a face lacks are not drawn either."""
        self._paths = faces.require(kinds, folders)
        self._kinds = tuple(kinds)
        drawn = [faces.characters(self._paths[face], face.index) for face in kinds]
        self._texts = Words(set(known).difference(simplified()).intersection(*drawn))

    def examples(self, seed: int, number: int) -> Iterator[tuple[Raster, str]]:
        """All strips of a seed's seal of this number, or a printed line's."""
        lot = Random(f"seal {seed} {number}")
        if lot.random() < 0.1:
            yield strips.printed(lot, self._paths[self._face(lot)], self._texts)
        plate = self._plate(lot)
        print_ = self._paths[self._face(lot)]
        yield from strips.of_seal(plate, seen(plate, lot, print_, self._texts), lot)

    def codes(self, seed: int, number: int) -> Iterator[tuple[Raster, str]]:
        """Strips of the code of a seed's seal of this number."""
        lot = Random(f"code {seed} {number}")
        while not (plate := round_plate(lot, self._texts, self._cut(lot), self._cut(lot))).code:
            pass
        print_ = self._paths[self._face(lot)]
        yield from strips.of_code(plate, seen(plate, lot, print_, self._texts), lot)

    def _plate(self, lot: Random) -> Plate:
        cut, digits = self._cut(lot), self._cut(lot)
        way = lot.random()
        if way < 0.6:
            return round_plate(lot, self._texts, cut, digits)
        if way < 0.78:
            return oval_plate(lot, self._texts, cut, digits)
        return frame_plate(lot, self._texts, cut)

    def _cut(self, lot: Random) -> Cut:
        face = self._face(lot)
        return faces.cut_by_lot(lot, face, self._paths[face])

    def _face(self, lot: Random) -> Face:
        return lot.choices(self._kinds, [face.share for face in self._kinds])[0]


def shard(draw: Callable[[int, int], Iterator[tuple[Raster, str]]], seed: int, part: int) -> list[Sample]:
    """The samples of SHARD seals, from number part × SHARD on; a strip too narrow for its text is none.

    draw: a Studio's examples or codes.
    """
    made: list[Sample] = []
    for number in range(part * SHARD, (part + 1) * SHARD):
        for strip, text in draw(seed, number):
            if strip.shape[1] * 48 / strip.shape[0] >= 17 * len(text):
                made.append(Sample(padded(strip)[0], text))
    return made


def write(folder: Path, seed: int, part: int, samples: Sequence[Sample]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"new-{seed}.npz"
    np.savez_compressed(
        new,
        pictures=np.concatenate([sample.picture for sample in samples], axis=1),
        widths=np.array([sample.picture.shape[1] for sample in samples]),
        texts=np.array([sample.text for sample in samples]),
    )
    new.rename(folder / f"{seed}-{part:03}.npz")


def shards(folder: Path, seed: int | None = None) -> list[Path]:
    """Those of this seed, or of all, that are written so far."""
    return sorted(folder.glob(f"{'[0-9]*' if seed is None else seed}-*.npz"))


def load(path: Path) -> list[Sample]:
    with np.load(path) as stored:
        parts = np.split(stored["pictures"], np.cumsum(stored["widths"])[:-1], axis=1)
        return [Sample(part, str(text)) for part, text in zip(parts, stored["texts"], strict=True)]
