"""A picture looked at: made upright, its inks taken apart, text, tables and seals read. What readers call `look`.

    cut out → way up → straighten → inks → ┬ lines (engine)        ┬→ cells → beneath seals → order, tables → Sight
                                           └ seals (second thread) ┘       (and ink where a signature is asked for)

The seals are looked for while the engine works on the page where there is a core for it, for both leave Python's lock
most of the time.

Which way is up is told from pieces of a few lines. Where those tell nothing, or told wrong, it shows in what the engine
makes of the page: text upside down reads as little, unsurely. Only then are the other ways tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from statistics import median
from typing import Protocol, cast

import cv2
import numpy as np

from extractors.document import (
    Block,
    Box,
    Cell,
    Defect,
    Line,
    Page,
    Place,
    Seal,
    SealColour,
    SealShape,
    Source,
    Table,
)
from extractors.hanzi import HANZI
from extractors.limits import Limits
from extractors.ocr import order, tables
from extractors.ocr import page as pages
from extractors.ocr.apart import read_apart
from extractors.ocr.beneath import cleared, read_beneath
from extractors.ocr.dated import read_dates
from extractors.ocr.engine import Engine, Raster, Recognisers, Shot, Sight
from extractors.ocr.handwriting import find_handwriting, with_unread
from extractors.ocr.inks import Inks, separate
from extractors.ocr.marks import with_marks
from extractors.ocr.orientation import way_up
from extractors.ocr.page import Sheet, Upright
from extractors.ocr.shrink import shrunk
from extractors.ocr.tables import Grid
from extractors.ocr.twice import read_twice

_PREVIEW_SIDE = 1200  # pixels of the longer side, at most
_PREVIEW_LEAST = 0.9  # of it, where the picture is only halved
_PREVIEW_QUALITY = 70
_SAMPLED = 16  # of so many rows and columns one tells that a picture is coloured
_BAND = 128  # rows that are compared at a time: they stay in the processor's cache
_SURE = 0.93  # mean confidence of a page's characters from which it is held to be the right way up
_UNSURE = 0.8  # and below which it is not; in between it depends on how much of the ink was read
_LEAST_CHARACTERS = 8  # fewer do not tell which way is up
_PRINT = 0.9  # confidence of a line from which it is print
_AS_HIGH = 1.15  # of a character's width: a frame around characters is higher than they are,
_RING_AS_HIGH = 2.0  # and a ring, which has a name around it, twice as high
_EDGE = 0.005  # of the page, about a millimetre: the ground of a cell ends so near to its rules
_BLANK = 0.0002  # share of dark or coloured pixels below which a page has nothing to read: one 6 mm character on A4

_NO_SEALS = Defect(
    code="seals_not_looked_for",
    zh="未查找印章：当前文字识别引擎不支持读取印章。",
    en="Seals were not looked for: the chosen OCR engine cannot read them.",
    blind=True,
)


class FindSeals(Protocol):
    """extractors.seals.find_seals. `inks` is of `raster`; boxes are fractions of it. Raises EngineError."""

    def __call__(
        self, inks: Inks, raster: Raster, dpi: float | None, recogniser: Recognisers, limits: Limits, *, crops: bool
    ) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]: ...


@dataclass(frozen=True, slots=True)
class _View:
    """A page stood one way up, and what it reads like that."""

    page: Upright
    inks: Inks
    lines: tuple[Line, ...]
    seals: tuple[Seal, ...]
    defects: tuple[Defect, ...]

    @property
    def characters(self) -> int:
        return sum(len(line.text) for line in self.lines)

    @property
    def sureness(self) -> float:
        """Mean confidence over the characters; 0.0 where there are none."""
        return sum(line.confidence * len(line.text) for line in self.lines) / max(1, self.characters)


class Eye:
    """Looks at pictures; one a worker, used by one thread.

    engine: reads the lines. recogniser, find_seals: read and find seals; without either, no seals are looked for, and
    every Sight says so in a defect. preview: pages carry a JPEG for people, and seals their crops. threads: cores that
    one page may take; with 1, seals are looked for behind the lines and not beside them.
    """

    def __init__(
        self,
        engine: Engine,
        recogniser: Recognisers | None,
        limits: Limits,
        find_seals: FindSeals | None,
        preview: bool = False,
        threads: int = 1,
    ) -> None:
        self._engine = engine
        self._recogniser = recogniser
        self._find_seals = find_seals
        self._limits = limits
        self._preview = preview
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="seals") if threads > 1 else None

    def look(self, shot: Shot) -> Sight:
        """What is on the picture. Raises EngineError."""
        shot = replace(shot, raster=_without_colour(shot.raster))
        if shot.upright:
            return self._sight(self._view(pages.as_it_is(shot.raster, shot.dpi)), shot)
        sheet = pages.cut_out(shot.raster, shot.dpi)
        shot = replace(shot, raster=sheet.raster)  # lets a larger one go
        degrees = way_up(sheet, self._recogniser.second) if self._recogniser is not None else None
        page = pages.stand(sheet, degrees or 0)
        halves = pages.leaves(page) if shot.sheet and degrees is not None else (page,)
        if len(halves) == 1:
            return self._sight(self._upright(self._view(page), sheet), shot)
        left, right = (self._sight(self._view(half), shot) for half in halves)
        return replace(left, facing=right)

    def _sight(self, view: _View, shot: Shot) -> Sight:
        view = replace(view, seals=_without_print(view))
        grids = tables.grids_of(view.inks.rules, view.lines, self._limits) if view.lines else ()
        printed = "\n".join(line.text for line in view.lines)
        view = replace(view, seals=tuple(seal for seal in view.seals if not _is_shade(seal, grids, printed)))
        view = replace(view, lines=read_apart(view.lines, grids, view.inks.grey, self._lines))
        clear = cleared(view.lines, view.inks, view.seals)
        view = replace(view, lines=read_beneath(view.lines, clear, self._lines))
        if self._recogniser is not None:
            view = replace(view, lines=read_twice(view.lines, view.inks.grey, self._recogniser.second))
            view = replace(view, lines=read_dates(view.lines, clear.grey, view.seals, self._recogniser))
        stamped = [seal.place.box for seal in view.seals if seal.place.box is not None]
        view = replace(view, lines=with_marks(view.lines, view.inks.grey, stamped))
        view = replace(view, lines=with_unread(view.lines, view.inks, view.seals))
        lines = tuple(_told_of_seals(line, view.seals) for line in order.in_reading_order(_without_seal_text(view)))
        blocks = tables.arrange(grids, lines)
        return Sight(
            page=self._page(view.page, shot.place, sealed=bool(view.seals)),
            blocks=tuple(_placed(block, shot.place) for block in blocks),
            seals=tuple(replace(seal, place=_at(seal.place, shot.place)) for seal in view.seals),
            defects=tuple(replace(defect, place=_at(defect.place, shot.place)) for defect in view.defects),
            handwriting=tuple(
                _at(Place(box=box), shot.place) for box in find_handwriting(view.inks, lines, view.seals)
            ),
        )

    def _view(self, page: Upright) -> _View:
        """Read the page, and look for its seals."""
        inks = separate(page.raster)
        if self._beside is None:
            return _View(page, inks, self._read(inks), *self._seals(inks, page))
        seals = self._beside.submit(self._seals, inks, page)
        try:
            lines = self._read(inks)
        finally:
            found, defects = seals.result()  # also when reading failed: nothing may go on beside the next page
        return _View(page, inks, lines, found, defects)

    def _seals(self, inks: Inks, page: Upright) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
        if self._recogniser is None or self._find_seals is None:
            return (), (_NO_SEALS,)
        return self._find_seals(inks, page.raster, page.dpi, self._recogniser, self._limits, crops=self._preview)

    def _read(self, inks: Inks) -> tuple[Line, ...]:
        """The lines; () at once for a blank page."""
        if _blank(inks):
            return ()
        return self._lines(inks.grey)

    def _lines(self, grey: Raster) -> tuple[Line, ...]:
        return tuple(replace(line, engine=self._engine.name) for line in self._engine.read(grey))

    def _upright(self, view: _View, sheet: Sheet) -> _View:
        """The view, or a better one from another side where this one is hard to read."""
        if _blank(view.inks) or not _doubtful(view):
            return view
        best = view
        for degrees in (90, 270, 180) if _on_its_side(view) else (180, 90, 270):
            page = pages.stand(sheet, (view.page.rotation + degrees) % 360)
            inks = separate(page.raster)
            other = _View(page, inks, self._read(inks), (), ())
            if other.characters >= _LEAST_CHARACTERS and _worth(other) > _worth(best):
                best = other
            if not _doubtful(best) or not best.lines:
                break
        if best is view:
            return view
        seals, defects = self._seals(best.inks, best.page)
        return replace(best, seals=seals, defects=defects)

    def _page(self, page: Upright, place: Place, *, sealed: bool) -> Page:
        # a long file's answer must not grow by a picture with every page
        wanted = self._preview and (sealed or (place.page or 1) <= self._limits.previews)
        height, width = page.raster.shape[:2]
        return Page(
            number=place.page or 1,
            source=Source.OCR,
            width_mm=width / page.dpi * 25.4 if page.dpi else None,
            height_mm=height / page.dpi * 25.4 if page.dpi else None,
            dpi=page.dpi,
            rotation=page.rotation,
            preview=_jpeg(page.raster) if wanted else b"",
            half=page.half,
        )


def _without_colour(raster: Raster) -> Raster:
    """One channel of a picture whose three are the same, as of a fax or a grey scan; else the picture itself."""
    if raster.ndim == 2 or not _same_channels(raster[::_SAMPLED, ::_SAMPLED]):
        return raster
    if not all(_same_channels(raster[top : top + _BAND]) for top in range(0, len(raster), _BAND)):
        return raster
    return cast(Raster, cv2.extractChannel(raster, 0))


def _same_channels(raster: Raster) -> bool:
    first, *others = cv2.split(np.ascontiguousarray(raster))
    return all(np.array_equal(first, other) for other in others)


def _blank(inks: Inks) -> bool:
    return bool(np.count_nonzero(inks.grey < 128) < _BLANK * inks.grey.size)


def _doubtful(view: _View) -> bool:
    """Perhaps not the right way up: lines run down, or are unsure, or are fairly sure but only part of the ink."""
    if _on_its_side(view):
        return True
    if view.sureness >= _SURE:
        return False
    return view.sureness < _UNSURE or _covered(view) < 0.5


def _on_its_side(view: _View) -> bool:
    """Most characters stand in lines that run down the page; an engine may read them all the same."""
    return 2 * sum(len(line.text) for line in view.lines if _runs_down(line, view)) > view.characters


def _runs_down(line: Line, view: _View) -> bool:
    height, width = view.inks.chroma.shape
    box = line.place.box
    return box is not None and len(line.text) > 1 and box.height * height > 1.5 * box.width * width


def _covered(view: _View) -> float:
    """Share of the page's ink that lies in the boxes of the lines."""
    ink = view.inks.grey[::2, ::2] < 128
    height, width = ink.shape
    within = 0
    for line in view.lines:
        box = line.place.box
        if box is not None:
            window = ink[
                int(box.top * height) : int(box.bottom * height), int(box.left * width) : int(box.right * width)
            ]
            within += int(np.count_nonzero(window))
    return within / max(1, int(np.count_nonzero(ink)))


def _worth(view: _View) -> float:
    """How much of a page was read: doubtful characters count next to nothing, those of lines that run down half."""
    return sum(line.confidence**4 * len(line.text) * (0.5 if _runs_down(line, view) else 1.0) for line in view.lines)


def _jpeg(raster: Raster) -> bytes:
    height, width = raster.shape[:2]
    step = max(1.0, max(height, width) / _PREVIEW_SIDE)
    halved = 2 ** math.ceil(math.log2(step))
    # A4 at 200 dpi is 1169 pixels high then, and averaging any other share of its pixels takes ten times as long.
    if halved * _PREVIEW_LEAST < step:
        wide, high = width // halved, height // halved
    else:
        wide, high = round(width / step), round(height / step)
    small = shrunk(raster, max(1, wide), max(1, high))
    picture = cv2.cvtColor(small, cv2.COLOR_RGB2BGR) if small.ndim == 3 else small
    _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, _PREVIEW_QUALITY))
    return bytes(data.tobytes())


def _without_print(view: _View) -> tuple[Seal, ...]:
    """The seals without black ones that are a few characters of printed lines: they go on beside it, as high."""
    height, width = view.inks.grey.shape
    return tuple(
        seal
        for seal in view.seals
        if seal.colour is not SealColour.BLACK or not _is_print(view.lines, seal, height / width)
    )


def _is_shade(seal: Seal, grids: Sequence[Grid], printed: str) -> bool:
    """Whether a seal is the coloured ground or the frame of cells: it ends where they do, on all sides, and says
    nothing or what is printed there."""
    box = seal.place.box
    if box is None or seal.shape.is_ring or not all(part in printed for part in seal.text.split()):
        return False
    cells = [cell for grid in grids for cell in grid.boxes]
    return all(
        any(abs(getattr(box, side) - getattr(cell, side)) <= _EDGE for cell in cells)
        for side in ("left", "top", "right", "bottom")
    )


def _is_print(lines: Sequence[Line], seal: Seal, aspect: float) -> bool:
    """Whether a seal is as high as a printed line that it holds a part of, or a frame as several that it says.

    aspect: the page's height : width.
    """
    box = seal.place.box
    if box is None:
        return False
    rows = [row for line in lines if (row := _row(line, box, aspect)) is not None]
    ring = seal.shape.is_ring
    if any(row.beside >= 2 and box.height <= (_RING_AS_HIGH if ring else _AS_HIGH) * row.em for row in rows):
        return True
    block = max((row.bottom for row in rows), default=0.0) - min((row.top for row in rows), default=0.0)
    if ring or len(rows) < 2 or box.height > _AS_HIGH * block or not any(row.beside for row in rows):
        return False
    printed = "".join(row.text for row in rows)  # a chop may lie over two lines, too, but says something else
    return 0 < len(seal.text) <= 2 * sum(character in printed for character in seal.text)


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed line that has characters within a seal. em, top, bottom: of the page's height. beside: Hanzi."""

    text: str
    em: float
    top: float
    bottom: float
    beside: int


def _row(line: Line, box: Box, aspect: float) -> _Row | None:
    """The line as it goes through a seal's box; None where it does not. aspect: the page's height : width."""
    print_ = line.place.box
    hanzi = [word for word in line.words if len(word.text) == 1 and HANZI.fullmatch(word.text)]
    if print_ is None or line.confidence < _PRINT or not hanzi:
        return None
    held = sum(box.left < (word.box.left + word.box.right) / 2 < box.right for word in hanzi)
    if not held or not print_.level_with(box):
        return None
    em = median(word.box.width for word in hanzi) / aspect
    reach = em * aspect / 2
    beside = sum(word.box.right <= box.left + reach or word.box.left >= box.right - reach for word in hanzi)
    middle = (print_.top + print_.bottom) / 2
    return _Row(line.text, em, middle - em / 2, middle + em / 2, beside)


def _without_seal_text(view: _View) -> tuple[Line, ...]:
    """The lines without those that are pieces of a seal's own text: within its box, in its colour or on its arc."""
    return tuple(line for line in view.lines if not any(_belongs_to(line, seal, view.inks) for seal in view.seals))


def _belongs_to(line: Line, seal: Seal, inks: Inks) -> bool:
    box = seal.place.box
    if box is None or not _within(line.place.box, box):
        return False
    return _is_star(line, seal) or _on_arc(line, seal) or _coloured(line.place.box, inks)


def _is_star(line: Line, seal: Seal) -> bool:
    """The star in the middle: on a grey copy of blank paper it would be all that is written there."""
    return seal.shape.is_ring and set(line.text) <= set("★☆✩✪✭✮✯✰*＊ ")


def _on_arc(line: Line, seal: Seal) -> bool:
    """A few characters of the seal's name, away from its middle: of a black or grey seal, colour tells nothing."""
    box, outer = line.place.box, seal.place.box
    if box is None or outer is None or not seal.shape.is_ring:
        return False
    text = "".join(line.text.split())
    across = (box.left + box.right - outer.left - outer.right) / max(1e-9, outer.width)
    down = (box.top + box.bottom - outer.top - outer.bottom) / max(1e-9, outer.height)
    return 0 < len(text) <= 0.6 * len(seal.text) and text in seal.text and across**2 + down**2 > 0.3**2


def _within(inner: Box | None, outer: Box) -> bool:
    """At least 0.7 of `inner` lies in `outer`."""
    if inner is None:
        return False
    wide = min(inner.right, outer.right) - max(inner.left, outer.left)
    high = min(inner.bottom, outer.bottom) - max(inner.top, outer.top)
    return wide > 0 and high > 0 and wide * high >= 0.7 * inner.width * inner.height


def _coloured(box: Box | None, inks: Inks) -> bool:
    """What is inked in the box is coloured: there is next to no black, of which thin print has 1.4 % of its box."""
    if box is None:
        return False
    height, width = inks.chroma.shape
    window = np.s_[
        int(box.top * height) : int(box.bottom * height) + 1, int(box.left * width) : int(box.right * width) + 1
    ]
    black = (inks.grey[window] < 128) & (inks.density.least(window) > 0.2)
    return bool((inks.chroma[window] > 0.12).mean() > 0.02 + 2 * black.mean() and black.mean() < 0.01)


def _told_of_seals(line: Line, seals: Sequence[Seal]) -> Line:
    """The line, marked where a seal's ellipse reaches over it."""
    box = line.place.box
    covered = box is not None and any(
        seal.place.box is not None and _reaches(seal.place.box, seal.shape, box) for seal in seals
    )
    return replace(line, under_seal=True) if covered else line


def _reaches(seal: Box, shape: SealShape, box: Box) -> bool:
    x = min(max((seal.left + seal.right) / 2, box.left), box.right)
    y = min(max((seal.top + seal.bottom) / 2, box.top), box.bottom)
    across = abs(x - (seal.left + seal.right) / 2) / max(1e-9, seal.width / 2)
    down = abs(y - (seal.top + seal.bottom) / 2) / max(1e-9, seal.height / 2)
    return across**2 + down**2 < 1 if shape.is_ring else max(across, down) < 1


def _at(own: Place, place: Place) -> Place:
    """A place on the picture, told of the document."""
    return Place(page=place.page, box=own.box, path=place.path)


def _placed(block: Block, place: Place) -> Block:
    if isinstance(block, Line):
        return replace(block, place=_at(block.place, place))
    return Table(tuple(_cell(cell, place) for cell in block.cells), _at(block.place, place))


def _cell(cell: Cell, place: Place) -> Cell:
    lines = tuple(replace(line, place=_at(line.place, place)) for line in cell.lines)
    return replace(cell, lines=lines, place=_at(cell.place, place))
