"""The picture of a PDF page: the scan itself where the page is nothing but a scan, else the page rendered.

Taking the embedded bitmap is twice as fast as rendering and loses no pixel; it is right only where one straight, opaque
image covers the whole page. Rendering aims at 200 dpi and at most 3508 pixels a side (A4 at 300 dpi), but never below
150 dpi, which is where small print becomes unreadable.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.errors import Damaged, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.readers.bitmaps import missing_rows, plausible_dpi
from extractors.readers.pdf.survey import Survey
from extractors.readers.progressive import lacks_scans

_RENDER_DPI: Final = 200.0
_LEAST_DPI: Final = 150.0
_LONGEST: Final = 3508
_WHOLE: Final = 0.96  # an image that leaves less than a narrow margin is the page


def picture(page: Any, found: Survey, limits: Limits) -> tuple[Raster, float | None]:
    """The upright page as RGB and its dpi; None where the page's size cannot be true (one point a pixel).

    Raises TooLarge("pixels") before drawing; Damaged where pixels are missing; PdfiumError where PDFium fails.
    """
    raster = _embedded(page, found) if _is_one_image(found) else None
    if raster is None:
        raster = _render(page, found, limits)
    height, width = raster.shape[:2]
    dpi = max(width, height) / max(found.width, found.height) * 72
    return raster, plausible_dpi(dpi, width, height)


def _is_one_image(found: Survey) -> bool:
    if len(found.images) != 1 or found.drawings or found.annotations or found.texts > found.invisible:
        return False
    image = found.images[0]
    return image.straight and not image.nested and min(image.box.width, image.box.height) >= _WHOLE


def _embedded(page: Any, found: Survey) -> Raster | None:
    """The page's only image; None where it must be rendered (masks, transparency, clipping, odd depths)."""
    item = next(iter(page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,), max_depth=1)), None)
    if item is None or pdfium_c.FPDFPageObj_HasTransparency(item):
        return None
    clip = pdfium_c.FPDFPageObj_GetClipPath(item)
    if clip and pdfium_c.FPDFClipPath_CountPaths(clip) > 0:
        return None
    try:
        bitmap = item.get_bitmap(render=False)
        # A stencil (image mask) has no colours of its own: its bits say where paint goes.
        if bitmap.format == pdfium_c.FPDFBitmap_Gray and not item.get_metadata().colorspace:
            return None
    except pdfium.PdfiumError:
        return None
    pixels = _rgb(bitmap)
    if pixels is None:
        return None
    if item.get_filters(skip_simple=True) == ["DCTDecode"] and lacks_scans(bytes(item.get_data(decode_simple=True))):
        raise Damaged("scans of the progressive picture are missing")
    if missing := missing_rows(pixels):
        raise Damaged(f"the pixels of the last {missing} of {pixels.shape[0]} rows are missing")
    return _at_most(np.ascontiguousarray(np.rot90(pixels, -found.rotation // 90 % 4)))


def _rgb(bitmap: Any) -> Raster | None:
    array = bitmap.to_numpy()
    match bitmap.format:
        case pdfium_c.FPDFBitmap_Gray:
            return _converted(array, cv2.COLOR_GRAY2RGB)
        case pdfium_c.FPDFBitmap_BGR:
            return _converted(array, cv2.COLOR_BGR2RGB)
        case pdfium_c.FPDFBitmap_BGRx:
            return _converted(array, cv2.COLOR_BGRA2RGB)
        case _:
            return None


def _converted(array: Raster, code: int) -> Raster:
    return np.asarray(cv2.cvtColor(array, code), dtype=np.uint8)


def _at_most(raster: Raster) -> Raster:
    height, width = raster.shape[:2]
    scale = _LONGEST / max(height, width)
    if scale >= 0.9:
        return raster
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(raster, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _render(page: Any, found: Survey, limits: Limits) -> Raster:
    dpi = _dpi(found)
    width, height = found.width / 72 * dpi, found.height / 72 * dpi
    if width * height > limits.pixels:
        raise TooLarge("pixels", f"{width:.0f} × {height:.0f} > {limits.pixels}")
    bitmap = page.render(scale=max(dpi / 72, 1 / min(found.width, found.height)), rev_byteorder=True)
    # The bitmap's memory dies with it: copy.
    return np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)


def _dpi(found: Survey) -> float:
    longest_inches = max(found.width, found.height) / 72
    wanted = min(_RENDER_DPI, _LONGEST / longest_inches)
    scans = [image for image in found.images if image.box.width * image.box.height >= 0.5]
    if not scans:
        return max(wanted, _LEAST_DPI)
    # Drawing a scan larger than it is adds nothing; a page of one point a pixel is not three metres high.
    native = max(max(image.width, image.height) for image in scans) / longest_inches
    return max(min(max(wanted, _LEAST_DPI), native), wanted if native > wanted else native)
