from __future__ import annotations

import gzip
import io
import struct
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from PIL import Image

from extractors.document import Document, Page, Source
from extractors.errors import Ambiguous, Damaged, Empty, Encrypted, ReadError, TooLarge, UnknownFormat, Unsupported
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.read import READERS, read
from tests.build import PdfPage, archive, docx, drawing, fill, paragraph, pdf, picture, png, rules, run, text

LIMITS = Limits(pixels=4_000_000, unpacked_bytes=8 << 20, pages=20)


def look(shot: Shot) -> Sight:
    """Sees nothing on any picture."""
    return Sight(Page(1, Source.OCR, dpi=shot.dpi), (), ())


def gif() -> bytes:
    buffer = io.BytesIO()
    Image.new("P", (9, 9)).save(buffer, "GIF")
    return buffer.getvalue()


def compound(*names: str) -> bytes:
    """An OLE compound file with empty streams of these names below its root."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)  # FAT sectors
    struct.pack_into("<I", header, 48, 1)  # the directory begins in sector 1
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    count = (len(names) + 1 + 3) // 4
    chain = [0xFFFFFFFD, *range(2, count + 1), 0xFFFFFFFE]
    fat = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    entries = [entry("Root Entry", 5, 0xFFFFFFFF, 1 if names else 0xFFFFFFFF)]
    for index, name in enumerate(names, 1):
        entries.append(entry(name, 2, index + 1 if index < len(names) else 0xFFFFFFFF, 0xFFFFFFFF))
    return bytes(header) + fat + b"".join(entries).ljust(count * 512, b"\0")


def entry(name: str, kind: int, right: int, child: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII48x", raw, len(raw) + 2, kind, 1, 0xFFFFFFFF, right, child).ljust(128, b"\0")


FILES = {
    "docx": docx("文"),
    "msdoc": (Path(__file__).parent / "readers" / "msdoc" / "files" / "form.doc").read_bytes(),
    "pdf": pdf("文"),
    "image": png(),
    "rtf": "{\\rtf1\\ansi 文}".encode("gb18030"),
    "html": "<!DOCTYPE html><html><body>文</body></html>".encode(),
    "wordml": (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body/></w:wordDocument>'
    ),
    "text": "各会员单位：\n现将通知印发".encode("gb18030"),
}


@pytest.mark.parametrize("data", [b"", b"  \n", bytes(5000), b" \0\r\n\t"])
def test_a_file_without_content_is_empty(data: bytes) -> None:
    with pytest.raises(Empty):
        read(data, look, LIMITS)


@pytest.mark.parametrize("name", sorted(FILES))
def test_exactly_one_reader_recognises_a_file(name: str) -> None:
    assert [each for each, reader in READERS.items() if reader.recognises(FILES[name])] == [name]


def test_the_content_decides_what_a_file_is() -> None:
    assert [read(data, look, LIMITS).format for data in FILES.values()] == [
        "docx", "doc", "pdf", "png", "rtf", "html", "wordml", "text",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"From: a@b.cn\nTo: c@d.cn\nSubject: x\n\nbody", "eml"),
        (
            b"From: a@b.cn\nTo: c@d.cn\nContent-Type: multipart/mixed; boundary=m\n\n--m\n"
            b"Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<html>\n--r--\n--m\n",
            "eml",
        ),
        (
            b'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">',
            "flat-opc",
        ),
        (b'<?xml version="1.0"?><a/>', "xml"),
        (archive({"[Content_Types].xml": "spreadsheetml.sheet.main+xml"}), "xlsx"),
        (archive({"[Content_Types].xml": "presentationml.presentation.main+xml"}), "pptx"),
        (archive({"OFD.xml": "<OFD/>"}), "ofd"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.text"}), "odf"),
        (archive({"a.txt": "x"}), "zip"),
        (archive({"a.pdf": pdf("文")}), "zip"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c....", "7z"),
        (gzip.compress(b"x", mtime=0), "gzip"),
        (gif(), "gif"),
        (compound("Workbook"), "xls"),
        (compound("PowerPoint Document"), "ppt"),
        (compound("FileHeader", "DocInfo"), "hwp"),
        (compound("Something"), "ole"),
        (b"MZ\x90\x00", "exe"),
    ],
)
def test_what_has_no_reader_is_refused_by_name(data: bytes, format: str) -> None:
    with pytest.raises(Unsupported) as caught:
        read(data, look, LIMITS)
    assert caught.value.format == format


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (archive({"a.pdf": pdf("文")}), "请解压", "unpack it"),
        (b"From: a@b.cn\nTo: c@d.cn\nSubject: x\n\nbody", "邮件请另存附件", "save a mail's attachments"),
        (gif(), "另存为 .docx 或 PDF", "save it as .docx or PDF"),
    ],
)
def test_the_advice_is_one_that_can_be_taken(data: bytes, zh: str, en: str) -> None:
    with pytest.raises(Unsupported) as caught:
        read(data, look, LIMITS)
    assert zh in caught.value.zh
    assert en in caught.value.en


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\x00\x01\x02\x03", b"\xd9\x5a\x01\xff" * 100])
def test_noise_is_of_unknown_format(data: bytes) -> None:
    with pytest.raises(UnknownFormat):
        read(data, look, LIMITS)


def test_an_encrypted_docx_needs_a_password() -> None:
    with pytest.raises(Encrypted):
        read(compound("EncryptionInfo", "EncryptedPackage"), look, LIMITS)


def under_password(data: bytes, password: str) -> bytes:
    """A .docx as Word saves it with a password to open."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def test_the_password_opens_a_docx_and_another_does_not() -> None:
    text = "".join(map(chr, range(0x4E00, 0x6E00)))  # long enough: msoffcrypto garbles what it packs below 4 KiB
    data = under_password(docx(text), "密码1")
    assert read(data, look, LIMITS, password="密码1").text == text
    for password, said in (("", "请取消密码保护"), ("密码2", "所给的密码打不开该文件")):
        with pytest.raises(Encrypted) as refused:
            read(data, look, LIMITS, password=password)
        assert said in refused.value.zh


@pytest.mark.parametrize("name", ["EncryptionInfo", "Other"])
def test_a_password_for_what_is_no_encryption_is_damage(name: str) -> None:
    with pytest.raises((Damaged, Unsupported)):
        read(compound(name, "EncryptedPackage")[:-1] + b"\1", look, LIMITS, password="x")


@pytest.mark.parametrize("data", [compound("WordDocument")[:300], b"PK\x03\x04 cut off"])
def test_a_container_whose_directory_is_gone_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        read(data, look, LIMITS)


def test_two_readers_that_claim_a_file_are_both_named() -> None:
    with pytest.raises(Ambiguous, match="docx and pdf"):
        read(b"%PDF-1.7\n" + docx("文"), look, LIMITS)


def test_a_file_over_the_limit_is_not_parsed_at_all() -> None:
    with pytest.raises(TooLarge) as caught:
        read(bytes(11), look, Limits(file_bytes=10))
    assert caught.value.limit == "file_bytes"


SCAN = PdfPage(image=(40, 60, bytes(40 * 60 * 3)), width=100, height=150)
SEEDS = {
    "docx": docx(
        paragraph(run("甲") + drawing("p"), '<w:numPr><w:numId w:val="1"/></w:numPr>'),
        [["一", "二"], ["三", "四"]],
        parts={"a.png": png()},
        relations={"p": ("image", "a.png")},
    ),
    "printed pdf": pdf(PdfPage(text(20, 120, "函") + rules(20, 20, [40, 40], [20, 20]), width=100, height=150)),
    "scanned pdf": pdf(PdfPage(fill(SCAN), SCAN.width, SCAN.height, SCAN.image)),
    "jpeg": picture(format="JPEG"),
    "png": png(),
    "tiff": picture(format="TIFF"),
    "bmp": picture(format="BMP"),
    "webp": picture(format="WEBP"),
    "ole": compound("WordDocument", "1Table"),
}


def ends_well(data: bytes) -> None:
    """Any input ends in a Document or a ReadError; anything else that is raised fails the test."""
    outcome: Document | ReadError
    try:
        outcome = read(data, look, LIMITS)
    except ReadError as error:
        outcome = error
    assert isinstance(outcome, Document) or (outcome.code and outcome.zh and outcome.en)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_truncated_file_ends_well(name: str) -> None:
    data = SEEDS[name]
    for part in range(40):
        ends_well(data[: len(data) * part // 40])


@pytest.mark.parametrize("name", sorted(SEEDS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_file_with_changed_bytes_ends_well(name: str, places: list[tuple[float, int]]) -> None:
    data = bytearray(SEEDS[name])
    for place, byte in places:
        data[int(place * len(data))] = byte
    ends_well(bytes(data))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    head=st.sampled_from([b"", *(seed[:24] for seed in SEEDS.values())]),
    tail=st.binary(max_size=400),
)
def test_noise_behind_any_head_ends_well(head: bytes, tail: bytes) -> None:
    ends_well(head + tail)


def with_files(data: bytes, **files: bytes) -> bytes:
    """The PDF with files within it."""
    with pdfium.PdfDocument(data) as opened:
        for name, content in files.items():
            opened.new_attachment(name).set_data(content)
        buffer = io.BytesIO()
        opened.save(buffer)
    return buffer.getvalue()


def test_pdfs_and_pictures_within_a_pdf_are_pages_behind_its_own() -> None:
    document = read(with_files(pdf("封面"), letter=pdf("函一", "函二"), scan=png(200, 300)), look, LIMITS)
    assert [(page.number, page.sheet, page.attachment) for page in document.pages] == [
        (1, 0, 0),
        (2, 1, 1),
        (3, 2, 1),
        (4, 1, 2),
    ]
    assert [(line.text, line.place.page) for line in document.lines] == [("封面", 1), ("函一", 2), ("函二", 3)]
    assert document.defects == ()


def test_a_file_within_a_pdf_that_is_not_read_is_told() -> None:
    inner = with_files(pdf("里层"), deeper=pdf("更里层"))
    document = read(with_files(pdf("封面"), a_form=docx("表"), b_broken=b"%PDF-1.7", c_nested=inner), look, LIMITS)
    assert [page.attachment for page in document.pages] == [0, 3]
    (defect,) = document.defects
    assert (defect.code, defect.blind) == ("has_attachments", True)
    assert "a_form, b_broken, c_nested" in defect.en


def test_pages_of_files_within_a_pdf_count_towards_the_limit() -> None:
    with pytest.raises(TooLarge) as refused:
        read(with_files(pdf("封面"), letter=pdf(*["页"] * LIMITS.pages)), look, LIMITS)
    assert refused.value.limit == "pages"
