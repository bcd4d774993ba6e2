"""Same impression of a seal: false alarms among fresh impressions of one seal, recall among pasted ones.

    python -m benchmarks.impression [--seed 100] [--seals 24] [--show]

The simulator engraves a seal and presses it 30 times: ink, pressure and turn are new each time, the plate is not. Pages
are printed below, scanned (turn, noise, blur, tint) and compressed, and every impression is compared with every other
of its seal. The pasted ones are impressions of that same set, drawn a second time: other page, print, size, resolution,
compression, in part cut at an edge. Figures rest on the seals that are found on the page (extractors/seals/find.py).
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clients.simulator import degrade, fonts
from clients.simulator.seal import Impression, SealFacts, engrave, press
from extractors.impressions import SAME, Texture, compare, unpack
from extractors.limits import Limits
from extractors.ocr.inks import separate
from extractors.ocr.page import cut_out, stand
from extractors.seals.find import find
from extractors.seals.impression import describe

NAMES = (
    "安吉县科学技术协会", "湖南省林学会", "中国植物保护学会", "沙县科学技术协会", "广东省药学会", "中国心理卫生协会",
    "云南省农村专业技术协会", "新疆生产建设兵团科学技术协会", "贵州省气象学会", "和田县科学技术协会",
)  # fmt: skip
WORDS = "关于商请共同开展科技志愿服务活动的函为贯彻落实乡村振兴战略我会拟申报百会百县乡村行项目特商请贵单位予以支持"
PRESSED = 30  # impressions of one seal
ACROSS, DOWN = 5, 6  # on a page


@dataclass(frozen=True, slots=True)
class Copy:
    """How impressions are drawn a second time. scale: of the picture. cut: part of the diameter beyond the edge."""

    name: str
    dpi: int
    scale: float
    quality: int
    cut: float = 0.0


# resolution of the original is 200 dpi
COPIES = (
    Copy("as it was", 200, 1.0, 85),
    Copy("JPEG 45", 200, 1.0, 45),
    Copy("90 %", 200, 0.9, 75),
    Copy("110 %", 200, 1.1, 75),
    Copy("at 150 dpi", 150, 0.75, 75),
    Copy("at 300 dpi", 300, 1.5, 75),
    Copy("cut by 6 %", 200, 1.0, 75, 0.06),
)


def page(
    rng: Random, impressions: Sequence[Impression], copy: Copy
) -> tuple[NDArray[np.uint8], list[tuple[float, float]]]:
    """A scanned page with the impressions in rows, and where their centres are (fractions)."""
    pitch = int(2.45 * impressions[0].radius * copy.scale)
    width, height = pitch * ACROSS, pitch * DOWN
    picture = Image.new("RGB", (width, height), (255, 255, 255))
    pen, size = ImageDraw.Draw(picture), int(copy.dpi * 0.17)
    font = fonts.load(fonts.SONG, size)
    for y in range(0, height, int(size * 1.9)):
        if rng.random() < 0.4:
            line = "".join(rng.choices(WORDS, k=width // size + 1))
            pen.text((rng.randint(-size, size), y), line, font=font, fill=(28, 28, 32))
    raster = np.array(picture)
    centres = []
    for number, impression in enumerate(impressions):
        x = pitch * (number % ACROSS + 0.5) + rng.uniform(-6, 6)
        middle = pitch * (number // ACROSS + 0.5) + rng.uniform(-6, 6)
        _press(raster, _scaled(impression, copy.scale), x, middle, copy.cut)
        centres.append((x / width, middle / height))
    scanned, _ = degrade.scan(rng, raster, ())
    data = degrade.as_jpeg(scanned, copy.quality, copy.dpi)
    return np.asarray(Image.open(io.BytesIO(data))), centres


def _scaled(impression: Impression, scale: float) -> Impression:
    if scale == 1.0:
        return impression
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    ink = cv2.resize(impression.ink, None, fx=scale, fy=scale, interpolation=way)
    return replace(impression, ink=np.asarray(ink, np.uint8), radius=impression.radius * scale)


def _press(raster: NDArray[np.uint8], impression: Impression, x: float, y: float, cut: float) -> None:
    side = impression.ink.shape[0]
    left, top = round(x - side / 2), round(y - side / 2)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(raster.shape[1], left + side), min(raster.shape[0], top + side)
    ink = impression.ink[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32)
    if cut:  # as if the picture had been cropped too closely
        ink[:, : round(side / 2 - impression.radius * (1 - 2 * cut)) - (x0 - left)] = 0
    tint = 1 - ink[..., None] / 255 * (1 - np.array(impression.colour, np.float32) / 255)
    raster[y0:y1, x0:x1] = (raster[y0:y1, x0:x1] * tint).astype(np.uint8)


def textures(raster: NDArray[np.uint8], centres: Sequence[tuple[float, float]]) -> list[Texture | None]:
    """Of each impression; None where it was not found or has no texture."""
    upright = stand(cut_out(raster, None)).raster
    inks = separate(upright)
    height, width = upright.shape[:2]
    found: list[Texture | None] = [None] * len(centres)
    for outline in find(inks, Limits()).outlines:
        x, y = outline.centre[0] / width, outline.centre[1] / height
        apart = [(x - cx) ** 2 + (y - cy) ** 2 for cx, cy in centres]
        nearest = int(np.argmin(apart))
        if found[nearest] is None and apart[nearest] < 0.002:
            found[nearest] = unpack(describe(inks, outline))
    return found


def main() -> None:
    """Prints the figures of each kind of copy, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--seals", type=int, default=24)
    parser.add_argument("--show", action="store_true", help="print each seal's worst pair")
    arguments = parser.parse_args()
    rng = Random(arguments.seed)
    fresh: list[float] = []
    pasted: dict[str, list[float]] = {copy.name: [] for copy in COPIES}
    described = drawn = 0
    for number in range(arguments.seals):
        code = "".join(rng.choices("0123456789", k=13)) if rng.random() < 0.5 else ""
        plate = engrave(rng, SealFacts(rng.choice(NAMES), rng.choice((42.0, 45.0)), code), 200)
        impressions = [press(rng, plate) for _ in range(PRESSED)]
        originals = textures(*page(rng, impressions, Copy("original", 200, 1.0, rng.randint(60, 90))))
        known = [texture for texture in originals if texture is not None]
        described, drawn = described + len(known), drawn + len(originals)
        pairs = [compare(one, other) for one, other in itertools.combinations(known, 2)]
        fresh += pairs
        copy = COPIES[number % len(COPIES)]
        copies = textures(*page(rng, impressions, copy))
        for one, other in zip(originals, copies, strict=True):
            # what could not be described is a miss: nobody would be told
            pasted[copy.name].append(compare(one, other) if one is not None and other is not None else -1.0)
        if arguments.show:
            print(f"{number:>3} {plate.facts.text} fresh at most {max(pairs):.3f}, pasted {copy.name}", flush=True)
    for name, values in pasted.items():
        if values:
            recall, fifth = float(np.mean(np.array(values) >= SAME)), float(np.quantile(values, 0.05))
            print(f"pasted {name:<11} {len(values):>4} recall {recall:.3f}, 5 % quantile {fifth:.2f}")
    every = np.concatenate([np.array(values) for values in pasted.values()])
    result = {
        "benchmark": "impression",
        "seed": arguments.seed,
        "fresh_pairs": len(fresh),
        "false_alarms": int(np.sum(np.array(fresh) >= SAME)),
        "fresh_highest": round(max(fresh), 3),
        "pasted_pairs": len(every),
        "pasted_recall": round(float(np.mean(every >= SAME)), 4),
        "described": round(described / drawn, 4),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
