"""A plate pressed on paper and seen by a scanner, a camera or a copier."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from extractors.document import SealColour
from extractors.ocr.engine import Raster
from scripts.seal_text.plate import AXIS, SIDE, Plate
from scripts.seal_text.words import Words

Floats = NDArray[np.float32]
_INKS = {
    SealColour.RED: (
        (0.03, 0.62, 0.52),
        (0.06, 0.80, 0.62),
        (0.02, 0.45, 0.38),
        (0.10, 0.75, 0.75),
        (0.05, 0.6, 0.35),
        (0.03, 0.42, 0.6),
        (0.3, 0.85, 0.8),
        (0.02, 0.3, 0.2),
    ),
    SealColour.BLUE: ((0.60, 0.38, 0.06), (0.7, 0.5, 0.12)),
    SealColour.PURPLE: ((0.3, 0.6, 0.15),),
    SealColour.BLACK: ((0.9, 0.9, 0.9),),
}
"""Optical densities of full ink in red, green and blue light."""
_PRINTS = ((0.98, 0.98, 0.98), (0.1, 0.6, 0.5))  # of print in black, and in red
_TINTS = ((0.95, 0.9, 0.78), (0.85, 0.93, 0.97), (0.97, 0.85, 0.85), (0.86, 0.93, 0.85))  # of paper
_RESIZED = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)


@dataclass(frozen=True, slots=True)
class Seen:
    """A seal on a piece of a page. picture: RGB, or one plane where it is grey.

    x, y: of its centre; scale: pixels of the picture to one of the plate; turn: degrees clockwise.
    among: other writing stands there that nothing tells from the seal's: print of its colour, or another seal.
    """

    picture: Raster
    colour: SealColour
    x: float
    y: float
    scale: float
    turn: float
    among: bool = False


def _clouds(dice: np.random.Generator, side: int, grain: float) -> Floats:
    """Smooth noise of standard deviation 1, its spots `grain` pixels apart."""
    count = max(3, int(side / max(1.5, grain)))
    coarse = dice.standard_normal((count, count)).astype(np.float32)
    field = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return cast(Floats, field / max(1e-6, float(field.std())))


def inked(plate: Plate, lot: Random, dice: np.random.Generator, good: bool = False) -> Floats:
    """How much ink is where, 0 to 1: warped rubber, squeezed and dry places, wear, a second touch.

    good: evenly inked and hardly worn.
    """
    relief = _squeezed(plate.relief, lot, dice, good)
    sway = AXIS * lot.choice((0.001, 0.003, 0.005))
    xs, ys = np.meshgrid(np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32))
    relief = cv2.remap(
        relief, xs + sway * _clouds(dice, SIDE, AXIS / 5), ys + sway * _clouds(dice, SIDE, AXIS / 5), cv2.INTER_LINEAR
    )
    relief = cv2.GaussianBlur(relief, (0, 0), AXIS * lot.uniform(0.0023, 0.0073))
    fine, middling, broad = (_clouds(dice, SIDE, AXIS / parts) for parts in (lot.uniform(40, 110), 12, 2.2))
    cover = 1 - 0.1 * np.abs(fine)
    wear = lot.choice(("none", "light") if good else ("none", "light", "light", "patch", "dry", "heavy"))
    if wear == "light":
        cover = cover - 0.12 * np.maximum(0, middling) - 0.2 * np.maximum(0, broad)
    elif wear == "patch":
        cover = cover * (1 - 0.75 * np.clip((broad - 0.7) * 1.6, 0, 1)) - 0.1 * np.maximum(0, middling)
    elif wear == "dry":
        cover = cover * np.where(fine + 0.5 * middling > lot.uniform(0.7, 1.3), lot.uniform(0.15, 0.45), 1)
    elif wear == "heavy":
        cover = cover * np.where(fine * 0.7 + broad * 0.6 + 0.4 * middling > lot.uniform(0.9, 1.5), 0.15, 1)
    if lot.random() < 0.15:
        cover = cover * (1 - 0.45 * np.clip((cv2.GaussianBlur(relief, (0, 0), AXIS / 60) - 0.6) * 2.5, 0, 1))
    if not good and lot.random() < 0.3:
        angle = lot.uniform(0, 2 * math.pi)
        tilt = ((xs - SIDE / 2) * math.cos(angle) + (ys - SIDE / 2) * math.sin(angle)) / AXIS
        cover = cover * (1 - lot.uniform(0.1, 0.5) * np.clip(tilt + 0.2, 0, 1))
    ink = relief * np.clip(cover, 0.03, 1)
    if not good and lot.random() < 0.2:
        far = lot.choice((0.3, 1.0))
        matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), far * lot.uniform(-2.5, 2.5), 1)
        matrix[:, 2] += [far * lot.uniform(-0.05, 0.05) * AXIS for _ in range(2)]
        ink = np.maximum(ink, cv2.warpAffine(ink, matrix, (SIDE, SIDE)) * lot.uniform(0.25, 0.75))
    return np.asarray(np.clip(ink, 0, 1), np.float32)


def _squeezed(relief: Raster, lot: Random, dice: np.random.Generator, good: bool) -> Floats:
    """The relief, 0 to 1, its strokes bolder or finer by a width that differs from place to place.

    Much ink, soft rubber or a hard press closes small counters; a worn or dry plate leaves fine strokes.
    """
    little, much, worn = lot.uniform(0.002, 0.008), lot.uniform(0.005, 0.016), lot.uniform(0.001, 0.005)
    width = AXIS * lot.choice((0.0, 0.0, little) if good else (0.0, 0.0, little, much, -worn))
    if width == 0.0:
        return cast(Floats, relief.astype(np.float32) / 255)
    solid = (relief > 127).astype(np.uint8)
    away = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 3) - cv2.distanceTransform(solid, cv2.DIST_L2, 3)
    here = width * (1 + lot.uniform(0, 0.5) * _clouds(dice, SIDE, AXIS / 2.5))
    return cast(Floats, np.clip(here - away + 0.5, 0, 1).astype(np.float32))


def seen(plate: Plate, lot: Random, print_face: Path, texts: Words) -> Seen:
    """The plate pressed on a piece of a page, and looked at: every other one well pressed and well seen."""
    dice = np.random.default_rng(lot.getrandbits(60))
    good = lot.random() < 0.5
    ink = inked(plate, lot, dice, good)
    colour = lot.choices(tuple(_INKS), (80, 8, 4, 8))[0]
    density = np.array(lot.choice(_INKS[colour]), np.float32) * lot.uniform(0.8 if good else 0.4, 1.15)
    radii = (lot.uniform(45, 90), lot.uniform(70, 120), lot.uniform(110, 170), lot.uniform(150, 250))
    radius = lot.choice(radii[1:] if good else radii)
    radius = max(radius, lot.uniform(8, 11) / plate.pitch * AXIS)  # else nobody could read it
    way = lot.choices(("scan", "photo", "grey"), (59, 10, 31) if good else (42, 27, 31))[0]
    turn = lot.choices(
        (lot.uniform(-8, 8), lot.uniform(-40, 40), lot.uniform(-180, 180), 90 + lot.uniform(-6, 6)), (55, 20, 13, 12)
    )[0]
    side = int(2 * radius * (1 + lot.uniform(0.1, 0.5 if way == "grey" else 0.3)))
    x, y = side / 2 + lot.uniform(-0.04, 0.04) * radius, side / 2 + lot.uniform(-0.04, 0.04) * radius
    scale = radius / AXIS
    angle = math.radians(turn)
    matrix = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0]]) * scale
    matrix[:, 2] = np.array([x, y]) - matrix[:, :2] @ np.array([SIDE / 2, SIDE / 2])
    if scale < 0.8:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.4 / scale)
    pressed = cv2.warpAffine(ink, matrix, (side, side), flags=cv2.INTER_LINEAR)
    crossing = _crossing(lot, ink, matrix, side)
    paper = _paper(lot, dice, side)
    kind = lot.choices(("", "lines", "rules"), (30, 58, 12) if way == "grey" else (56, 36, 8))[0]
    print_ = _print(lot, kind, side, radius, print_face, texts)
    red = lot.random() < 0.06
    of_print = np.array(_PRINTS[red], np.float32)
    inks = pressed[..., None] * density + print_[..., None] * of_print
    if crossing is not None:
        other = colour if lot.random() < 0.7 else SealColour.BLUE
        inks += crossing[..., None] * np.array(lot.choice(_INKS[other]), np.float32) * lot.uniform(0.3, 1)
    light = paper * np.exp(np.float32(-math.log(10)) * inks)
    if way == "photo":
        light, x, y = _photographed(light, lot, dice, x, y, radius)
    else:
        light = cv2.GaussianBlur(light, (0, 0), lot.uniform(0.3, 0.95))
        light = light + _noise(dice, lot.uniform(0.002, 0.012), light.shape)
    if not good and lot.random() < 0.08:
        light = _through_a_raster(light, lot)
    picture = np.clip(light * 255, 0, 255).astype(np.uint8)
    if way == "grey":
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        if lot.random() < 0.35:  # two levels, as faxes and copies have
            dark, bright = np.percentile(picture, (2, 80))
            picture = np.where(picture < dark + (bright - dark) * lot.uniform(0.4, 0.8), 0, 255).astype(np.uint8)
    picture = _packed(picture, lot, good)
    if not good and lot.random() < 0.3:  # sent on, in another size
        size = side * lot.uniform(0.75, 1.6) if radius > 90 else side * lot.uniform(1, 2)
        picture = cv2.resize(picture, (round(size), round(size)), interpolation=lot.choice(_RESIZED))
        x, y, scale = (length * picture.shape[0] / side for length in (x, y, scale))
    if not good and lot.random() < 0.6:
        picture = _packed(picture, lot)
    colour = SealColour.BLACK if way == "grey" else colour
    among = crossing is not None or (kind == "lines" and (red or colour is SealColour.BLACK))
    return Seen(cast(Raster, picture), colour, x, y, scale, turn, among)


@cache
def _grains() -> Floats:
    return np.random.default_rng(1).standard_normal((1024, 1024, 3), np.float32)


def _noise(dice: np.random.Generator, size: float, shape: tuple[int, ...]) -> Floats:
    """Of a sensor: a piece of one field, for drawing it anew takes longer than the seal."""
    y, x = (int(dice.integers(0, 1024 - length)) for length in shape[:2])
    return _grains()[y : y + shape[0], x : x + shape[1]] * np.float32(size)


def _crossing(lot: Random, ink: Floats, matrix: NDArray[np.float64], side: int) -> Floats | None:
    """Another seal of the same size across this one; None mostly."""
    if lot.random() < 0.9:
        return None
    way, far, turn = lot.uniform(0, 2 * math.pi), AXIS * lot.uniform(0.7, 1.7), lot.uniform(0, 360)
    moved = np.vstack([cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), turn, lot.uniform(0.8, 1.2)), [0.0, 0.0, 1.0]])
    moved[:2, 2] += [far * math.cos(way), far * math.sin(way)]
    return cast(Floats, cv2.warpAffine(ink, matrix @ moved, (side, side), flags=cv2.INTER_LINEAR))


def _packed(picture: Raster, lot: Random, good: bool = False) -> Raster:
    """Through JPEG, little of it where it is good."""
    quality = lot.choice((75, 85, 90, 95, 100) if good else (25, 30, 40, 50, 60, 70, 80, 90, 95))
    packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cast(Raster, cv2.imdecode(packed, cv2.IMREAD_UNCHANGED))


def _through_a_raster(light: Floats, lot: Random) -> Floats:
    """Moiré: what a screen or a printed raster and the pixels make of each other."""
    side = light.shape[0]
    period, angle, depth = lot.uniform(2.1, 4.5), lot.uniform(0, math.pi), lot.uniform(0.04, 0.16)
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
    along = xs * math.cos(angle) + ys * math.sin(angle)
    across = ys * math.cos(angle) - xs * math.sin(angle)
    wave = np.cos(2 * np.pi / period * along) * np.cos(2 * np.pi / period * across)
    return cast(Floats, (light * (1 + depth * wave[..., None])).astype(np.float32))


def _paper(lot: Random, dice: np.random.Generator, side: int) -> Floats:
    paper = np.full((side, side, 3), lot.uniform(0.88, 1), np.float32)
    paper *= np.array([1, lot.uniform(0.97, 1), lot.uniform(0.92, 1)], np.float32)
    paper *= 1 + 0.012 * _clouds(dice, side, 2)[..., None] + 0.01 * _clouds(dice, side, 60)[..., None]
    way = lot.random()
    if way < 0.14:
        paper *= np.array(lot.choice(_TINTS), np.float32)
    elif way < 0.3:
        ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
        if lot.random() < 0.5:
            ys, xs = xs, ys
        period, swing, wave = (side * lot.uniform(*parts) for parts in ((0.015, 0.06), (0.01, 0.08), (0.1, 0.5)))
        line = np.clip(1.6 * np.cos(2 * np.pi * (ys + swing * np.sin(2 * np.pi * xs / wave)) / period) - 0.9, 0, 1)
        tint = np.array(lot.choice(((0.1, 0.05, 0.02), (0.02, 0.1, 0.1), (0.12, 0.1, 0.03))), np.float32)
        paper *= 10 ** (-line[..., None] * tint * lot.uniform(0.6, 1.5))
    return paper


def _print(lot: Random, kind: str, side: int, radius: float, face: Path, texts: Words) -> Floats:
    """Lines of print or rules below, 0 to 1."""
    if not kind:
        return np.zeros((side, side), np.float32)
    picture = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(picture)
    if kind == "lines":
        size = max(9, int(radius * lot.uniform(0.1, 0.4)))
        font = ImageFont.truetype(str(face), size, layout_engine=ImageFont.Layout.BASIC)
        y = lot.randint(-size, 2 * size)
        while y < side:
            pen.text(
                (lot.randint(-2 * size, 3 * size), y), texts.hanzi(lot, lot.randint(3, 1 + side // size)), 255, font
            )
            y += int(size * lot.uniform(1.5, 2.6))
    else:
        thick = max(1, round(radius * 0.012))
        for _ in range(lot.randint(1, 3)):
            at = lot.randint(0, side)
            pen.line((0, at, side, at) if lot.random() < 0.6 else (at, 0, at, side), 255, thick)
    soft = cv2.GaussianBlur(np.asarray(picture, np.float32) / 255, (0, 0), 0.6)
    return cast(Floats, soft * np.float32(lot.uniform(0.5, 1.1)))


def _photographed(
    light: Floats, lot: Random, dice: np.random.Generator, x: float, y: float, radius: float
) -> tuple[Floats, float, float]:
    side = light.shape[0]
    off = 0.03 * side
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    moved = corners + np.array([[lot.uniform(-off, off), lot.uniform(-off, off)] for _ in range(4)], np.float32)
    lens = cv2.getPerspectiveTransform(corners, moved)
    light = cv2.warpPerspective(light, lens, (side, side), borderMode=cv2.BORDER_REPLICATE)
    ((x, y),) = cv2.perspectiveTransform(np.array([[[x, y]]], np.float32), lens)[0].tolist()
    across = np.linspace(-1, 1, side, dtype=np.float32)
    xs, ys = across[None, :, None], across[:, None, None]
    light = light * (lot.uniform(0.6, 0.95) + lot.uniform(-0.18, 0.18) * xs + lot.uniform(-0.18, 0.18) * ys)
    light = light * np.array([lot.uniform(0.9, 1.05), 1, lot.uniform(0.85, 1.05)], np.float32)
    light = cv2.GaussianBlur(light, (0, 0), lot.uniform(0.5, radius / 110))
    return light + _noise(dice, lot.uniform(0.005, 0.025), light.shape), float(x), float(y)
