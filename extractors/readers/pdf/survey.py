"""What a PDF page consists of, asked from PDFium in a millisecond, so that scans never pay for a text parser.

A page is a list of objects (text, image, path, shading, form = a nested list) and of annotations. From these alone it
follows whether there is a text layer worth reading, whether one picture is the whole page, and whether anything on the
page could be a seal.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.document import Box
from extractors.errors import TooLarge
from extractors.limits import Limits

POINT_MM: Final = 25.4 / 72
_MOST_OBJECTS: Final = 50_000
_SEAL_MM: Final = 15.0  # the smallest thing that is looked at for a seal
_INVISIBLE: Final = 3  # text render mode: neither filled nor stroked (and 7: only clips)
_LINK: Final = pdfium_c.FPDF_ANNOT_LINK
_POPUP: Final = pdfium_c.FPDF_ANNOT_POPUP


@dataclass(frozen=True, slots=True)
class PageImage:
    """An image drawn on a page: where (fractions of the upright page), pixels, and whether it lies straight."""

    box: Box
    width: int
    height: int
    straight: bool
    nested: bool  # inside a form object


@dataclass(frozen=True, slots=True)
class Survey:
    """What a page consists of.

    width, height: of the upright page in points.
    texts, invisible: text objects, and those among them that are not painted although there is something to paint.
    drawings: paths and shadings. annotations: those that show something (no links).
    stamps: boxes of what could be a seal, or a part of one, without being an image (annotations, coloured paths).
    complete: False where the page has more objects than are counted.
    fonts: names of the fonts that its text is set in. embedded: they all come with the file, so that the page looks the
    same everywhere.
    """

    width: float
    height: float
    rotation: int
    texts: int
    invisible: int
    drawings: int
    images: tuple[PageImage, ...]
    stamps: tuple[Box, ...]
    annotations: int
    complete: bool
    fonts: frozenset[str]
    embedded: bool

    @property
    def coverage(self) -> float:
        """The largest image's share of the page, 0 to 1."""
        return max((image.box.width * image.box.height for image in self.images), default=0.0)

    @property
    def empty(self) -> bool:
        return not (self.texts or self.drawings or self.images or self.annotations)

    def suspects(self) -> tuple[Box, ...]:
        """Regions large enough to carry a seal that a text layer does not tell of.

        Programs cut pictures into strips and rings into arcs: what touches is one.
        """
        wide, high = (max(1, round(side * POINT_MM)) for side in (self.width, self.height))
        covered = np.zeros((high + 1, wide + 1), np.uint8)  # a cell is a square millimetre
        for box in (*(image.box for image in self.images), *self.stamps):
            top, bottom = round(box.top * high), round(box.bottom * high)
            covered[top : bottom + 1, round(box.left * wide) : round(box.right * wide) + 1] = 1
        _, _, stats, _ = cv2.connectedComponentsWithStats(covered)
        regions = [[int(value) for value in region[:4]] for region in stats[1:] if min(region[2:4]) > _SEAL_MM]
        return tuple(
            Box(x / wide, y / high, min(1.0, (x + across) / wide), min(1.0, (y + down) / high))
            for x, y, across, down in regions
        )


def survey(page: Any, limits: Limits) -> Survey:
    """Count what is on a page. Raises TooLarge for its size or an image's; PdfiumError where PDFium fails."""
    width, height = page.get_size()
    longest_mm = max(width, height) * POINT_MM
    if longest_mm > limits.page_side_mm:
        raise TooLarge("page_side_mm", f"{longest_mm:.0f} > {limits.page_side_mm}")
    upright = _Upright(page)
    texts = invisible = drawings = count = 0
    images: list[PageImage] = []
    stamps: list[Box] = []
    fonts: set[str] = set()
    embedded = True
    for item in page.get_objects(max_depth=6):
        count += 1
        if count > _MOST_OBJECTS:
            break
        if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            blank, painted = _text_state(item)
            texts += 1
            invisible += not blank and not painted
            font, carried = _font(item)
            fonts.add(font)
            embedded = embedded and carried
        elif item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            images.append(_image(item, upright, limits))
        elif item.type in (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING):
            drawings += 1
            if item.type == pdfium_c.FPDF_PAGEOBJ_PATH and _coloured_path(item):
                stamps.append(upright.box(_bounds(item)))
    annotated = _annotations(page, upright)
    return Survey(
        width=width,
        height=height,
        rotation=page.get_rotation(),
        texts=texts,
        invisible=invisible,
        drawings=drawings,
        images=tuple(images),
        stamps=(*stamps, *annotated),
        annotations=len(annotated),
        complete=count <= _MOST_OBJECTS,
        fonts=frozenset(fonts),
        embedded=embedded,
    )


class _Upright:
    """From PDF coordinates (points, origin bottom left, before rotation) to boxes of the upright page."""

    def __init__(self, page: Any) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.rotation = page.get_rotation()

    def box(self, bounds: tuple[float, float, float, float]) -> Box:
        wide, high = max(self.right - self.left, 1e-6), max(self.top - self.bottom, 1e-6)
        x0, x1 = sorted(_fraction((x - self.left) / wide) for x in (bounds[0], bounds[2]))
        y0, y1 = sorted(_fraction((self.top - y) / high) for y in (bounds[1], bounds[3]))
        match self.rotation:
            case 90:
                return Box(1 - y1, x0, 1 - y0, x1)
            case 180:
                return Box(1 - x1, 1 - y1, 1 - x0, 1 - y0)
            case 270:
                return Box(y0, 1 - x1, y1, 1 - x0)
            case _:
                return Box(x0, y0, x1, y1)


def _fraction(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _bounds(item: Any) -> tuple[float, float, float, float]:
    """Bounds on the page: those of the outermost form for a nested object, whose own are the form's coordinates."""
    outer = item
    while outer.container is not None:
        outer = outer.container
    try:
        left, bottom, right, top = outer.get_bounds()
    except pdfium.PdfiumError:
        return (0.0, 0.0, 0.0, 0.0)  # an object without extent
    return left, bottom, right, top


def _text_state(item: Any) -> tuple[bool, bool]:
    """Whether a text object is blank, and whether it is painted."""
    bounds = _bounds(item)
    blank = bounds[2] - bounds[0] <= 0 or bounds[3] - bounds[1] <= 0
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item)
    return blank, mode not in (_INVISIBLE, 7)


def _font(item: Any) -> tuple[str, bool]:
    """The name of a text object's font, with its subset's tag ("" where it has none); whether the file carries it."""
    font = pdfium_c.FPDFTextObj_GetFont(item)
    if not font:
        return "", False
    name = ctypes.create_string_buffer(128)
    length = pdfium_c.FPDFFont_GetBaseFontName(font, name, len(name))
    known = name.value.decode("latin-1") if 0 < length <= len(name) else ""
    return known, pdfium_c.FPDFFont_GetIsEmbedded(font) == 1


def _image(item: Any, upright: _Upright, limits: Limits) -> PageImage:
    width, height = item.get_px_size()
    if width * height > limits.pixels:
        raise TooLarge("pixels", f"{width} × {height} > {limits.pixels}")
    matrix = item.get_matrix()
    size = max(abs(matrix.a), abs(matrix.d), 1e-6)
    straight = matrix.a > 0 and matrix.d > 0 and max(abs(matrix.b), abs(matrix.c)) < 0.001 * size
    return PageImage(upright.box(_bounds(item)), width, height, straight, item.container is not None)


def _coloured_path(item: Any) -> bool:
    """Whether a path may be a part of a drawn seal, whose ring may be curves, a polygon or many short lines."""
    return _coloured(item, pdfium_c.FPDFPageObj_GetStrokeColor) or _coloured(item, pdfium_c.FPDFPageObj_GetFillColor)


def _coloured(item: Any, get_colour: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get_colour(item, red, green, blue, alpha):
        return False
    values = (red.value, green.value, blue.value)
    return max(values) - min(values) >= 40 and alpha.value > 0


def _annotations(page: Any, upright: _Upright) -> list[Box]:
    """Boxes of the annotations that show something: typed-over text, filled fields, stamps."""
    boxes: list[Box] = []
    for index in range(min(max(pdfium_c.FPDFPage_GetAnnotCount(page), 0), _MOST_OBJECTS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            rectangle = pdfium_c.FS_RECTF()
            shows = pdfium_c.FPDFAnnot_GetSubtype(annotation) not in (_LINK, _POPUP)
            if shows and pdfium_c.FPDFAnnot_GetRect(annotation, rectangle):
                boxes.append(upright.box((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)))
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)
    return boxes
