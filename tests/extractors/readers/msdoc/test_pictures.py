"""Pictures: inline and floating ones, bitmaps inside metafiles, and those that cannot be looked at."""

import io
import struct
import zlib

import pytest
from PIL import Image

from extractors.document import Document, Line, Page, Picture, Place, Seal, SealColour, SealShape, Source, Story
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import metafile, msdoc
from extractors.readers.msdoc import officeart
from tests.build import emf
from tests.build_doc import DGG, SPA, Parts, Run, doc, par, plc, prl

SEAL = Seal(SealShape.ROUND, SealColour.RED, "中国林学会", Place())
SPEC = prl(0x0855)
AT_0 = SPEC + prl(0x6A03, 0)


def encoded(format: str, size: tuple[int, int] = (96, 48), colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, format)
    return stream.getvalue()


class Looker:
    """Remembers what it was shown, and reads one word on everything."""

    def __init__(self) -> None:
        self.shots: list[Shot] = []

    def __call__(self, shot: Shot) -> Sight:
        self.shots.append(shot)
        return Sight(Page(1, Source.OCR), (Line("章", Place(), source=Source.OCR),), (SEAL,))


def read(data: bytes, limits: Limits | None = None) -> tuple[Document, list[Shot]]:
    look = Looker()
    return msdoc.read(data, look, limits or Limits()), look.shots


def record(kind: int, body: bytes, version: int = 0, instance: int = 0) -> bytes:
    return struct.pack("<HHI", version | instance << 4, kind, len(body)) + body


def blip(kind: int, instance: int, data: bytes) -> bytes:
    return record(kind, bytes(16) + b"\xff" + data, instance=instance)


PNG = blip(0xF01E, 0x6E0, encoded("PNG"))
JPEG = blip(0xF01D, 0x46A, encoded("JPEG"))
DIB = blip(0xF01F, 0x7A8, encoded("BMP")[14:])


def metafile_blip(kind: int, instance: int, data: bytes) -> bytes:
    packed = zlib.compress(data)
    header = struct.pack("<I", len(data)) + bytes(24) + struct.pack("<IBB", len(packed), 0, 0xFE)
    return record(kind, bytes(16) + header + packed, instance=instance)


def picf(shape: bytes, width: int = 1440, height: int = 720) -> bytes:
    head = struct.pack("<IHHHHH", 68 + len(shape), 68, 0x64, 0, 0, 0) + bytes(14)
    return (head + struct.pack("<hhHH", width, height, 1000, 1000)).ljust(68, b"\0") + shape


def inline(*blips: bytes, width: int = 1440, height: int = 720) -> bytes:
    parts = Parts(streams={"Data": picf(b"".join(blips), width, height)})
    return doc(par("before"), par("a", Run("\x01", AT_0)), par("after"), parts=parts)


@pytest.mark.parametrize(("stored", "media_type"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (DIB, "image/x-dib")])
def test_an_inline_picture_is_looked_at_where_it_stands(stored, media_type):
    document, shots = read(inline(stored))
    place = Place(path="paragraph 2")
    assert document.pictures == (Picture(place, 96, 48, media_type),)
    assert [(line.text, line.story, line.place.path) for line in document.lines] == [
        ("before", Story.BODY, "paragraph 1"),
        ("a", Story.BODY, "paragraph 2"),
        ("章", Story.PICTURE, "paragraph 2"),
        ("after", Story.BODY, "paragraph 3"),
    ]
    assert [(shot.raster.shape, shot.dpi) for shot in shots] == [((48, 96, 3), 96.0)]


def test_a_scan_inside_a_metafile_is_looked_at():
    dib = encoded("BMP")[14:]
    document, shots = read(inline(metafile_blip(0xF01A, 0x3D4, emf(dib))))
    assert document.pictures == (Picture(Place(path="paragraph 2"), 96, 48, "image/x-emf"),)
    assert shots[0].raster[0, 0].tolist() == [255, 0, 0]


def test_a_bitmap_inside_a_wmf_is_found():
    dib = encoded("BMP")[14:]
    body = bytes(22) + dib
    stretch = struct.pack("<IH", (6 + len(body)) // 2, 0x0F43) + body
    assert metafile.bitmap(bytes(18) + stretch) == dib[: len(dib) // 2 * 2]


@pytest.mark.parametrize("data", [b"", bytes(18), bytes(40) + b" EMF", bytes(44) + b"\xff" * 40])
def test_a_metafile_without_a_bitmap_has_none(data):
    assert metafile.bitmap(data) == b""


@pytest.mark.parametrize(("width", "blind"), [(400, False), (3000, True)])
def test_a_drawing_that_cannot_be_looked_at_is_a_defect(width, blind):
    drawing = metafile_blip(0xF01A, 0x3D4, emf(b""))
    document, shots = read(inline(drawing, width=width, height=width))
    assert [(defect.code, defect.blind) for defect in document.defects] == [("picture_not_read", blind)]
    assert (len(document.pictures), shots) == (1, [])


def test_a_small_picture_is_not_looked_at():
    document, shots = read(inline(blip(0xF01E, 0x6E0, encoded("PNG", (20, 200)))))
    assert (document.pictures[0].width, shots, document.defects) == (20, [], ())


def test_a_broken_picture_is_a_defect():
    document, _shots = read(inline(blip(0xF01E, 0x6E0, encoded("PNG")[:60])))
    assert [(defect.code, defect.blind) for defect in document.defects] == [("picture_not_read", True)]


def test_a_picture_of_too_many_pixels_is_a_defect():
    document, shots = read(inline(PNG), Limits(pixels=1000))
    assert ([defect.code for defect in document.defects], shots) == (["picture_not_read"], [])


def test_an_offset_past_the_end_is_a_defect():
    run = Run("\x01", SPEC + prl(0x6A03, 1 << 30))
    document, _ = read(doc(par("a", run)))
    assert [(defect.code, defect.blind, defect.place.path) for defect in document.defects] == [
        ("damaged_part", True, "paragraph 1")
    ]


def floating(store: bytes, *shapes: bytes) -> bytes:
    dgg = record(0xF000, record(0xF001, store, version=15), version=15)
    page = record(0xF004, record(0xF00A, struct.pack("<II", 1024, 5)), version=15)
    dg = record(0xF002, record(0xF003, page + b"".join(shapes), version=15), version=15)
    spa = struct.pack("<I4i", 1025, 0, 0, 2880, 1440) + bytes(6)
    parts = Parts(table={DGG: dgg + b"\0" + dg, SPA: plc([1, 9], [spa])})
    return doc(par("a", Run("\x08", SPEC), "b"), par("after"), parts=parts)


def shape(spid: int, *properties: tuple[int, int], extra: bytes = b"") -> bytes:
    fopt = b"".join(struct.pack("<HI", opid, value) for opid, value in properties) + extra
    body = record(0xF00A, struct.pack("<II", spid, 0)) + record(0xF00B, fopt, version=3, instance=len(properties))
    return record(0xF004, body, version=15)


def bse(inner: bytes) -> bytes:
    return record(0xF007, bytes(36) + inner, version=2)


def test_a_floating_picture_is_found_through_its_shape():
    document, _shots = read(floating(bse(JPEG) + bse(PNG), shape(1025, (0x4104, 2))))
    assert document.pictures == (Picture(Place(path="paragraph 1"), 96, 48, "image/png"),)
    assert [line.text for line in document.lines] == ["ab", "章", "after"]


def test_pictures_of_a_group_belong_to_its_anchor():
    group = record(0xF003, shape(1025) + shape(1026, (0x4104, 1)) + shape(1027, (0x4186, 2)), version=15)
    document, _shots = read(floating(bse(JPEG) + bse(PNG), group))
    assert [picture.media_type for picture in document.pictures] == ["image/jpeg", "image/png"]


def test_the_text_of_word_art_is_read():
    text = "草稿\0".encode("utf-16-le")
    document, _ = read(floating(b"", shape(1025, (0x80C0, len(text)), extra=text)))
    assert [(line.text, line.story) for line in document.lines] == [
        ("ab", Story.BODY),
        ("草稿", Story.TEXT_BOX),
        ("after", Story.BODY),
    ]


def test_the_same_picture_is_looked_at_once():
    twice = par(Run("\x01", AT_0), "and", Run("\x01", AT_0))
    document, shots = read(doc(twice, parts=Parts(streams={"Data": picf(PNG)})))
    assert (len(document.pictures), len(shots)) == (2, 1)


def test_a_seal_that_is_shown_twice_is_told_twice_and_its_text_once():
    twice = doc(par(Run("\x01", AT_0)), par(Run("\x01", AT_0)), parts=Parts(streams={"Data": picf(PNG)}))
    document, _ = read(twice)
    assert [seal.place.path for seal in document.seals] == ["paragraph 1", "paragraph 2"]
    assert [line.text for line in document.lines] == ["章"]


def test_what_is_cropped_away_is_not_looked_at():
    crop = ((0x0102, 0x4000), (0x0101, 0x8000), (0x0103, 0xFFFF0000))  # a quarter left, half below, a margin right
    large = blip(0xF01E, 0x6E0, encoded("PNG", (192, 96)))
    _, shots = read(inline(shape(1025, (0x4104, 1), *crop) + large, width=1440, height=720))
    assert [(shot.raster.shape, shot.dpi) for shot in shots] == [((48, 144, 3), 192.0)]


def test_a_floating_picture_is_cropped_as_its_shape_says():
    large = blip(0xF01E, 0x6E0, encoded("PNG", (384, 192)))
    _, shots = read(floating(bse(large), shape(1025, (0x4104, 1), (0x0102, 0x8000))))
    assert [(shot.raster.shape, shot.dpi) for shot in shots] == [((192, 192, 3), 96.0)]


def test_pictures_beyond_the_limit_are_not_looked_at():
    document, shots = read(inline(PNG, JPEG), Limits(pictures=1))
    assert [(defect.code, defect.blind) for defect in document.defects] == [("picture_limit", True)]
    assert (len(document.pictures), len(shots)) == (2, 1)


def test_what_metafiles_expand_to_is_bounded_for_all_together():
    bomb = metafile_blip(0xF01A, 0x3D4, bytes(officeart.INFLATED_BYTES + 1000))
    document, _ = read(inline(bomb, bomb, bomb))
    assert len(document.pictures) == 3
    assert {defect.code for defect in document.defects} == {"picture_not_read"}


def test_a_deleted_picture_is_not_there():
    deleted = par("a", Run("\x01", AT_0 + prl(0x0800)))
    document, shots = read(doc(deleted, parts=Parts(streams={"Data": picf(PNG)})))
    assert (document.pictures, shots) == ((), [])


def test_records_in_records_end_somewhere():
    deep = PNG
    for _ in range(200):
        deep = record(0xF003, deep, version=15)
    document, _ = read(floating(deep, deep))
    assert document.pictures == ()


def test_pictures_that_overlap_are_not_taken_out_for_ever():
    """Each of 2,000 PICFs, 68 bytes apart, claims the rest of the stream: 130 MB out of 140 kB."""
    head = struct.pack("<IHHHHH", 0x7FFFFFFF, 68, 0x08, 0, 0, 0).ljust(68, b"\0")
    runs = [Run("\x01", SPEC + prl(0x6A03, 68 * number)) for number in range(2000)]
    document, _ = read(doc(par(*runs), parts=Parts(streams={"Data": head * 2000})))
    assert "damaged_part" in {defect.code for defect in document.defects}
    assert len(document.pictures) < 100
