"""Pictures of pages: JPEG, PNG, TIFF (several pages), BMP, WebP, HEIC/HEIF.

There is no text in them: every page goes through `look`. A page of a TIFF that cannot be decoded is a blind defect as
long as another can; if none can, the file is damaged.
"""

from __future__ import annotations

from typing import Final

from extractors.document import Defect, Document, Picture, Place
from extractors.errors import Damaged, ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Look, Raster, Shot
from extractors.pages import Pages, Unwatched, bound
from extractors.readers import bitmaps
from extractors.readers.sights import leaf_of, on_pages

_UNWATCHED: Final = Unwatched()


def recognises(data: bytes) -> bool:
    return bitmaps.sniff(data) not in (None, "gif")


def read(data: bytes, look: Look, limits: Limits, pages: Pages = _UNWATCHED) -> Document:
    """The pages as `look` sees them. Raises Damaged, TooLarge; EngineError of `look` passes through."""
    total = bitmaps.count_frames(data, limits)
    leaves = {number: leaf for number in range(1, total + 1) if (leaf := pages.known(number)) is not None}
    failure: ReadError | None = None
    for number, leaf in leaves.items():
        pages.done(number, total, leaf)
    for number, frame in bitmaps.iter_frames(data, limits, leaves.__contains__):
        place = Place(page=number)
        if isinstance(frame, ReadError):
            failure = failure or frame
            leaves[number] = Document("", defects=(_unread(place, frame),))
            continue
        height, width = frame.raster.shape[:2]
        picture = Picture(place, width, height, frame.media_type)
        shots = [Shot(frame.raster, place, frame.dpi, sheet=True)]
        del frame  # `look` makes a large picture smaller, and nobody else holds it then
        leaves[number] = leaf_of(on_pages(look(shots.pop()), number), (picture,))
        pages.done(number, total, leaves[number])
    document = bound(bitmaps.sniff(data) or "", [leaves[number] for number in sorted(leaves)])
    if failure and not document.pages:
        raise failure
    return document


def picture_of(data: bytes, sheet: int, limits: Limits) -> tuple[Raster, float | None]:
    """The picture and the dpi of page `sheet` (from 1), as they were looked at. Raises Damaged, TooLarge."""
    for _, frame in bitmaps.iter_frames(data, limits, lambda number: number != sheet):
        if isinstance(frame, ReadError):
            raise frame
        return frame.raster, frame.dpi
    raise Damaged(f"no page {sheet}")


def _unread(place: Place, error: ReadError) -> Defect:
    return Defect(
        "page_not_read",
        f"第{place.page}页图像无法读取：{error.zh}",
        f"Page {place.page} could not be read: {error.en}",
        place,
        blind=True,
    )
