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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol, cast

import cv2
import numpy as np

from extractors.document import Block, Cell, Defect, Line, Page, Place, Seal, Source, Table
from extractors.limits import Limits
from extractors.ocr import order, tables
from extractors.ocr import page as pages
from extractors.ocr.apart import read_apart
from extractors.ocr.back import of_this_side
from extractors.ocr.beneath import cleared, read_beneath
from extractors.ocr.dated import read_dates
from extractors.ocr.engine import Engine, Raster, Recognisers, Shot, Sight
from extractors.ocr.handwriting import find_handwriting, with_unread
from extractors.ocr.inks import LEAST_INK, Inks, separate
from extractors.ocr.marks import with_marks
from extractors.ocr.orientation import way_up
from extractors.ocr.page import Sheet, Upright
from extractors.ocr.shrink import shrunk
from extractors.ocr.stamped import told_of_seals, without_print, without_seal_text, without_shades
from extractors.ocr.twice import read_twice
from extractors.ocr.watermark import without_watermark

_PREVIEW_SIDE = 1200  # pixels of the longer side, at most
_PREVIEW_LEAST = 0.9  # of it, where the picture is only halved
_PREVIEW_QUALITY = 70
_SAMPLED = 16  # of so many rows and columns one tells that a picture is coloured
_BAND = 128  # rows that are compared at a time: they stay in the processor's cache
_SURE = 0.93  # mean confidence of a page's characters from which it is held to be the right way up
_UNSURE = 0.8  # and below which it is not; in between it depends on how much of the ink was read
_LEAST_CHARACTERS = 8  # fewer do not tell which way is up

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
        left, right = (self._sight(self._of_this_side(self._view(half)), shot) for half in halves)
        return replace(left, facing=right)

    def _sight(self, view: _View, shot: Shot) -> Sight:
        inks, lines, height, width = view.inks, view.lines, *view.inks.grey.shape
        if (clean := without_watermark(lines, inks)) is not None:
            inks, lines = clean, self._lines(clean.grey)
        seals = without_print(view.seals, lines, height / width)
        grids = tables.grids_of(inks.rules, lines, self._limits) if lines else ()
        seals = without_shades(seals, grids, lines)
        lines = read_apart(lines, grids, inks.grey, self._lines)
        clear = cleared(lines, inks, seals)
        lines = read_beneath(lines, clear, self._lines)
        if self._recogniser is not None:
            lines = read_twice(lines, inks.grey, self._recogniser.second)
            lines = read_dates(lines, clear.grey, seals, self._recogniser)
        stamped = [seal.place.box for seal in seals if seal.place.box is not None]
        lines = with_unread(with_marks(lines, inks.grey, stamped), inks, seals)
        lines = order.in_reading_order(without_seal_text(lines, seals, inks))
        lines = tuple(told_of_seals(line, seals) for line in lines)
        blocks = tables.arrange(grids, lines)
        cells = [cell for grid in grids for cell in grid.boxes]
        return Sight(
            page=self._page(view.page, shot.place, sealed=bool(seals)),
            blocks=tuple(_placed(block, shot.place) for block in blocks),
            seals=tuple(replace(seal, place=_at(seal.place, shot.place)) for seal in seals),
            defects=tuple(replace(defect, place=_at(defect.place, shot.place)) for defect in view.defects),
            handwriting=tuple(_at(Place(box=box), shot.place) for box in find_handwriting(inks, lines, seals, cells)),
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

    def _of_this_side(self, view: _View) -> _View:
        """Without what shines through from the back."""
        if self._recogniser is None:
            return view
        return replace(view, lines=of_this_side(view.lines, view.inks, self._recogniser))

    def _lines(self, grey: Raster) -> tuple[Line, ...]:
        return tuple(replace(line, engine=self._engine.name) for line in self._engine.read(grey))

    def _upright(self, view: _View, sheet: Sheet) -> _View:
        """The view, or a better one from another side where this one is hard to read."""
        best = self._of_this_side(view)
        if not _doubtful(best) or _blank(view.inks) or 2 * len(best.lines) < len(view.lines):
            return best  # also where most of it is the back's, which reads mirrored as it stands
        for degrees in (90, 270, 180) if _on_its_side(view) else (180, 90, 270):
            page = pages.stand(sheet, (view.page.rotation + degrees) % 360)
            inks = separate(page.raster)
            other = self._of_this_side(_View(page, inks, self._read(inks), (), ()))
            if other.characters >= _LEAST_CHARACTERS and _worth(other) > _worth(best):
                best = other
            if not _doubtful(best) or not best.lines:
                break
        if best.page is view.page:
            return best
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
    return cv2.countNonZero(cv2.compare(inks.grey, 128, cv2.CMP_LT)) < LEAST_INK * inks.grey.size


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
