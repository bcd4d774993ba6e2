"""What becomes of a clean page on its way: scanners, copiers, faxes, phones. Each gives a file's bytes.

A condition draws its page at the resolution it needs and spoils it. Where it keeps the page's shape, boxes of the
truth stay right; `Case.pages` tells whose lines are on which page of the file.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.pages.draw import KINDS, Drawn, Raster

Spoil = Callable[[Random, Raster, int], tuple[Raster, int | None]]


@dataclass(frozen=True, slots=True)
class Case:
    """A file and what stands on it. pages: in reading order."""

    data: bytes
    pages: list[Drawn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Condition:
    """How pages are drawn and spoilt. most: percent of wrong characters that the project allows itself, if it says.

    kinds: of pages, in turn. turn: degrees clockwise that the file is turned in the end.
    """

    name: str
    dpi: int
    spoil: tuple[Spoil, ...] = ()
    kinds: tuple[str, ...] = ("letter",)
    quality: int = 85
    most: float | None = None
    spread: bool = False

    def case(self, rng: Random, index: int) -> Case:
        """The page number `index` (from 0) under this condition."""
        kind = self.kinds[index % len(self.kinds)]
        drawn = [KINDS[kind](rng, self.dpi) for _ in range(2 if self.spread else 1)]
        raster: Raster = np.hstack([page.raster for page in drawn]) if self.spread else drawn[0].raster
        dpi: int | None = self.dpi
        for spoil in self.spoil:
            raster, told = spoil(rng, raster, self.dpi)
            dpi = None if told is None else dpi
        return Case(_file(raster, dpi, self.quality), drawn)


def _file(raster: Raster, dpi: int | None, quality: int) -> bytes:
    """A JPEG; a 1-bit TIFF where the raster knows black and white only."""
    buffer = io.BytesIO()
    if raster.ndim == 2 and not np.any((raster > 0) & (raster < 255)):
        Image.fromarray(raster).convert("1").save(buffer, "TIFF", compression="group4", dpi=(dpi or 0, dpi or 0))
    elif dpi is None:
        Image.fromarray(raster).save(buffer, "JPEG", quality=quality)
    else:
        Image.fromarray(raster).save(buffer, "JPEG", quality=quality, dpi=(dpi, dpi))
    return buffer.getvalue()


def scanned(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """A flatbed's paper: off-white, a little soft, a little noise."""
    white = rng.uniform(0.93, 1)
    paper = np.array((white, white * rng.uniform(0.985, 1), white * rng.uniform(0.94, 1)), np.float32)
    soft = cv2.GaussianBlur(page, (0, 0), 0.3 + dpi / 600)
    return _noised(rng, (soft * paper).astype(np.uint8), 2.5), dpi


def noisy(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """Strong noise of a cheap sensor and specks of dust."""
    page = _noised(rng, page, 14)
    for _ in range(120):
        at = (rng.randrange(page.shape[1]), rng.randrange(page.shape[0]))
        cv2.circle(page, at, rng.choice((0, 1, 1, 2)), (70, 70, 70), -1)
    return page, dpi


def skewed(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """Laid askew, 1 to 5 degrees either way, the lid white or grey around it."""
    angle = rng.choice((-1, 1)) * rng.uniform(1, 5)
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    lid = rng.choice(((255, 255, 255), (225, 225, 222)))
    return _raster(cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=lid)), dpi


def grey(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """A copier without colour."""
    return _raster(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)), dpi


def faxed(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """One bit a pixel, with specks and broken edges."""
    flat = _noised(rng, cv2.GaussianBlur(_raster(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)), (0, 0), 0.6), 22)
    return np.where(flat > rng.randint(130, 175), 255, 0).astype(np.uint8), dpi


def turned(quarters: int) -> Spoil:
    """Put in the wrong way round."""
    return lambda rng, page, dpi: (np.ascontiguousarray(np.rot90(page, -quarters)), dpi)


def turned_somehow(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """Put in one of the three wrong ways."""
    return turned(rng.randint(1, 3))(rng, page, dpi)


def bordered(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """A scanner with a dark lid, larger than the paper, which lies askew."""
    height, width = page.shape[:2]
    wide, high = round(width * rng.uniform(1.08, 1.25)), round(height * rng.uniform(1.05, 1.2))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-2, 2), 1)
    turn[:, 2] += (rng.uniform(0, wide - width), rng.uniform(0, high - height))
    lid = rng.randint(8, 45)
    return _raster(cv2.warpAffine(page, turn, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(lid, lid, lid))), dpi


def edged(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """A copy with black bars along two edges and a shadow of the fold."""
    page = page.copy()
    height, width = page.shape[:2]
    bar = round(width * rng.uniform(0.01, 0.035))
    page[:, :bar] = rng.randint(5, 40)
    page[: round(height * rng.uniform(0.005, 0.02))] = rng.randint(5, 40)
    fall = 1 - 0.45 * np.exp(-np.arange(width)[::-1] / (0.03 * width))
    return (page * fall[None, :, None]).astype(np.uint8), dpi


def shone_through(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
    """The other side's print shows through thin paper, mirrored and blurred."""
    back = cv2.GaussianBlur(np.ascontiguousarray(KINDS["letter"](rng, dpi).raster[:, ::-1]), (0, 0), dpi / 130)
    strength = rng.uniform(0.14, 0.26)
    return (page.astype(np.float32) * (1 - strength * (1 - back / np.float32(255)))).astype(np.uint8), dpi


def photographed(desk: str, cut: bool = False) -> Spoil:
    """By a phone from above: perspective, shadow, warm light, on a desk; `cut`: a corner lies outside the picture."""

    def spoil(rng: Random, page: Raster, dpi: int) -> tuple[Raster, int | None]:
        height, width = page.shape[:2]
        wide, high = round(width * rng.uniform(1.12, 1.3)), round(height * rng.uniform(1.08, 1.22))
        scene = _desk(rng, desk, wide, high)
        x, y = (wide - width) / 2, (high - height) / 2
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
        angle = np.radians(rng.uniform(-6, 6))
        spin = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))], np.float32)
        middle = np.array((width / 2, height / 2), np.float32)
        target = (corners - middle) @ spin * rng.uniform(0.86, 0.93) + middle + (x, y)
        target += np.array([(rng.uniform(-0.045, 0.045) * width, rng.uniform(-0.03, 0.03) * height) for _ in range(4)])
        if cut:
            target += np.array((rng.choice((-1, 1)) * 0.085 * wide, rng.choice((-1, 1)) * 0.06 * high))
        warp = cv2.getPerspectiveTransform(corners, target.astype(np.float32))
        mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, (wide, high))
        shade = cv2.GaussianBlur(
            cv2.warpAffine(mask, np.array([(1, 0, 9), (0, 1, 12)], np.float32), (wide, high)), (0, 0), 12
        )
        scene = scene * (1 - 0.35 * shade[..., None] / np.float32(255))
        paper = cv2.warpPerspective(page, warp, (wide, high), flags=cv2.INTER_AREA)
        share = mask[..., None] / np.float32(255)
        scene = scene * (1 - share) + paper * share * 0.97
        lit = (
            scene * _light(rng, wide, high)[..., None] * np.array((1.0, rng.uniform(0.95, 1), rng.uniform(0.84, 0.98)))
        )
        soft = cv2.GaussianBlur(lit.clip(0, 255).astype(np.uint8), (0, 0), rng.uniform(0.5, 0.9))
        return _noised(rng, _raster(soft), 3.5), None

    return spoil


def _light(rng: Random, width: int, height: int) -> NDArray[np.float32]:
    """Falls off to one side; the shadow of an arm or a phone with a fairly sharp edge."""
    y, x = np.mgrid[0:1:120j, 0:1:120j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    light = 0.95 + rng.uniform(0.05, 0.25) * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5))
    turn = rng.uniform(0, 2 * np.pi)
    across = (x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn) - rng.uniform(-0.1, 0.3)
    light *= 1 - rng.uniform(0.15, 0.4) / (1 + np.exp(-across / rng.uniform(0.012, 0.05)))
    return np.asarray(cv2.resize(light, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _desk(rng: Random, kind: str, width: int, height: int) -> NDArray[np.float32]:
    """dark: a dark plank; light: nearly as bright as paper; cluttered: wood with other papers, a pen and a cup."""
    noise = np.random.default_rng(rng.getrandbits(32))
    base = {"dark": (62, 48, 40), "light": (216, 212, 203), "cluttered": (150, 112, 78)}[kind]
    grain = cv2.resize(noise.standard_normal((160, 5), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    scene = np.array(base, np.float32) + 6 * grain[..., None]
    if kind == "cluttered":
        for _ in range(5):
            centre = (rng.choice((0.02, 0.98)) * width, rng.random() * height)
            size = (rng.uniform(0.2, 0.4) * width, rng.uniform(0.1, 0.3) * height)
            corners = cv2.boxPoints((centre, size, rng.uniform(0, 90))).astype(np.int32)
            cv2.fillPoly(scene, [corners], rng.choice(((240, 236, 225), (40, 60, 90), (170, 40, 40), (225, 225, 228))))
        pen = [(int(rng.random() * width), 0), (int(rng.random() * width), int(0.3 * height))]
        cv2.line(scene, pen[0], pen[1], (20, 20, 30), width // 90)
        cv2.circle(scene, (width, int(0.8 * height)), width // 9, (245, 240, 235), -1)
    return np.asarray(scene, np.float32)


def _noised(rng: Random, page: Raster, strength: float) -> Raster:
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(page.shape, np.float32)
    return (page + noise * np.float32(strength)).clip(0, 255).astype(np.uint8)


def _raster(picture: object) -> Raster:
    """OpenCV's results are uint8 arrays, which its type stubs do not tell."""
    return np.asarray(picture, np.uint8)


ALL: tuple[Condition, ...] = (
    Condition("clean 150", 150, (scanned,), most=0.4),
    Condition("clean 200", 200, (scanned,), most=0.4),
    Condition("clean 300", 300, (scanned,), most=0.4),
    Condition("jpeg 20, 150", 150, (scanned,), quality=20, most=0.4),
    Condition("jpeg 20, 200", 200, (scanned,), quality=20, most=0.4),
    Condition("noise 200", 200, (noisy,), most=0.4),
    Condition("skew 200", 200, (skewed, scanned), most=0.4),
    Condition("skew 300", 300, (skewed, scanned), most=0.4),
    Condition("grey 200", 200, (scanned, grey)),
    Condition("72 dpi", 72, (scanned,)),
    Condition("100 dpi", 100, (scanned,), most=2.0),
    Condition("600 dpi", 600, (scanned,)),
    Condition("fax 200", 200, (faxed,), most=3.0),
    Condition("turned 200", 200, (scanned, turned_somehow), kinds=("letter", "table", "sparse", "leaflet")),
    Condition("dark lid 200", 200, (scanned, bordered)),
    Condition("black edges 200", 200, (scanned, edged)),
    Condition("shone through 200", 200, (shone_through, scanned)),
    Condition("spread 200", 200, (scanned,), spread=True),
    Condition("columns 200", 200, (scanned,), kinds=("leaflet",)),
    Condition("table 200", 200, (scanned,), kinds=("table",)),
    Condition("photo, dark desk", 220, (photographed("dark"),), most=0.6),
    Condition("photo, light desk", 220, (photographed("light"),), most=0.6),
    Condition("photo, cluttered", 220, (photographed("cluttered"),), most=0.6),
    Condition("photo, turned", 220, (photographed("dark"), turned_somehow), most=0.6),
    Condition("photo, cut off", 220, (photographed("dark", cut=True),)),
)
