"""Small inputs for tests, built where the reader of a test sees what matters: docx(...), pdf(...), png(...)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)

Rows = Sequence[Sequence[str]]


def docx(
    *content: str | Rows,
    parts: Mapping[str, str | bytes] | None = None,
    relations: Mapping[str, tuple[str, str]] | None = None,
    section: str = "",
    content_type: str = WORD_TYPE,
) -> bytes:
    """A .docx. content: a paragraph's text, rows of cells, or WordprocessingML (begins with "<").

    parts: further parts by name below word/, XML (whose root gets the namespaces in place of {ns}) or bytes.
    relations: id → (kind, target) of the main part; a target with "://" is external. section: inside the w:sectPr.
    """
    body = "".join(block(each) for each in content)
    document = f"<w:document {NAMESPACES}><w:body>{body}<w:sectPr>{section}</w:sectPr></w:body></w:document>"
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{content_type}"/></Types>',
        "_rels/.rels": relationships({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": relationships(relations or {}),
    }
    for name, part in (parts or {}).items():
        members[f"word/{name}"] = part.replace("{ns}", NAMESPACES) if isinstance(part, str) else part
    return archive(members)


def block(content: str | Rows) -> str:
    """A paragraph, a table of such blocks, or XML as it is."""
    if not isinstance(content, str):
        rows = ("".join(f"<w:tc>{block(cell)}</w:tc>" for cell in row) for row in content)
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    return content if content.startswith("<") else paragraph(run(content))


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def drawing(relation: str, width_mm: float = 42, height_mm: float = 42, attribute: str = "embed") -> str:
    """A run with an inline picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{width_mm * 36000:.0f}" cy="{height_mm * 36000:.0f}"/><a:graphic>'
        f"<a:graphicData><pic:pic><pic:blipFill><a:blip r:{attribute}={quoteattr(relation)}/></pic:blipFill></pic:pic>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def relationships(relations: Mapping[str, tuple[str, str]]) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}relationships">'
        + "".join(
            f'<Relationship Id="{id}" Type="{RELATION}{kind}" Target="{target}"'
            f"{' TargetMode=' + quoteattr('External') if '://' in target else ''}/>"
            for id, (kind, target) in relations.items()
        )
        + "</Relationships>"
    )


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in members.items():
            into.writestr(name, content)
    return buffer.getvalue()


def picture(width: int = 60, height: int = 40, format: str = "PNG", mode: str = "RGB", **save: Any) -> bytes:
    """A white picture with a black bar along its top left, so that its way up can be told."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 4), fill="black")
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, format, **save)
    return buffer.getvalue()


def png(width: int = 60, height: int = 40) -> bytes:
    return picture(width, height)


@dataclass(frozen=True)
class PdfPage:
    """A page for pdf(): content as PDF operators; y counts from the bottom, in points.

    image: width, height and samples, drawn by the operator /Im Do; samples: what they are.
    entries: further entries of the page.
    """

    content: str = ""
    width: int = 595
    height: int = 842
    image: tuple[int, int, bytes] | None = None
    samples: str = "/BitsPerComponent 8 /ColorSpace /DeviceRGB"
    entries: str = ""
    extra: tuple[str, ...] = field(default=())  # further objects; the first is number 100 × page + 10


def text(x: float, y: float, string: str, size: int = 12) -> str:
    """Operators that write a line; x and y in points from the bottom left."""
    return f"BT /F {size} Tf {x} {y} Td <{string.encode('utf-16-be').hex()}> Tj ET\n"


def latin(x: float, y: float, string: str, font: str = "H") -> str:
    """Operators that write Latin-1; in the font "P" each character claims to be one of the private use area."""
    return f"BT /{font} 12 Tf {x} {y} Td <{string.encode('latin-1').hex()}> Tj ET\n"


def rules(left: int, bottom: int, columns: Sequence[int], rows: Sequence[int]) -> str:
    """Operators that draw a grid: widths of its columns, heights of its rows (from the bottom)."""
    xs = [left + sum(columns[:n]) for n in range(len(columns) + 1)]
    ys = [bottom + sum(rows[:n]) for n in range(len(rows) + 1)]
    across = "".join(f"{xs[0]} {y} m {xs[-1]} {y} l S\n" for y in ys)
    return across + "".join(f"{x} {ys[0]} m {x} {ys[-1]} l S\n" for x in xs)


def fill(page: PdfPage) -> str:
    """Operators that draw the page's image over the whole page."""
    return f"q {page.width} 0 0 {page.height} 0 0 cm /Im Do Q\n"


def pdf(*pages: PdfPage | str, info: str = "", catalog: str = "") -> bytes:
    """A PDF; a string stands for a page with that line of text. Chinese is in a font that is not embedded.

    info, catalog: further entries of the information and the catalog.
    """
    objects: dict[int, bytes] = {}
    kids: list[str] = []
    for index, each in enumerate(pages, 1):
        page = PdfPage(text(72, 700, each)) if isinstance(each, str) else each
        base = 100 * index
        kids.append(f"{base} 0 R")
        images = f"/XObject << /Im {base + 2} 0 R >>" if page.image else ""
        objects[base] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Contents {base + 1} 0 R "
            f"/Resources << /Font << /F 3 0 R /H 7 0 R /P 8 0 R >> {images} >> {page.entries} >>"
        ).encode()
        objects[base + 1] = stream(page.content.encode("latin-1"))
        if page.image:
            width, height, samples = page.image
            objects[base + 2] = stream(
                samples,
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height} {page.samples}",
            )
        for number, extra in enumerate(page.extra, base + 10):
            objects[number] = extra.encode("latin-1")
    objects[1] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode()
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    objects[3] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
    )
    objects[4] = (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
    )
    objects[5] = (
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        b"/Ascent 850 /Descent -150 /CapHeight 850 /StemV 80 >>"
    )
    objects[6] = f"<< {info} >>".encode()
    objects[7] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects[8] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 9 0 R >>"
    objects[9] = stream(
        b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
        b"1 beginbfrange <20> <7e> <e020> endbfrange endcmap"
    )
    return assemble(objects)


def stream(data: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def assemble(objects: Mapping[int, bytes]) -> bytes:
    """Objects with their cross-reference table; 1 is the catalog, 6 the information."""
    out = bytearray(b"%PDF-1.7\n")
    offsets: dict[int, int] = {}
    for number in sorted(objects):
        offsets[number] = len(out)
        out += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        out += f"{number} 1\n{offset:010d} 00000 n \n".encode()
    size = max(objects) + 1
    out += f"trailer << /Size {size} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def emf(dib: bytes) -> bytes:
    """A metafile that stretches one bitmap (a BITMAPINFOHEADER, then bits) over its frame."""
    head = struct.pack("<II", 1, 88) + bytes(32) + b" EMF" + bytes(44)
    body = bytes(40) + struct.pack("<4I", 80, len(dib[:40]), 80 + len(dib[:40]), len(dib[40:])) + bytes(16)
    stretch = struct.pack("<II", 0x51, 8 + len(body) + len(dib)) + body + dib
    return head + stretch + struct.pack("<IIIII", 14, 20, 0, 0, 20)
