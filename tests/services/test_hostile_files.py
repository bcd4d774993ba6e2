"""Files made to break their reader, each in one submission with an honest form, against the real service."""

from __future__ import annotations

import signal
import struct
import zlib
from collections.abc import Callable, Iterator

import grpc
import pytest

from heyan.v1 import report_pb2
from tests.build import assemble, docx, drawing, paragraph, picture, stream
from tests.services.test_server import FORM, Service, launch, wait_until_serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("server")
    process = launch(
        folder, HEYAN_WORKERS="2", HEYAN_THREADS="1", HEYAN_WORKER_MEMORY_MB="2048", HEYAN_FILE_SECONDS="20"
    )
    with grpc.insecure_channel(f"unix:{folder}/s") as channel:
        wait_until_serving(channel)
        yield Service(process, channel)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.communicate()
    log, _, _ = (folder / "log").read_text().partition("draining")
    assert "Traceback" not in log
    assert "密件" not in log, "names of files are not logged"


OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def encrypted_docx() -> bytes:
    """A compound file whose root holds EncryptedPackage: what Word writes under a password."""
    numbers = (9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header = struct.pack("<8s16xHHHHH6xIIIIIIIII", OLE_MAGIC, 0x3E, 3, 0xFFFE, *numbers)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)

    def entry(name: str, kind: int, child: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return struct.pack("<64sHBBIII36xIQ", text, len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, 0xFFFFFFFE, 0)

    directory = entry("Root Entry", 5, 1) + entry("EncryptedPackage", 2, 0xFFFFFFFF)
    return header + fat + directory.ljust(512, b"\0") + b"\0" * 5000


def one_page(content: bytes, entries: str = "", box: str = "[0 0 595 842]", **objects: bytes) -> bytes:
    """A PDF of one page; objects: further ones by number, as o50=..."""
    return assemble(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
            6: b"<< >>",
            10: f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents 11 0 R /Resources << {entries} >> >>".encode(),
            11: stream(content),
            **{int(number[1:]): data for number, data in objects.items()},
        }
    )


def encrypted_pdf() -> bytes:
    """A PDF whose user password is not the empty one."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    data = one_page(b"", o50=lock)
    identity = b"/Encrypt 50 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Root"
    return data.replace(b"/Root", identity)


def form_that_draws_itself_twice() -> bytes:
    form = stream(
        b"/A Do /A Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 50 0 R >> >>"
    )
    return one_page(b"/A Do", "/XObject << /A 50 0 R >>", o50=form)


def many_pages() -> bytes:
    kids = " ".join(["10 0 R"] * 10_000)
    return one_page(b"").replace(b"/Kids [10 0 R] /Count 1", f"/Kids [{kids}] /Count 10000".encode())


def scan_of(width: int, height: int) -> bytes:
    image = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    return one_page(b"q 595 0 0 842 0 0 cm /A Do Q", "/XObject << /A 50 0 R >>", o50=stream(b"few", image))


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header claims this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame header claims this size."""
    data = bytearray(picture(64, 64, "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def tiff_chain(count: int) -> bytes:
    """A TIFF of `count` directories; of 0, one that follows itself."""
    ring, count = count == 0, max(count, 1)
    out = b"II*\0" + struct.pack("<I", 8)
    for index in range(count):
        following = 8 if ring else 8 + 30 * (index + 1)
        out += struct.pack("<HHHIIHHIII", 2, 256, 3, 1, 10, 257, 3, 1, 10, following)
    return out + b"\0" * 8


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return docx(parts={"document.xml": f"<!DOCTYPE w:document [{entities}]><w:document {{ns}}>&e9;</w:document>"})


def nested_tables(count: int) -> bytes:
    return docx("<w:tbl><w:tr><w:tc>" * count + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * count)


def damaged_heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(range(256)) * 20


BLANKS = zlib.compress(b" " * (64 << 20), 9)

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a docx under a password": (encrypted_docx, "encrypted"),
    "a pdf under a password": (encrypted_pdf, "encrypted"),
    "a docx that unpacks to a thousand times its size": (lambda: docx("A" * (16 << 20)), "too_large"),
    "a docx of entities of entities": (entity_bomb, "damaged"),
    "a docx of 10 000 tables in one another": (lambda: nested_tables(10_000), "damaged"),
    "a docx cut off": (lambda: FORM[:-30], "damaged"),
    "a pdf of 10 000 pages": (many_pages, "too_large"),
    "a pdf page of 5 × 5 m": (lambda: one_page(b"", box="[0 0 14173 14173]"), "too_large"),
    "a pdf with a scan of 60 000 × 60 000 pixels": (lambda: scan_of(60_000, 60_000), "too_large"),
    "a pdf with a form that draws itself twice": (form_that_draws_itself_twice, "reader_crashed"),
    "a pdf of nothing but its header": (lambda: b"%PDF-1.7\n", "damaged"),
    "a png of 60 000 × 60 000 pixels": (lambda: png_of(60_000, 60_000), "too_large"),
    "a png of 2³¹ pixels a side": (lambda: png_of(2**31 - 1, 2**31 - 1), "too_large"),
    "a png without its pixels": (lambda: png_of(500, 500), "damaged"),
    "a jpeg of 65 535 × 65 535 pixels": (lambda: jpeg_of(65535, 65535), "too_large"),
    "a jpeg of no pixels": (lambda: jpeg_of(0, 0), "damaged"),
    "a jpeg cut off": (lambda: picture(400, 400, "JPEG")[:-300], "damaged"),
    "a tiff of directories in a circle": (lambda: tiff_chain(0), "too_large"),
    "a tiff of 5 000 directories": (lambda: tiff_chain(5000), "too_large"),
    "a heic of garbage": (damaged_heic, "damaged"),
    "an executable": (lambda: b"MZ" + bytes(range(256)), "unsupported"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_unreadable_and_the_form_beside_it_is_checked(service: Service, what: str) -> None:
    build, code = HOSTILE[what]
    report = service.check(("../../密件 <b>%s&.docx", build()), ("项目申报书.docx", FORM)).report
    bad, good = report.documents
    assert bad.unreadable.code == code
    assert bad.unreadable.message.zh.endswith("。")
    assert bad.unreadable.message.en.endswith(".")
    assert good.kind == "application_form"
    assert report.verdict in (report_pb2.VERDICT_RETURN, report_pb2.VERDICT_REVIEW)


def test_a_pdf_that_unpacks_to_gigabytes_does_not_take_the_service_along(service: Service) -> None:
    bomb = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(BLANKS) + BLANKS + b"\nendstream"
    report = service.check(("密件.pdf", one_page(b"", o11=bomb)), ("项目申报书.docx", FORM)).report
    assert report.documents[1].kind == "application_form"
    assert report.verdict != report_pb2.VERDICT_ACCEPTABLE


def test_a_broken_picture_in_a_docx_is_told_and_its_text_is_read(service: Service) -> None:
    data = docx(
        "项目申报书",
        paragraph(drawing("rId9")),
        relations={"rId9": ("image", "media/a.png")},
        parts={"media/a.png": png_of(60_000, 60_000)},
    )
    (reading,) = service.check(("密件.docx", data)).report.documents
    assert not reading.unreadable.code
    assert any(defect.blind for defect in reading.document.defects)
