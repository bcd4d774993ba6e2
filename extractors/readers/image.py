"""Pictures of pages: JPEG, PNG, TIFF (several pages), BMP, WebP, HEIC/HEIF.

There is no text in them: every page goes through `look`. A page of a TIFF that cannot be decoded is a blind defect as
long as another can; if none can, the file is damaged.
"""

from __future__ import annotations

from extractors.document import Block, Defect, Document, Page, Picture, Place, Seal
from extractors.errors import ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Look, Shot
from extractors.readers import bitmaps
from extractors.readers.sights import on_pages


def recognises(data: bytes) -> bool:
    return bitmaps.sniff(data) not in (None, "gif")


def read(data: bytes, look: Look, limits: Limits) -> Document:
    """The pages as `look` sees them. Raises Damaged, TooLarge; EngineError of `look` passes through."""
    pages: list[Page] = []
    blocks: list[Block] = []
    pictures: list[Picture] = []
    seals: list[Seal] = []
    handwriting: list[Place] = []
    defects: list[Defect] = []
    failure: ReadError | None = None
    spreads = 0
    for sheet, frame in bitmaps.iter_frames(data, limits):
        number = sheet + spreads
        place = Place(page=number)
        if isinstance(frame, ReadError):
            failure = failure or frame
            defects.append(_unread(place, frame))
            continue
        height, width = frame.raster.shape[:2]
        pictures.append(Picture(place, width, height, frame.media_type))
        sights = on_pages(look(Shot(frame.raster, place, frame.dpi, sheet=True)), number, sheet)
        spreads += len(sights) - 1
        for sight in sights:
            pages.append(sight.page)
            blocks.extend(sight.blocks)
            seals.extend(sight.seals)
            handwriting.extend(sight.handwriting)
            defects.extend(sight.defects)
    if failure and not pages:
        raise failure
    return Document(
        format=bitmaps.sniff(data) or "",
        pages=tuple(pages),
        blocks=tuple(blocks),
        pictures=tuple(pictures),
        seals=tuple(seals),
        handwriting=tuple(handwriting),
        defects=tuple(defects),
    )


def _unread(place: Place, error: ReadError) -> Defect:
    return Defect(
        "page_not_read",
        f"第{place.page}页图像无法读取：{error.zh}",
        f"Page {place.page} could not be read: {error.en}",
        place,
        blind=True,
    )
