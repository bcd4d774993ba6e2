from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from extractors.document import Block, Line, Page, Picture, Place, Source
from extractors.errors import Damaged, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import image as reader
from extractors.readers.bitmaps import plausible_dpi
from tests.build import picture, png


class Eye:
    """Remembers what it was shown and sees the number of the shot."""

    def __init__(self) -> None:
        self.shots: list[Shot] = []

    def __call__(self, shot: Shot) -> Sight:
        self.shots.append(shot)
        line: Block = Line(f"第{len(self.shots)}次", Place(), 0.5, source=Source.OCR)
        return Sight(Page(1, Source.OCR, dpi=shot.dpi), (line,), ())


def heif() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.open(io.BytesIO(png(64, 48)))).save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "format", "media_type"),
    [
        (picture(format="JPEG"), "jpeg", "image/jpeg"),
        (png(), "png", "image/png"),
        (picture(format="TIFF"), "tiff", "image/tiff"),
        (picture(format="TIFF", compression="group4", mode="1"), "tiff", "image/tiff"),
        (picture(format="BMP"), "bmp", "image/bmp"),
        (picture(format="WEBP"), "webp", "image/webp"),
        (heif(), "heif", "image/heif"),
    ],
)
def test_a_picture_is_one_page(data: bytes, format: str, media_type: str) -> None:
    eye = Eye()
    assert reader.recognises(data)
    document = reader.read(data, eye, Limits())
    raster = eye.shots[0].raster
    assert document.format == format
    assert document.pages == (Page(1, Source.OCR, dpi=eye.shots[0].dpi),)
    assert document.blocks == (Line("第1次", Place(page=1), 0.5, source=Source.OCR),)
    assert document.pictures == (Picture(Place(page=1), raster.shape[1], raster.shape[0], media_type),)
    # The bar is dark, the paper white.
    assert raster[2, 2].max() < 60
    assert raster[-3, -3].min() > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "RGB"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    eye = Eye()
    if mode == "I;16":
        grey = np.full((40, 60), 65535, np.uint16)
        grey[:10, :20] = 0
        buffer = io.BytesIO()
        Image.fromarray(grey).save(buffer, "PNG")
        data = buffer.getvalue()
    else:
        data = picture(mode=mode, format="TIFF" if mode == "CMYK" else "PNG")
    reader.read(data, eye, Limits())
    raster = eye.shots[0].raster
    assert raster.shape == (40, 60, 3)
    assert raster.dtype == np.uint8
    assert raster[2, 2].tolist() == [0, 0, 0]
    assert raster[30, 50].tolist() == [255, 255, 255]


def test_transparent_parts_show_white_paper() -> None:
    eye = Eye()
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(buffer, "PNG")
    reader.read(buffer.getvalue(), eye, Limits())
    assert eye.shots[0].raster.min() == 255


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_exif_tells_which_way_is_up(orientation: int) -> None:
    eye = Eye()
    turns = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    upright = Image.open(io.BytesIO(png(60, 40)))
    turn = turns[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    stored.save(buffer, "PNG", exif=exif)
    reader.read(buffer.getvalue(), eye, Limits())
    raster = eye.shots[0].raster
    assert raster.shape == (40, 60, 3)
    assert raster[2, 2].max() == 0


@pytest.mark.parametrize(
    ("dpi", "width", "height", "told"),
    [
        (200, 1654, 2339, 200),
        (300, 2480, 3508, 300),
        (72, 595, 842, 72),
        (72, 4000, 3000, None),  # a photo
        (96, 2480, 3508, None),
        (20, 800, 800, None),
        (2400, 800, 800, None),
        (0, 800, 800, None),
    ],
)
def test_a_resolution_is_believed_where_it_can_be_true(dpi: float, width: int, height: int, told: float | None) -> None:
    assert plausible_dpi(dpi, width, height) == told


def test_the_resolution_is_told() -> None:
    eye = Eye()
    reader.read(picture(400, 300, "JPEG", dpi=(150, 150)), eye, Limits())
    assert eye.shots[0].dpi == 150


def test_a_fax_with_flat_pixels_gets_square_ones() -> None:
    eye = Eye()
    reader.read(picture(204, 98, "TIFF", dpi=(204, 98)), eye, Limits())
    assert eye.shots[0].raster.shape == (204, 204, 3)
    assert eye.shots[0].dpi == pytest.approx(204)


def tiff(pages: int, **save: object) -> bytes:
    images = [Image.new("RGB", (40, 40 + page), "white") for page in range(pages)]
    buffer = io.BytesIO()
    images[0].save(buffer, "TIFF", save_all=True, append_images=images[1:], **save)
    return buffer.getvalue()


def test_a_tiffs_pages_are_read_in_order() -> None:
    eye = Eye()
    document = reader.read(tiff(3), eye, Limits())
    assert [shot.raster.shape[0] for shot in eye.shots] == [40, 41, 42]
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert [line.place.page for line in document.lines] == [1, 2, 3]


def test_too_many_pages_are_refused_before_any_is_looked_at() -> None:
    eye = Eye()
    with pytest.raises(TooLarge) as caught:
        reader.read(tiff(5), eye, Limits(pages=4))
    assert caught.value.limit == "pages"
    assert eye.shots == []


def test_directories_in_a_circle_are_pages_without_end() -> None:
    data = bytearray(tiff(1))
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    with pytest.raises(TooLarge, match="circle") as refused:
        reader.read(bytes(data), Eye(), Limits())
    assert refused.value.limit == "pages"


def test_a_bad_page_is_a_blind_defect_beside_good_ones() -> None:
    data = tiff(2, compression="tiff_lzw")
    broken = bytearray(data)
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    for entry in range(first + 2, first + 2 + 12 * count, 12):
        (tag,) = struct.unpack_from("<H", data, entry)
        if tag == 273:  # StripOffsets of the first page: beyond the file
            struct.pack_into("<I", broken, entry + 8, len(data) + 1000)
    document = reader.read(bytes(broken), Eye(), Limits())
    assert [page.number for page in document.pages] == [2]
    assert [(defect.code, defect.place.page, defect.blind) for defect in document.defects] == [
        ("page_not_read", 1, True)
    ]


@pytest.mark.parametrize(("width", "height"), [(30000, 30000), (12000, 12000)])
def test_pixels_are_counted_before_they_are_decoded(width: int, height: int) -> None:
    header = bytearray(png())
    struct.pack_into(">II", header, 16, width, height)
    struct.pack_into(">I", header, 29, zlib.crc32(header[12:29]))
    with pytest.raises(TooLarge) as caught:
        reader.read(bytes(header), Eye(), Limits())
    assert caught.value.limit == "pixels"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "BMP", "WEBP"])
def test_a_truncated_picture_is_damaged_never_half_grey(format: str) -> None:
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, format)
    data = buffer.getvalue()
    for part in (0.3, 0.7, 0.95):
        with pytest.raises(Damaged):
            reader.read(data[: int(len(data) * part)], Eye(), Limits())


@pytest.mark.parametrize("data", [b"", b"BM is how this text begins", b"GIF89a", b"RIFF0000WAVE", b"PK\x03\x04"])
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert not reader.recognises(data)


def jpeg(page: np.ndarray, **save: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(page).save(buffer, "JPEG", **save)  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.mark.parametrize("save", [{}, {"quality": 20}, {"restart_marker_rows": 1}, {"subsampling": 0}], ids=str)
@pytest.mark.parametrize("grey", [False, True])
def test_a_jpeg_whose_pixels_are_missing_before_its_end_mark_is_damaged(save: dict[str, int], grey: bool) -> None:
    noise = np.random.default_rng(1).normal(200, 30, (400, 300, 3)).clip(0, 255).astype(np.uint8)
    whole = jpeg(noise[..., 0] if grey else noise, **save)
    assert len(reader.read(whole, Eye(), Limits()).pages) == 1
    with pytest.raises(Damaged, match="rows are missing"):
        reader.read(whole[: len(whole) // 2] + b"\xff\xd9", Eye(), Limits())


@pytest.mark.parametrize("grey", [False, True])
def test_a_progressive_jpeg_whose_scans_are_missing_before_its_end_mark_is_damaged(grey: bool) -> None:
    noise = np.random.default_rng(1).normal(200, 30, (400, 300, 3)).clip(0, 255).astype(np.uint8)
    whole = jpeg(noise[..., 0] if grey else noise, progressive=True)
    assert len(reader.read(whole, Eye(), Limits()).pages) == 1
    for part in (0.1, 0.3):
        with pytest.raises(Damaged, match="scans"):
            reader.read(whole[: int(len(whole) * part)] + b"\xff\xd9", Eye(), Limits())


def test_a_jpeg_of_nothing_but_markers_ends() -> None:
    for filling in (b"\xff", b"\xff\xc2\x00\x00", b"\xff\xda", b"\xff\xc4\x00\x02"):
        data = b"\xff\xd8\xff" + filling * ((4 << 20) // len(filling))
        with pytest.raises(Damaged):
            reader.read(data, Eye(), Limits())


def test_a_page_that_is_grey_all_over_is_a_page() -> None:
    page = np.full((400, 300, 3), 200, np.uint8)
    page[300:] = 128
    page[350, 20:40] = 10
    assert len(reader.read(png_of(page), Eye(), Limits()).pages) == 1


def png_of(page: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(page).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("format", ["png", "tiff", "jpeg", "bmp"])
def test_sixty_thousand_pixels_a_side_are_refused_before_memory_is_taken(format: str) -> None:
    header = {
        "png": b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(1000))),
        "tiff": huge_tiff(),
        "jpeg": jpeg(np.zeros((16, 16, 3), np.uint8)).replace(b"\x00\x10\x00\x10\x03", b"\xea\x60\xea\x60\x03"),
        "bmp": b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0),
    }[format]
    tracemalloc.start()
    with pytest.raises(TooLarge) as refused:
        reader.read(header, Eye(), Limits())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.limit == "pixels"
    assert peak < 8 << 20


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_tiff() -> bytes:
    entries = ((256, 4, 60000), (257, 4, 60000), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1))
    entries += ((278, 4, 60000), (279, 4, 100))
    directory = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + struct.pack("<I", 0)
