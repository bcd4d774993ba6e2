"""Pages as scanners, copiers and phones make them, and where a point of the sheet is on the picture."""

from __future__ import annotations

import io
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.seals.ink import Floats, clouds

WAYS = ("colour", "grey", "1-bit", "photo")


def capture(
    rng: Random, light: Floats, way: str, quality: int, crop: bool = True
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The picture (RGB or grey) and the homography from the sheet's pixels to it. quality: of JPEG.

    crop: whether a photo may cut the sheet's rim off.
    """
    noise = np.random.default_rng(rng.getrandbits(63))
    height, width = light.shape[:2]
    if way == "photo":
        return _photo(rng, noise, light, quality, crop)
    turn = rng.gauss(0, 0.5)
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    seen = cv2.warpAffine(light, matrix[:2], (width, height), flags=cv2.INTER_LINEAR, borderValue=(1, 1, 1))
    seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.35, 0.7))
    paper = np.array([rng.uniform(0.93, 0.99) for _ in range(3)], np.float32)
    if rng.random() < 0.5:
        paper[:] = paper.mean()
    seen = seen * paper
    seen += rng.uniform(0.003, 0.012) * clouds(noise, (height, width), 2.2)[..., None]
    seen += rng.uniform(0.002, 0.012) * noise.standard_normal(seen.shape, dtype=np.float32)
    picture = np.clip(seen * 255, 0, 255).astype(np.uint8)
    if way == "colour":
        return _jpeg(picture, quality), matrix
    weights = rng.choice(((0.299, 0.587, 0.114), (0.299, 0.587, 0.114), (0.2, 0.7, 0.1), (0.33, 0.34, 0.33)))
    grey = np.clip(picture @ np.array(weights, np.float32), 0, 255).astype(np.uint8)
    if way == "grey":
        return _jpeg(grey, quality), matrix
    # Scanners put the threshold between ink and paper; stamps are kept by a high one.
    level = rng.randint(150, 195)
    return np.where(grey < level, 0, 255).astype(np.uint8), matrix


def _photo(
    rng: Random, noise: np.random.Generator, light: Floats, quality: int, crop: bool
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    height, width = light.shape[:2]
    long = rng.choice((1600, 2000, 2600, 3200))
    scale = long / height
    size = (round(width * scale), long)
    spread = 0.035 * size[0]
    inset = rng.uniform(-0.03, 0.02) * size[0] if crop else 0.03 * size[0]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    target = np.array([[inset, inset], [size[0] - inset, inset], [size[0] - inset, size[1] - inset],
                       [inset, size[1] - inset]], np.float32)  # fmt: skip
    target += np.array([[rng.uniform(-spread, spread) for _ in range(2)] for _ in range(4)], np.float32) * (
        0.4 if crop else 0.8
    )
    matrix = cv2.getPerspectiveTransform(source, target)
    desk = tuple(rng.uniform(0.2, 0.55) for _ in range(3))
    soft = cv2.GaussianBlur(light, (0, 0), max(0.3, 0.45 / scale)) if scale < 1 else light
    seen = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_LINEAR, borderValue=desk)
    y, x = np.indices(seen.shape[:2], dtype=np.float32)
    slope = rng.uniform(-0.35, 0.35) * (x / size[0] - 0.5) + rng.uniform(-0.3, 0.3) * (y / size[1] - 0.5)
    lamp = 0.82 + slope + 0.04 * clouds(noise, (seen.shape[0], seen.shape[1]), size[0] / 2.5)
    if rng.random() < 0.4:  # a hand's or phone's shadow
        edge = (x * rng.uniform(-1, 1) + y * rng.uniform(0.3, 1) - rng.uniform(0.5, 0.9) * size[1]) / (0.04 * size[1])
        lamp *= 1 - 0.3 / (1 + np.exp(-np.clip(edge, -30, 30)))
    warm = np.array([1.0, rng.uniform(0.93, 1.0), rng.uniform(0.82, 1.0)], np.float32)
    seen = seen * lamp[..., None] * warm
    seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.5, 1.1))
    seen += rng.uniform(0.006, 0.02) * noise.standard_normal(seen.shape, dtype=np.float32)
    picture = _jpeg(np.clip(seen * 255, 0, 255).astype(np.uint8), quality)
    if crop:
        return picture, matrix
    # With its rims on the desk, a page is flattened before anything is looked for (extractors/ocr/page.py).
    flat = np.array([[size[0] / width, 0, 0], [0, size[1] / height, 0], [0, 0, 1]])
    back = flat @ np.linalg.inv(matrix)
    return np.asarray(
        cv2.warpPerspective(picture, back, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    ), flat


def _jpeg(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))
