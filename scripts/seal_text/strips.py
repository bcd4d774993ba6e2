"""Strips with what they read, cut from seals by the product's own code and, for variety, by the truth a little off.

Each cut is kept in one signal by lot, and few cuts of a seal: many seals teach more than many looks at one. What the
product's cut loses is no example: a strip without the name's ends or without a third of its height. Some read "": they
are cut where no text stands, for the product looks for codes and lines on seals that have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from extractors.document import SealShape
from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.seals import bands, centre, code, grid, inscription, unroll
from extractors.seals.bands import Arc, Band
from extractors.seals.outline import Outline
from extractors.seals.signals import cut_out
from extractors.seals.strips import STRIP, as_strips
from extractors.seals.unroll import COLUMNS, FAINT, ROWS, Floats, Impression, row_at
from scripts.seal_text.plate import Plate, Straight
from scripts.seal_text.press import Seen
from scripts.seal_text.words import Words

Example = tuple[Raster, str]
_CUTS = 2  # of a seal's name
_SIGNALS = 1  # of each cut
_EMPTY = 0.5  # of the seals with a bare place of which it is cut


def of_seal(plate: Plate, seen: Seen, lot: Random) -> Iterator[Example]:
    """Strips of all that stands on the seal."""
    outline = _outline(plate, seen, lot)
    inks = separate(seen.picture)
    impression = cut_out(inks, outline)
    if plate.corners:
        yield from _framed(plate, impression, seen, lot)
        return
    rings, end = _unrolled(impression)
    yield from _names(plate, seen, impression, rings, end, lot)
    if plate.code and lot.random() < 0.6:
        yield from _codes(plate, seen, rings, end, lot, _SIGNALS)
    if plate.lines:
        yield from _lines(plate, seen, impression, rings[0], end, lot)
    if not seen.among and lot.random() < _EMPTY:
        bare = [strip for strip in _bare(plate, seen, impression, rings, end, lot) if (strip < 160).mean() > 0.01]
        if bare:
            yield lot.choice(bare), ""


def of_code(plate: Plate, seen: Seen, lot: Random) -> Iterator[Example]:
    """Strips of a round seal's code alone."""
    rings, end = _unrolled(cut_out(separate(seen.picture), _outline(plate, seen, lot)))
    yield from _codes(plate, seen, rings, end, lot, _CUTS)


def _unrolled(impression: Impression) -> tuple[list[Floats], int]:
    """The ring of each signal, and the row of its inner rim."""
    offset = unroll.edge_offset(unroll.ring_of(impression, impression.signals[0]))
    plain = [unroll.ring_of(impression, signal, offset) for signal in impression.signals]
    end = bands.ring_end(plain[0])
    return [bands.evened(ring, end) for ring in plain], end


def _lines(plate: Plate, seen: Seen, impression: Impression, ring: Floats, end: int, lot: Random) -> Iterator[Example]:
    """Straight lines as the product finds them, where it finds them all, and cut where they are."""
    angle = seen.turn + lot.gauss(0, 1.5)
    found = _found(plate, seen, impression, ring, end, angle, lot)
    source = lot.choice(found).source if found else 0
    of_it = [line.strip for line in found if line.source == source]
    made = False
    if len(of_it) == len(plate.lines) and lot.random() < 0.6:
        for strip, line in zip(of_it, plate.lines, strict=True):
            if abs(strip.shape[1] / STRIP * (line.bottom - line.top) / (line.right - line.left) - 1.1) < 0.3:
                yield strip, line.text
                made = True
    if made:
        return
    upright = unroll.upright(impression, lot.choice(impression.signals), angle, centre.SIDE)
    for line in plate.lines:
        cut = _line(line, upright, plate, lot)
        if cut is not None:
            yield cut, line.text


def _found(
    plate: Plate, seen: Seen, impression: Impression, ring: Floats, end: int, angle: float, lot: Random
) -> list[centre.Line]:
    """What the product takes for straight lines."""
    name, outline = plate.name, impression.outline
    assert name is not None
    first, last = (_column(point, outline, seen, (name.top + name.bottom) / 2) for point in name.ends)
    half = (last - first) % COLUMNS / len(name.text) / 2
    span = (first + half, first + half + (last - first) % COLUMNS * (1 - 1 / len(name.text)))
    return centre.lines(impression, angle, (bands.text_band(ring, end), end), span, lot.choice((0.0, 0.3)))


def _bare(
    plate: Plate, seen: Seen, impression: Impression, rings: Sequence[Floats], end: int, lot: Random
) -> Iterator[Raster]:
    """Cuts of places without text: in the middle, between the name's ends, along the bottom, inside of the name."""
    name, outline = plate.name, impression.outline
    assert name is not None
    if not plate.lines and not plate.below:
        found = _found(plate, seen, impression, rings[0], end, seen.turn, lot)
        yield from (line.strip for line in lot.sample(found, min(2, len(found))))
    top, bottom = row_at(name.top), row_at(name.bottom)
    first, last = (_column(point, outline, seen, (name.top + name.bottom) / 2) for point in name.ends)
    apart = COLUMNS // 40
    gap = (first - last) % COLUMNS - 2 * apart
    shallow = bottom + 2 + bottom - top < ROWS
    low = Band(bottom + 2, min(ROWS, bottom + 2 + (bottom - top) // 2))
    places = [(low, Arc(lot.randrange(COLUMNS), COLUMNS // 3))] if shallow and not plate.lines else []
    if gap > COLUMNS // 12 and not plate.below:
        places.append((Band(top, bottom), Arc((last + apart) % COLUMNS, gap)))
    for rows, arc in places:
        yield lot.choice(as_strips(rings, rows, arc, 0.75))
    if not plate.below:
        flats = [code.below(ring, end) for ring in rings]
        start = round((seen.turn / 360 + 0.75) * COLUMNS - gap / 2)
        if gap > COLUMNS // 12:
            cut = code.strips(flats, start, gap)
            yield from (code.bolder(strip) for strip in lot.sample(cut, min(1, len(cut))))


def printed(lot: Random, face: Path, texts: Words) -> Example:
    """A piece of a printed line as OCR cuts it."""
    text = texts.printed(lot)
    size = lot.randint(18, 46)
    font = ImageFont.truetype(str(face), size, layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    margin = lot.randint(1, 5)
    picture = Image.new("L", (right - left + 2 * margin + 6, bottom - top + 2 * margin), lot.randint(225, 255))
    ImageDraw.Draw(picture).text((margin + 3 - left, margin - top), text, lot.randint(0, 90), font)
    dice = np.random.default_rng(lot.getrandbits(60))
    soft = cv2.GaussianBlur(np.asarray(picture, np.float32), (0, 0), lot.uniform(0.3, size / 20))
    noisy = np.clip(soft + dice.normal(0, lot.uniform(0, 10), soft.shape), 0, 255).astype(np.uint8)
    packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, lot.randint(30, 95)])[1]
    return cast(Raster, cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)), text


def _outline(plate: Plate, seen: Seen, lot: Random) -> Outline:
    """The seal's edge, a little off as a fit is."""
    radius = plate.half_width * seen.scale
    off = [lot.gauss(0, 0.008) * radius for _ in range(4)]
    centre = seen.x + off[0], seen.y + off[1]
    wide, high = radius + off[2], plate.half_height * seen.scale + off[3]
    turn = (seen.turn + lot.gauss(0, 0.7) + 90) % 180 - 90
    if plate.corners:
        return _frame(plate, seen, centre, (wide / plate.half_width, high / plate.half_height))
    if plate.half_height == plate.half_width:
        return Outline(SealShape.ROUND, seen.colour, centre, wide, high, 0.0, 0.9)
    return Outline(SealShape.OVAL, seen.colour, centre, wide, high, turn, 0.9)


def _frame(plate: Plate, seen: Seen, centre: tuple[float, float], scale: tuple[float, float]) -> Outline:
    angle = np.radians(seen.turn)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    corners = tuple(
        (centre[0] + x * scale[0] * cos - y * scale[1] * sin, centre[1] + x * scale[0] * sin + y * scale[1] * cos)
        for x, y in plate.corners
    )
    wide, high = plate.half_width * scale[0], plate.half_height * scale[1]
    level = all(x and y for x, y in plate.corners)
    shape = (
        SealShape.TRIANGLE if len(corners) == 3
        else SealShape.DIAMOND if not level
        else SealShape.SQUARE if 0.8 < high / wide < 1.25
        else SealShape.RECTANGLE
    )  # fmt: skip
    area = np.zeros(plate.relief.shape, np.uint8)
    cv2.fillPoly(area, [np.round(np.array(plate.corners) + len(area) / 2).astype(np.int32)], 1)
    filled = float((plate.relief[area > 0] > 127).mean())
    turn = (seen.turn + 90) % 180 - 90
    return Outline(shape, seen.colour, centre, wide, high, turn, 0.9, corners, filled=filled)


def _names(
    plate: Plate, seen: Seen, impression: Impression, rings: Sequence[Floats], end: int, lot: Random
) -> Iterator[Example]:
    name, outline = plate.name, impression.outline
    assert name is not None
    top, bottom = row_at(name.top), row_at(name.bottom)
    first, last = (_column(point, outline, seen, (name.top + name.bottom) / 2) for point in name.ends)
    true = Arc(first, (last - first) % COLUMNS)
    band = bands.text_band(rings[0], end)
    high = bottom - top
    made: list[tuple[Band, Arc]] = []
    if band.top - top < 0.15 * high and top - band.top < 0.3 * high and -0.2 < (band.bottom - bottom) / high < 0.35:
        made += [(band, arc) for arc in bands.arcs(rings[0], band) if _covers(arc, true, len(name.text))]
    lot.shuffle(made)
    del made[1:]  # the others of it are much alike
    while len(made) < _CUTS:
        before, after = (round(abs(lot.gauss(3, 7))) for _ in range(2))
        if lot.random() < 0.12:
            before += lot.randint(0, COLUMNS // 14)
        if lot.random() < 0.12:
            after += lot.randint(0, COLUMNS // 14)
        arc = Arc((first - before) % COLUMNS, min(COLUMNS - 1, true.length + before + after))
        above, below = lot.randint(-2, max(2, high // 6)), lot.randint(-1, max(2, high // 5))
        made.append((Band(max(0, top - above), min(ROWS, bottom + below)), arc))
    for rows, arc in made:
        depth = (rows.top + rows.bottom) / 2 / (ROWS - 1) * (unroll.INSIDE + unroll.OUTSIDE) - unroll.OUTSIDE
        mean = np.hypot(outline.half_width, outline.half_height) / np.sqrt(2) / outline.half_height - depth
        stretch = lot.choice((1.0, 1.0, lot.uniform(0.75, 1.35)))
        cut = as_strips(rings, rows, arc, float(mean), squeeze=lot.random() < 0.9, stretch=stretch)
        for strip in lot.sample(cut, min(_SIGNALS, len(cut))):
            yield strip, name.text


def _codes(plate: Plate, seen: Seen, rings: Sequence[Floats], end: int, lot: Random, most: int) -> Iterator[Example]:
    """The code in its cells as the product finds them, or in a window around it. most: signals of that cut."""
    flats = [code.below(ring, end) for ring in rings]
    bottom = (seen.turn / 360 * COLUMNS + COLUMNS * 0.75) % COLUMNS
    off = lot.gauss(0, 3)
    cut: list[Raster] = []
    if len(plate.code) == code.DIGITS:
        cells = code.in_cells(flats, bottom + off / 360 * COLUMNS)
        astray = cells.begin + code.DIGITS / 2 * cells.pitch - bottom
        astray = (astray + COLUMNS / 2) % COLUMNS - COLUMNS / 2
        pitch = 2 * plate.code_half / 360 * COLUMNS / (code.DIGITS + 1)
        if cells.strips and abs(astray) < 0.6 * pitch and 0.93 < cells.pitch / pitch < 1.07:
            cut = cells.strips
    if not cut:
        half = (plate.code_half + abs(off) + lot.uniform(0, 9)) / 360 * COLUMNS
        cut = code.strips(flats, round(bottom + off / 360 * COLUMNS - half), round(2 * half))
    for strip in lot.sample(cut, min(most, len(cut))):
        if strip.shape[1] > 8 * len(plate.code):
            yield code.bolder(strip), plate.code


def _covers(arc: Arc, true: Arc, count: int) -> bool:
    """Whether the arc holds the whole name and not much else."""
    slack = true.length // count // 6
    before = (true.start - arc.start + slack) % COLUMNS
    after = arc.length + 2 * slack - before - true.length
    return before < COLUMNS // 8 and 0 <= after < COLUMNS // 8


def _column(point: tuple[float, float], outline: Outline, seen: Seen, depth: float) -> int:
    """The ring's column, at this depth, nearest to a point of the plate (pixels from its centre)."""
    turned, axis = np.radians(seen.turn), np.radians(outline.turn)
    x, y = np.asarray(point) * seen.scale
    x, y = x * np.cos(turned) - y * np.sin(turned), x * np.sin(turned) + y * np.cos(turned)
    u, v = x * np.cos(axis) + y * np.sin(axis), -x * np.sin(axis) + y * np.cos(axis)
    a, b = outline.half_width, outline.half_height
    if outline.shape is SealShape.OVAL:
        edge_u, edge_v = _equal_lengths(a, b)
        norm = np.hypot(edge_u / a**2, edge_v / b**2)
        at_u, at_v = edge_u - depth * b * edge_u / a**2 / norm, edge_v - depth * b * edge_v / b**2 / norm
        return int(np.hypot(at_u - u, at_v - v).argmin())
    angle = np.arctan2(v / b, u / a) + axis
    return round(float((angle - np.pi) % (2 * np.pi) / (2 * np.pi) * COLUMNS)) % COLUMNS


def _equal_lengths(a: float, b: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of an ellipse, one for each column of its ring, clockwise from its axis's left end."""
    t = np.linspace(0, 2 * np.pi, 2049)
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(a * np.cos(t)), np.diff(b * np.sin(t))))])
    at = np.interp(np.linspace(0, lengths[-1], COLUMNS, endpoint=False), lengths, t) + np.pi
    return a * np.cos(at), b * np.sin(at)


def _line(line: Straight, upright: Floats, plate: Plate, lot: Random) -> Raster | None:
    """A straight line cut to its ink, its height a little off. None where there is no ink."""
    rows, side = upright.shape
    scale = side / 2 / plate.half_width
    high = (line.bottom - line.top) * scale
    top = round(rows / 2 + line.top * scale - high * lot.uniform(-0.04, 0.14))
    bottom = round(rows / 2 + line.bottom * scale + high * lot.uniform(-0.04, 0.14))
    reach = high * lot.uniform(0.02, 0.25)
    left, right = round(side / 2 + line.left * scale - reach), round(side / 2 + line.right * scale + reach)
    part = upright[max(0, top) : bottom, max(0, left) : right]
    inked = np.flatnonzero((part > FAINT).any(axis=0))
    if part.shape[0] < 4 or not len(inked):
        return None
    part = part[:, inked[0] : inked[-1] + 1]
    width = min(1200, max(8, round(part.shape[1] * STRIP / part.shape[0])))
    flat = np.pad(cv2.resize(part, (width, STRIP), interpolation=cv2.INTER_CUBIC), ((0, 0), (10, 10)))
    return np.asarray(255 * (1 - np.clip(flat, 0, 1)), np.uint8)


def _framed(plate: Plate, impression: Impression, seen: Seen, lot: Random) -> Iterator[Example]:
    """A frame's rows, and its characters down each column, as the product cuts them, where it finds them all."""
    pure, printed = inscription.signals_of(impression, bare=plate.bare)
    turn = seen.turn + lot.gauss(0, 0.7)
    picture = inscription.levelled(impression, lot.choice([*pure, *printed]), turn, bare=plate.bare)
    rows = grid.by_rows(picture)
    if len(rows) == len(plate.rows):
        yield from lot.sample(list(zip(rows, plate.rows, strict=True)), min(2, len(rows)))
    text = "".join(plate.columns)
    if text:
        found = [strip for count, strip in grid.by_columns(picture) if count == len(text)]
        yield from ((strip, text) for strip in found[:1])
