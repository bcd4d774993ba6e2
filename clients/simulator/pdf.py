"""PDF files of scanned pages, as scanners write them: a picture a page. Nothing in them depends on the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["colour", "grey", "bilevel"]
_CODING = {
    "colour": "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
    "grey": "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
    "bilevel": "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode",
}
_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """picture: a JPEG in RGB or grey, or packed bits deflated (1 is white). width, height: in pixels.

    dpi: gives the paper's size.
    """

    picture: bytes
    width: int
    height: int
    dpi: int
    tone: Tone = "colour"


def write(pages: list[ScannedPage], producer: str, *, encryption: bytes = b"") -> bytes:
    """The file. Pictures come first and the page tree last, so a truncated file has no page.

    encryption: the body of an /Encrypt dictionary, b"" for none.
    """
    objects: list[bytes] = []
    kids = []
    tree = 3 * len(pages) + 1
    for page in pages:
        number = len(objects) + 1
        points = (page.width * 72 / page.dpi, page.height * 72 / page.dpi)
        drawing = f"q {points[0]:.2f} 0 0 {points[1]:.2f} 0 0 cm /Im0 Do Q".encode()
        picture = (
            f"<< /Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} {_CODING[page.tone]} "
            f"/Length {len(page.picture)} >>"
        ).encode()
        objects.append(_stream(picture, page.picture))
        objects.append(_stream(f"<< /Length {len(drawing)} >>".encode(), drawing))
        objects.append(
            f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {points[0]:.2f} {points[1]:.2f}] "
            f"/Resources << /XObject << /Im0 {number} 0 R >> >> /Contents {number + 1} 0 R >>".encode()
        )
        kids.append(f"{number + 2} 0 R")
    objects.append(f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>".encode())
    objects.append(f"<< /Type /Catalog /Pages {tree} 0 R >>".encode())
    objects.append(f"<< /Producer ({producer}) >>".encode())
    trailer = f"/Size {len(objects) + 1} /Root {tree + 1} 0 R /Info {tree + 2} 0 R".encode()
    if encryption:
        objects.append(b"<< " + encryption + b" >>")
        trailer = trailer.replace(f"/Size {tree + 3}".encode(), f"/Size {tree + 4}".encode())
        trailer += f" /Encrypt {tree + 3} 0 R /ID [<{'5a' * 16}> <{'5a' * 16}>]".encode()
    return _assemble(objects, trailer)


def _stream(dictionary: bytes, data: bytes) -> bytes:
    return dictionary + b"\nstream\n" + data + b"\nendstream"


def _assemble(objects: list[bytes], trailer: bytes) -> bytes:
    parts, offsets, position = [_HEAD], [], len(_HEAD)
    for number, body in enumerate(objects, start=1):
        part = f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        offsets.append(position)
        parts.append(part)
        position += len(part)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    parts.append(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    parts.append(b"trailer\n<< " + trailer + f" >>\nstartxref\n{position}\n%%EOF\n".encode())
    return b"".join(parts)
