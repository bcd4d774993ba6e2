"""What scanners, phones and file formats do to a clean page. Boxes of seals follow every warp.

A scan is slightly turned, noisy, a bit soft, its paper tinted, with a faint shadow at an edge. A photo also has
perspective, a desk around the page, uneven light, and often its upright position only in EXIF.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clients.simulator.truth import StampedSeal

Raster = NDArray[np.uint8]
_DESKS = ((142, 104, 72), (96, 92, 90), (188, 184, 178), (70, 56, 48), (205, 198, 186))
_TILE = 256  # rows of noise that are drawn afresh
_ORIENTATION = 0x0112  # the EXIF tag
_TURNS = {1: 0, 6: 1, 3: 2, 8: 3}  # EXIF orientation: how often the stored picture was turned counter-clockwise


def scan(rng: Random, page: Raster, seals: Iterable[StampedSeal]) -> tuple[Raster, tuple[StampedSeal, ...]]:
    """The page as a flatbed or feeder scanner gives it."""
    height, width = page.shape[:2]
    white = rng.randint(238, 254)
    paper = (white, white - rng.randint(0, 2), white - rng.randint(-1, 9))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-1.5, 1.5), rng.uniform(0.99, 1.0))
    turn[:, 2] += (rng.uniform(-0.006, 0.006) * width, rng.uniform(-0.004, 0.004) * height)
    matrix = np.vstack([turn, (0, 0, 1)])
    # The page is tinted before it is turned, so that the corners show the scanner's lid.
    tinted = cv2.multiply(page, np.array([*paper, 0], dtype=np.float64) / 255)
    lid = rng.randint(225, 255)
    warped = cv2.warpPerspective(tinted, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(lid, lid, lid))
    moved = tuple(_moved(seal, matrix, (width, height), (width, height)) for seal in seals)
    warped = _shaded(warped, _edge_shadow(rng))
    blurred = cv2.GaussianBlur(warped, (0, 0), rng.uniform(0.35, 0.8))
    return _noisy(rng, blurred, rng.uniform(1.5, 5.0)), moved


def photograph(rng: Random, page: Raster, seals: Iterable[StampedSeal]) -> tuple[Raster, tuple[StampedSeal, ...]]:
    """The page as a phone sees it lying on a desk. The picture is upright."""
    height, width = page.shape[:2]
    margin = rng.uniform(0.02, 0.08)
    out_width, out_height = round(width * (1 + 2 * margin)), round(height * (1 + 2 * margin))
    bend = 0.06
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    target = corners + np.array((width * margin, height * margin), dtype=np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)], dtype=np.float32)
    shift = [(rng.uniform(0, bend) * width, rng.uniform(0, bend) * height * 0.6) for _ in range(4)]
    target += inward * np.array(shift, dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    white, warmth = rng.uniform(0.92, 1.0), rng.uniform(-0.02, 0.1)  # of the lamp: bluish to yellow
    paper = cv2.multiply(page, np.array((white, white * (1 - warmth * 0.35), white * (1 - warmth), 0)))
    desk = _desk(rng, out_width, out_height)
    size = (out_width, out_height)
    cv2.warpPerspective(paper, matrix, size, dst=desk, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT)
    moved = tuple(_moved(seal, matrix, (width, height), size) for seal in seals)
    lit = _shaded(desk, _uneven_light(rng))
    blurred = cv2.GaussianBlur(lit, (0, 0), rng.uniform(0.5, 1.0))
    return _noisy(rng, blurred, rng.uniform(2.0, 5.0)), moved


def _moved(seal: StampedSeal, matrix: NDArray[np.float64], size: tuple[int, int], out: tuple[int, int]) -> StampedSeal:
    """The seal with the box of its warped ring. size, out: width and height before and after, in pixels."""
    left, top, right, bottom = seal.box
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    ring = np.stack(
        [
            ((left + right) / 2 + (right - left) / 2 * np.cos(angles)) * size[0],
            ((top + bottom) / 2 + (bottom - top) / 2 * np.sin(angles)) * size[1],
        ],
        axis=1,
    )
    points = cv2.perspectiveTransform(ring[None].astype(np.float64), matrix)[0] / np.array(out)
    low, high = points.min(axis=0).clip(0, 1), points.max(axis=0).clip(0, 1)
    return replace(seal, box=(float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def _shaded(picture: Raster, light: NDArray[np.float32]) -> Raster:
    """The picture under a light that is given coarsely, 0 to 1, 1 for unchanged."""
    if light.min() >= 1:
        return picture
    height, width = picture.shape[:2]
    # In bytes, because floats for three channels take four times as long; the noise hides the steps.
    full = cv2.resize((light.clip(0, 1) * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    scaled = cv2.multiply(picture, cv2.merge([full] * 3), scale=1 / 255)
    return np.asarray(scaled, dtype=np.uint8)


def _edge_shadow(rng: Random) -> NDArray[np.float32]:
    """Darker towards one or two edges, as near a book's fold or an open lid."""
    grid = np.linspace(0, 1, 96, dtype=np.float32)
    light = np.ones((96, 96), dtype=np.float32)
    for _ in range(rng.randint(0, 2)):
        fall = 1 - rng.uniform(0.04, 0.22) * np.exp(-grid / rng.uniform(0.01, 0.05))
        side = rng.randrange(4)
        profile = fall if side % 2 == 0 else fall[::-1]
        light *= profile[None, :] if side < 2 else profile[:, None]
    return light


def _uneven_light(rng: Random) -> NDArray[np.float32]:
    """A lamp at one side and the soft shadow of a hand or phone."""
    y, x = np.mgrid[0:1:96j, 0:1:96j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    light = 0.9 + rng.uniform(0.08, 0.2) * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5))
    if rng.random() < 0.6:
        cx, cy, reach = rng.random(), rng.random(), rng.uniform(0.15, 0.4)
        light *= 1 - rng.uniform(0.08, 0.25) * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / reach**2)
    return np.asarray(light, dtype=np.float32)


def _desk(rng: Random, width: int, height: int) -> Raster:
    """A table top: wood, grey or nearly white, with some grain."""
    base = np.array(rng.choice(_DESKS), dtype=np.float32)
    noise = np.random.default_rng(rng.getrandbits(64))
    coarse = noise.standard_normal((120, 6), dtype=np.float32)
    grain = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(base + grain[..., None] * 7, 0, 255), dtype=np.uint8)


def _noisy(rng: Random, picture: Raster, strength: float) -> Raster:
    """Sensor noise: one tile of it, shifted for every stripe, because a page of fresh numbers takes long."""
    noise = np.random.default_rng(rng.getrandbits(64))
    height, width = picture.shape[:2]
    tile = (noise.standard_normal((_TILE, width, 3), dtype=np.float32) * strength).astype(np.int16)
    result = np.empty_like(picture)
    for top in range(0, height, _TILE):
        stripe = picture[top : top + _TILE]
        shifted = np.roll(tile, rng.randrange(width), axis=1)[: stripe.shape[0]]
        result[top : top + _TILE] = cv2.add(stripe, shifted, dtype=cv2.CV_8U)
    return result


# ------------------------------------------------------------------------------------ file formats


def as_jpeg(picture: Raster, quality: int, dpi: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality, dpi=(dpi, dpi))
    return buffer.getvalue()


def greyed(picture: Raster) -> Raster:
    """As a copier without colour gives it: H x W."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def bilevel(rng: Random, picture: Raster) -> Raster:
    """As a fax gives it: H x W, 0 or 255, with specks where the noise crosses the threshold."""
    grey = greyed(picture)
    threshold = np.percentile(grey, 92) * rng.uniform(0.66, 0.76)
    return np.asarray(np.where(grey > threshold, 255, 0), dtype=np.uint8)


def as_phone_jpeg(picture: Raster, quality: int, orientation: int) -> bytes:
    """A JPEG stored turned, with the EXIF orientation (1, 3, 6 or 8) that makes it upright."""
    turned = np.rot90(picture, _TURNS[orientation])
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(turned)).save(buffer, "JPEG", quality=quality, exif=exif)
    return buffer.getvalue()


def as_png(picture: Raster, dpi: int) -> bytes:
    """A PNG as scanning software writes it: background washed to white, few shades, so that the file stays small."""
    washed = cv2.convertScaleAbs(picture, alpha=1.09, beta=-8)
    shades = (washed & 0xF0) | (washed >> 4)
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(shades, dtype=np.uint8)).save(buffer, "PNG", dpi=(dpi, dpi), compress_level=4)
    return buffer.getvalue()
