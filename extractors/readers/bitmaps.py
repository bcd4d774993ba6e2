"""Picture files as rasters: what the picture reader and the readers of documents with pictures share.

Pillow decodes. What is decided here: nothing is decoded before its size is known from the header; a truncated picture
is damaged, never half grey; pixels come upright (EXIF), opaque (over white paper) and 8 bits deep; a resolution that
cannot be true (a photo's "72 dpi") is None.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from extractors.errors import Damaged, ReadError, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.readers.progressive import lacks_scans

_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_MEDIA_TYPES: Final = {
    "bmp": "image/bmp",
    "gif": "image/gif",
    "heif": "image/heif",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "webp": "image/webp",
}
_FILLED: Final = (127, 128, 129)  # what decoders give for coefficients that are all zero
_BAND_PIXELS: Final = 8_000_000  # that are handed over at once: a page at 300 dpi
# MPO: a JPEG that carries further views; the first is the picture.
_PILLOW_FORMATS: Final = {"jpeg": ("JPEG", "MPO")}

# What Pillow's decoders are known to raise on damaged files. Named one by one: anything else is our bug.
_PILLOW_ERRORS: Final = (
    OSError,  # truncated; cannot identify
    SyntaxError,  # broken PNG and others
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    EOFError,
    NotImplementedError,
    ZeroDivisionError,
    RuntimeError,  # libheif
    MemoryError,
    struct.error,
    zlib.error,
)


Crop = tuple[float, float, float, float]
"""What is cut off left, top, right and bottom, 0 to 1 each of the whole."""
UNCROPPED: Final[Crop] = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A decoded picture: RGB, upright as its EXIF says. dpi: None where the file tells none that can be true."""

    raster: Raster
    dpi: float | None
    media_type: str


def sniff(data: bytes) -> str | None:
    """The format of a picture by content: "jpeg", "png", "tiff", "bmp", "webp", "heif", "gif"; None if it is none."""
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heif"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    # "BM" alone is also the beginning of a text: the size of the header that follows is one of six.
    if data[:2] == b"BM" and data[14:18] in {struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124)}:
        return "bmp"
    return None


def decode(data: bytes, limits: Limits) -> Bitmap:
    """The (first) picture of a file. Raises Damaged, TooLarge; Damaged too for what `sniff` does not know."""
    for _, bitmap in iter_frames(data, limits):
        if isinstance(bitmap, ReadError):
            raise bitmap
        return bitmap
    raise Damaged("no picture in the file")


def count_frames(data: bytes, limits: Limits) -> int:
    """How many pages a picture file has. Raises Damaged, TooLarge("pages")."""
    return len(_tiff_pages(data, limits)) if sniff(data) == "tiff" else 1


def iter_frames(
    data: bytes, limits: Limits, known: Callable[[int], bool] = lambda number: False
) -> Iterator[tuple[int, Bitmap | ReadError]]:
    """The pages of a picture file, one at a time, each with its number from 1: one, except for TIFF.

    A page that cannot be decoded comes as its error, so that the others can still be read. Raises Damaged where not
    even the header can be read, and TooLarge("pages") before anything is decoded. known: pages that are left out.
    """
    format = sniff(data)
    if format is None:
        raise Damaged("not a picture of a known format")
    if format == "heif":
        _register_heif()
    if format == "jpeg" and lacks_scans(data):
        raise Damaged("jpeg: scans of the progressive picture are missing")
    wanted = _tiff_pages(data, limits) if format == "tiff" else [0]
    with warnings.catch_warnings():
        # Pillow warns of odd metadata and of large pictures; the size is checked by ourselves below.
        warnings.simplefilter("ignore")
        with _open(data, format) as image:
            for number, index in enumerate(wanted, 1):
                if known(number):
                    continue
                yield number, _frame(image, index, format, limits, last=index == wanted[-1])


def cropped(raster: Raster, crop: Crop) -> Raster:
    """What is shown of a picture; nothing where all of it is cropped away."""
    height, width = raster.shape[:2]
    left, right = round(crop[0] * width), width - round(crop[2] * width)
    top, bottom = round(crop[1] * height), height - round(crop[3] * height)
    return raster[top : max(bottom, top), left : max(right, left)]


def plausible_dpi(dpi: float, width: int, height: int) -> float | None:
    """`dpi` if a page of width × height pixels can have it, else None.

    Phones and image editors write 72 or 96 whatever the picture: a page that would be larger than A3 at such a figure
    was not scanned with it.
    """
    longest_mm = max(width, height) / dpi * 25.4 if dpi > 0 else 0.0
    most_mm = 450.0 if round(dpi) in (72, 96) else 1200.0
    return dpi if 60 <= dpi <= 1200 and 10 <= longest_mm <= most_mm else None


def missing_rows(raster: np.ndarray) -> int:
    """How many rows at the end of a decoded JPEG were never in the file; fewer than a block's 8 are not told.

    Decoders fill up what is missing with middle grey, without a word where the end mark is there all the same. No
    scanner gives a stripe of exactly that grey, from edge to edge.
    """
    values = raster.reshape(raster.shape[0], -1)
    lowest, highest = int(values[-1].min()), int(values[-1].max())
    if lowest != highest or lowest not in _FILLED:
        return 0
    same = (values == lowest).all(axis=1)[::-1]
    count = len(same) if same.all() else int(np.argmin(same))
    return count if count >= 8 else 0


def _register_heif() -> None:
    import pillow_heif  # takes 50 ms: only files that need it pay

    pillow_heif.register_heif_opener()


def _open(data: bytes, format: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS.get(format, (format.upper(),)))
    except Image.DecompressionBombError as e:
        raise TooLarge("pixels", str(e)) from e
    except _PILLOW_ERRORS as e:
        raise Damaged(f"{format}: {type(e).__name__}: {e}") from e


def _frame(image: Image.Image, index: int, format: str, limits: Limits, *, last: bool) -> Bitmap | ReadError:
    try:
        return _decode_frame(image, index, format, limits)
    except ReadError as error:
        return error
    finally:
        if last:
            image.close()  # its pixels would stay in memory while the page is looked at


def _decode_frame(image: Image.Image, index: int, format: str, limits: Limits) -> Bitmap:
    try:
        if index:
            image.seek(index)
        width, height = image.size
        if width * height > limits.pixels:
            raise TooLarge("pixels", f"{width} × {height} > {limits.pixels}")
        if min(width, height) < 1:
            raise Damaged(f"{format}: {width} × {height} pixels")
        image.load()
        # first of the end alone: most files are whole
        end = image.crop((0, max(0, height - 8), width, height))
        if format == "jpeg" and missing_rows(np.asarray(end)) and (missing := missing_rows(np.asarray(image))):
            raise Damaged(f"jpeg: the pixels of the last {missing} of {height} rows are missing")
        told = _resolution(image)
        ImageOps.exif_transpose(image, in_place=True)
        across, down = told if image.size == (width, height) else (told[1], told[0])
        raster, dpi = _square_pixels(_rgb(image), across, down, limits)
    except Image.DecompressionBombError as e:
        raise TooLarge("pixels", str(e)) from e
    except _PILLOW_ERRORS as e:
        raise Damaged(f"{format}, page {index + 1}: {type(e).__name__}: {e}") from e
    known = plausible_dpi(dpi, raster.shape[1], raster.shape[0]) if dpi else None
    return Bitmap(raster, known, _MEDIA_TYPES[format])


def _rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB; what is transparent shows white paper."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _eight_bits(deep: np.ndarray) -> np.ndarray:
    """Grey of 16 or more bits as 8 bits: by the type's own range if the values fit it, else stretched."""
    values = deep.astype(np.float32)
    greatest = float(values.max(initial=0.0))
    if not np.isfinite(greatest) or float(values.min(initial=0.0)) < 0:
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        values -= values.min()
        greatest = float(values.max())
    full = 1.0 if greatest <= 1 else 255.0 if greatest <= 255 else 65535.0 if greatest <= 65535 else greatest
    return (values * (255.0 / full)).astype(np.uint8)


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down as stored; 0.0 where none is told."""
    told = image.info.get("dpi")
    if not isinstance(told, tuple) or len(told) != 2:
        return 0.0, 0.0
    across, down = (float(value) for value in told)
    if not (across > 0 and down > 0 and across < 1e5 and down < 1e5):
        return 0.0, 0.0
    return across, down


def _square_pixels(image: Image.Image, across: float, down: float, limits: Limits) -> tuple[Raster, float]:
    """The raster with square pixels: fax pages have 204 × 98 dots per inch and would look flattened."""
    if across and max(across, down) / min(across, down) > 1.1 and max(across, down) / min(across, down) < 4:
        dpi = max(across, down)
        size = round(image.width * dpi / across), round(image.height * dpi / down)
        if size[0] * size[1] <= limits.pixels:
            return _raster(image.resize(size, Image.Resampling.BICUBIC)), dpi
    return _raster(image), across


def _raster(image: Image.Image) -> Raster:
    """The pixels of an RGB picture; of a large one in bands of rows, for Pillow joins what it hands over from parts."""
    rows = _BAND_PIXELS // image.width
    if rows >= image.height:
        return np.asarray(image)
    raster = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, max(1, rows)):
        bottom = min(image.height, top + max(1, rows))
        raster[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return raster


def _tiff_pages(data: bytes, limits: Limits) -> list[int]:
    """Indexes of the TIFF's pages, leaving out thumbnails (NewSubfileType 1). Bounded, whatever the chain says.

    TIFF 6.0, section 2: a chain of directories, each a count, entries of 12 bytes (BigTIFF 20) and the next's offset.
    """
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    count_format, entry_size, next_format, first = ("Q", 20, "Q", 8) if big else ("H", 12, "I", 4)
    pages: list[int] = []
    seen: set[int] = set()
    try:
        (offset,) = struct.unpack_from(order + next_format, data, first)
        while offset:
            if offset in seen:
                raise TooLarge("pages", f"directories in a circle at byte {offset}: pages without end")
            if len(seen) > 2 * limits.pages:
                raise TooLarge("pages", f"more than {limits.pages}")
            (count,) = struct.unpack_from(order + count_format, data, offset)
            entries = offset + struct.calcsize(count_format)
            if count > 4096:
                raise Damaged(f"tiff: {count} entries in a directory")
            if not _is_thumbnail(data, order, entries, count, entry_size):
                pages.append(len(seen))
            seen.add(offset)
            (offset,) = struct.unpack_from(order + next_format, data, entries + count * entry_size)
    except struct.error as e:
        if not pages:
            raise Damaged(f"tiff: {e}") from e
        # The chain breaks off: Pillow sees as many pages as were found here.
    if len(pages) > limits.pages:
        raise TooLarge("pages", f"{len(pages)} > {limits.pages}")
    return pages or [0]


def _is_thumbnail(data: bytes, order: str, entries: int, count: int, entry_size: int) -> bool:
    for entry in range(entries, entries + count * entry_size, entry_size):
        (tag,) = struct.unpack_from(order + "H", data, entry)
        if tag == 254:  # NewSubfileType
            (value,) = struct.unpack_from(order + "I", data, entry + entry_size - (8 if entry_size == 20 else 4))
            return bool(value & 1)
    return False
