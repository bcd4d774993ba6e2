"""Draws seals and keeps what the recogniser's backbone makes of their strips: shards of features with their texts.

The backbone is not trained, so its features are made once. Half precision; the backbone's 384 channels × columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import cast

import numpy as np
from numpy.typing import NDArray

from extractors.ocr.ctc import simplified
from extractors.ocr.engine import Raster
from extractors.ocr.rapid import prepared
from scripts.seal_text import faces, strips
from scripts.seal_text.faces import Cut, Face
from scripts.seal_text.plate import Plate, frame_plate, oval_plate, round_plate
from scripts.seal_text.press import seen
from scripts.seal_text.words import Words

Features = NDArray[np.float16]
SHARD = 250  # seals of a file


@dataclass(frozen=True, slots=True)
class Sample:
    """A strip's features, 384 × columns, and what it reads."""

    features: Features
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
        if lot.random() < 0.2:
            yield strips.printed(lot, self._paths[self._face(lot)], self._texts)
        plate = self._plate(lot)
        print_ = self._paths[self._face(lot)]
        yield from strips.of_seal(plate, seen(plate, lot, print_, self._texts), lot)

    def _plate(self, lot: Random) -> Plate:
        cut, digits = self._cut(lot), self._cut(lot)
        way = lot.random()
        if way < 0.66:
            return round_plate(lot, self._texts, cut, digits)
        if way < 0.88:
            return oval_plate(lot, self._texts, cut, digits)
        return frame_plate(lot, self._texts, cut)

    def _cut(self, lot: Random) -> Cut:
        face = self._face(lot)
        stroke = round(lot.uniform(0, face.stroke) * faces.EM)
        return Cut(self._paths[face], face.index, stroke, lot.random() < 0.7)

    def _face(self, lot: Random) -> Face:
        return lot.choices(self._kinds, [face.share for face in self._kinds])[0]


def backbone(model: Path) -> Callable[[Raster], Features]:
    """The part of the recogniser before its neck, of a strip as the product feeds it; the neck's input."""
    import openvino

    core = openvino.Core()
    network = core.read_model(model)
    pooled = next(node for node in network.get_ordered_ops() if node.get_friendly_name() == "AveragePool.0")
    part = openvino.Model([pooled.output(0)], network.get_parameters(), "backbone")
    request = core.compile_model(part, "CPU", {"INFERENCE_NUM_THREADS": 1}).create_infer_request()

    def run(strip: Raster) -> Features:
        request.infer([prepared(strip)[0]])
        return cast(Features, request.get_output_tensor().data[0, :, 0].astype(np.float16))

    return run


def shard(studio: Studio, run: Callable[[Raster], Features], seed: int, part: int) -> list[Sample]:
    """The samples of SHARD seals, from number part × SHARD on; a strip too narrow for its text is none."""
    made: list[Sample] = []
    for number in range(part * SHARD, (part + 1) * SHARD):
        for strip, text in studio.examples(seed, number):
            if strip.shape[1] * 48 / strip.shape[0] < 17 * len(text):
                continue
            made.append(Sample(run(strip), text))
    return made


def write(folder: Path, seed: int, part: int, samples: Sequence[Sample]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / "new.npz"
    np.savez(
        new,
        features=np.concatenate([sample.features for sample in samples], axis=1),
        widths=np.array([sample.features.shape[1] for sample in samples]),
        texts=np.array([sample.text for sample in samples]),
    )
    new.rename(folder / f"{seed}-{part:03}.npz")


def seeds(folder: Path) -> set[int]:
    """Those of which there are shards."""
    return {int(path.name.split("-")[0]) for path in folder.glob("*-*.npz")}


def load(folder: Path, seed: int) -> list[Sample]:
    """All samples of a seed that are written so far."""
    made: list[Sample] = []
    for path in sorted(folder.glob(f"{seed}-*.npz")):
        with np.load(path) as stored:
            parts = np.split(stored["features"], np.cumsum(stored["widths"])[:-1], axis=1)
            made.extend(Sample(part, str(text)) for part, text in zip(parts, stored["texts"], strict=True))
    return made
