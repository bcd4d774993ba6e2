"""How a sheet becomes a picture: scanned or photographed, in colour, grey or 1-bit, compressed once or twice.

Light is 0 to 255, blue, green, red. Homographies are 3 by 3, from the sheet's pixels to the picture's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.paper.canvas import Colour
from benchmarks.paper.fields import Floats, clouds, rise

Raster = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_DESKS = [(60, 80, 110), (40, 42, 48), (120, 150, 180), (150, 150, 150), (90, 70, 60)]
_LIDS = [(255, 255, 255), (250, 250, 250), (235, 235, 235), (30, 30, 30)]
_SEAL = 42  # mm, of a usual seal
_LOW = 45  # JPEG quality
_LEAST_SEAL = 150  # pixels of a usual seal, below which no picture is made smaller


@dataclass(frozen=True, slots=True)
class Way:
    """scale: pixels of a millimetre. dpi: None for photos, which do not tell it. depth: "colour", "grey" or "1-bit"."""

    photo: bool
    scale: float
    dpi: int | None
    depth: str


def way(rng: Random, view: str) -> Way:
    """view: "crop", "part" or "page"."""
    if rng.random() < (0.3 if view == "page" else 0.42):
        least, most = (170, 330) if view == "page" else (190, 560)
        scale = rng.uniform(least, most) / _SEAL
        return Way(True, scale, None, "grey" if rng.random() < 0.06 else "colour")
    dpi = rng.choice([100, 120, 150, 150, 200, 200] + ([] if view == "page" else [240, 300]))
    depth = "1-bit" if rng.random() < 0.06 else "grey" if rng.random() < 0.17 else "colour"
    if depth == "1-bit":
        dpi = max(dpi, 200)
    return Way(False, dpi / 25.4, dpi, depth)


def placed(
    rng: Random, noise: np.random.Generator, light: Floats, taken: Way, ratio: float, view: str, ground: Colour
) -> tuple[Floats, Matrix]:
    """The sheet as it lies under the lens, and the homography. ratio: the picture's scale to the sheet's."""
    wide, high = light.shape[1], light.shape[0]
    if taken.photo:
        size, matrix = _tilted(rng, (wide, high), ratio, view)
        around = rng.choice(_DESKS)
    else:
        size, matrix = _skewed(rng, (wide, high), ratio)
        around = rng.choice(_LIDS)
        if view == "crop":  # cut out of a larger scan
            around = (ground[2], ground[1], ground[0])
    if ratio < 1:
        light = cv2.GaussianBlur(light, (0, 0), max(0.25, 0.38 / ratio))
    if taken.photo and view == "crop":
        mirrored = cv2.BORDER_REFLECT_101
        return cv2.warpPerspective(light, matrix, size, flags=cv2.INTER_LINEAR, borderMode=mirrored), matrix
    seen = cv2.warpPerspective(
        light, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=around
    )
    if taken.photo:
        sheet = cv2.warpPerspective(np.ones((high, wide), np.float32), matrix, size)
        desk = clouds(noise, size[1], size[0], 3, 2) * 4 + clouds(noise, size[1], size[0], 60) * 6
        seen = seen + desk[..., None] * (1 - sheet[..., None])
    return seen, matrix


def _tilted(rng: Random, sheet: tuple[int, int], ratio: float, view: str) -> tuple[tuple[int, int], Matrix]:
    """A photo's size and homography."""
    wide, high = sheet
    size = (int(wide * ratio), int(high * ratio))
    spread = rng.choice([0.01, 0.03, 0.06])
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    target = np.array(
        [
            [
                x * size[0] + rng.uniform(-spread, spread) * size[0],
                y * size[1] + rng.uniform(-spread, spread) * size[1],
            ]
            for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
        ],
        np.float32,
    )
    if view != "crop":  # with its rims on the desk
        low, high_corner = target.min(0), target.max(0)
        margin = rng.uniform(0, 0.06) * size[0]
        target = target - low + margin
        extent = high_corner - low + 2 * margin
        size = (int(extent[0]), int(extent[1]))
    turn = np.vstack([cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), rng.gauss(0, 2.5), 1), [0, 0, 1]])
    return size, turn @ cv2.getPerspectiveTransform(source, target)


def _skewed(rng: Random, sheet: tuple[int, int], ratio: float) -> tuple[tuple[int, int], Matrix]:
    """A scan's size and homography."""
    wide, high = sheet
    size = (round(wide * ratio), round(high * ratio))
    skew = rng.gauss(0, 0.7) if rng.random() < 0.8 else rng.gauss(0, 3)
    matrix = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), skew, ratio), [0, 0, 1]])
    matrix[:2, 2] += (size[0] / 2 - wide / 2, size[1] / 2 - high / 2)
    return size, matrix


def photographed(rng: Random, noise: np.random.Generator, light: Floats, scale: float, tags: set[str]) -> Floats:
    """Lamp, shadow, lens and sensor of a phone. scale: pixels of a millimetre."""
    high, wide = light.shape[:2]
    lamp = _lamp(rng, noise, high, wide, tags)
    linear = np.asarray((light.clip(0, 255) / 255) ** 2, np.float32)
    white = np.array([rng.uniform(0.62, 1.05), rng.uniform(0.82, 0.98), rng.uniform(0.85, 1.05)], np.float32)
    linear = np.asarray(linear * (lamp**2)[..., None] * white * rng.uniform(0.55, 1.02), np.float32)
    linear = _unsharp(rng, np.maximum(linear, 0), max(0.6, scale / 9), tags)
    seen = np.asarray(np.sqrt(np.clip(linear, 0, 1.2)) * 255, np.float32)
    seen = np.asarray(seen * rng.uniform(0.92, 1.08) + rng.uniform(0, 14), np.float32)
    if rng.random() < 0.12:
        tags.add("moire")
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        for channel in range(3):
            period, angle = rng.uniform(5, 16), rng.uniform(0, 3.14)
            course = x * math.cos(angle) + y * math.sin(angle) + 3 * np.sin(y / 60 + channel)
            seen[..., channel] += rng.uniform(3, 8) * np.sin(course * 6.28 / period)
    strength = rng.uniform(1, 7)
    grain = noise.standard_normal((high, wide, 3)).astype(np.float32)
    seen += cv2.GaussianBlur(grain, (0, 0), 0.6) * strength * 1.5
    if rng.random() < 0.5:
        seen = _sharpened(seen, rng.uniform(0.3, 1.1), 1.3)
    return np.asarray(seen, np.float32)


def _lamp(rng: Random, noise: np.random.Generator, high: int, wide: int, tags: set[str]) -> Floats:
    """Light on each pixel, about 1."""
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    x, y = x / wide, y / high
    long = max(high, wide)
    angle = rng.uniform(0, 6.28)
    slope = (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle)
    lamp = 1 + rng.uniform(0.05, 0.3) * slope + 0.03 * clouds(noise, high, wide, long / 2)
    if rng.random() < 0.35:
        tags.add("shadow")
        angle = rng.uniform(0, 6.28)
        edge = (x - rng.uniform(0.2, 0.8)) * math.cos(angle) + (y - rng.uniform(0.2, 0.8)) * math.sin(angle)
        edge = edge + 0.08 * clouds(noise, high, wide, long / 3)
        lamp = lamp * (1 - rng.uniform(0.2, 0.5) * rise(edge, -rng.uniform(0.02, 0.1), rng.uniform(0.02, 0.1)))
    if rng.random() < 0.12:
        tags.add("glare")
        strength = rng.uniform(0.2, 0.5)
        lamp = lamp + strength * np.exp(-(((x - rng.random()) / 0.25) ** 2 + ((y - rng.random()) / 0.2) ** 2))
    return np.asarray(lamp, np.float32)


def _unsharp(rng: Random, light: Floats, unit: float, tags: set[str]) -> Floats:
    """Out of focus or moved, on most. unit: pixels."""
    part = rng.random()
    if part < 0.55:
        return np.asarray(cv2.GaussianBlur(light, (0, 0), rng.uniform(0.4, 1.1) * unit), np.float32)
    if part >= 0.7:
        return light
    tags.add("motion")
    length = int(rng.uniform(2, 5) * unit) + 1
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = rng.uniform(0, 3.14)
    x, y = length / 2 * math.cos(angle), length / 2 * math.sin(angle)
    cv2.line(kernel, (int(length - x), int(length - y)), (int(length + x), int(length + y)), 1, 1)
    return np.asarray(cv2.filter2D(light, -1, kernel / kernel.sum()), np.float32)


def _sharpened(light: Floats, by: float, radius: float) -> Floats:
    return np.asarray(light + by * (light - cv2.GaussianBlur(light, (0, 0), radius)), np.float32)


def scanned(rng: Random, noise: np.random.Generator, light: Floats) -> Floats:
    """A scanner's noise, contrast, tint, stripes and dirt."""
    high, wide = light.shape[:2]
    grey = noise.standard_normal((high, wide, 1)).astype(np.float32)
    light = light + grey * rng.uniform(0.5, 4)
    light = light + noise.standard_normal((high, wide, 3)).astype(np.float32) * rng.uniform(0.2, 2)
    contrast = rng.uniform(0.88, 1.2)
    light = 255 - (255 - light) * contrast + rng.uniform(-12, 10)
    if rng.random() < 0.4:
        light = _sharpened(light, rng.uniform(0.3, 1.2), 1.0)
    if rng.random() < 0.3:
        light = light * np.array([rng.uniform(0.9, 1), rng.uniform(0.95, 1), rng.uniform(0.96, 1)], np.float32)
    if rng.random() < 0.12:
        light = np.ascontiguousarray(light)
        for _ in range(rng.randint(1, 3)):
            x = rng.randrange(wide)
            light[:, x : x + rng.choice([1, 1, 2])] -= rng.uniform(10, 50)
        for _ in range(rng.randint(5, 40)):
            at = (rng.randrange(wide), rng.randrange(high))
            cv2.circle(light, at, rng.choice([0, 1, 1, 2]), (90, 90, 90), -1)
    return np.asarray(light, np.float32)


def told(rng: Random, light: Floats, taken: Way, tags: set[str]) -> tuple[Raster, bool]:
    """The picture as its file holds it, blue, green, red or grey, and whether it was resized on the way."""
    picture = np.clip(light, 0, 255).astype(np.uint8)
    if taken.depth != "colour":
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        tags.add(taken.depth)
    if taken.depth == "1-bit":
        assert taken.dpi is not None
        return _threshold(rng, picture, taken.dpi), False
    if rng.random() >= 0.88:
        return picture, False
    return _compressed(rng, picture, taken.scale, tags)


def _threshold(rng: Random, grey: Raster, dpi: int) -> Raster:
    if rng.random() < 0.4:
        soft = cv2.GaussianBlur(grey, (0, 0), 0.6)
        mean, binary = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
        return np.asarray(cv2.adaptiveThreshold(soft, 255, mean, binary, int(dpi / 8) | 1, rng.uniform(8, 16)))
    level = np.median(grey) - rng.uniform(40, 75)
    return np.where(cv2.GaussianBlur(grey, (0, 0), 0.5) > level, 255, 0).astype(np.uint8)


def _compressed(rng: Random, picture: Raster, scale: float, tags: set[str]) -> tuple[Raster, bool]:
    """JPEG; on some once more, with another size or without."""
    halved, whole = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    sampling = rng.choice([halved, halved, halved, whole])
    lowest = rng.choice([rng.uniform(25, 50), rng.uniform(45, 80), rng.uniform(70, 95), rng.uniform(70, 95)])
    picture = _jpeg(picture, lowest, sampling)
    resized, again = False, None
    if rng.random() < 0.2:
        factor = rng.choice([rng.uniform(0.6, 0.95), rng.uniform(1.1, 1.6)])
        if scale * factor * _SEAL > _LEAST_SEAL:
            larger = rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]) if factor >= 1 else cv2.INTER_AREA
            picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=larger)
            resized = True
            tags.add("resized")
        again = rng.uniform(45, 92)
    elif rng.random() < 0.2:
        again = rng.uniform(50, 92)
    if again is not None:
        picture = _jpeg(picture, again, sampling)
        lowest = min(lowest, again)
        tags.add("JPEG twice")
    if lowest < _LOW:
        tags.add("low JPEG")
    return picture, resized


def _jpeg(picture: Raster, quality: float, sampling: int) -> Raster:
    options = [cv2.IMWRITE_JPEG_QUALITY, int(quality), cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    _, file = cv2.imencode(".jpg", picture, options)
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_UNCHANGED))
