"""PDF: letters printed to PDF (text), scanned (pictures), or both (a printed text with a seal pasted in).

A PDF places glyphs and pictures on pages; text is only as good as the table that maps glyphs to characters. So each
page is asked what it consists of (survey.py) and then goes one of three ways:

1. No text, or text that nobody sees or that cannot be right: the page's picture is looked at (raster.py).
2. Text and nothing that could carry a seal: the text layer (layer.py).
3. Text and pictures: the text layer, and the page's picture for seals and for lines that only the pictures hold.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.document import (
    Block,
    Box,
    Defect,
    Document,
    Line,
    Page,
    Picture,
    Place,
    Seal,
    Source,
    Table,
)
from extractors.errors import Damaged, Encrypted, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look, Raster, Shot, Sight
from extractors.pages import Pages, Unwatched, bound
from extractors.readers import ole
from extractors.readers.pdf import proof
from extractors.readers.pdf.raster import picture
from extractors.readers.pdf.survey import POINT_MM, Survey, survey
from extractors.readers.sights import in_picture, on_pages

if TYPE_CHECKING:
    from extractors.readers.pdf.layer import TextParser

_HEADER: Final = b"%PDF-"
_FEW_CHARACTERS: Final = 100  # beside a picture of half a page: a scan with a printed header or page number
_PASSWORD: Final = pdfium_c.FPDF_ERR_PASSWORD
_NOT_READ: Final = "page_not_read"
_UNWATCHED: Final = Unwatched()
_WHOLE: Final = (Box(0.0, 0.0, 1.0, 1.0),)
_ISO_DATE: Final = re.compile(r"^D?:?(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?)?")


def recognises(data: bytes) -> bool:
    """`%PDF-` within the first KiB, as viewers accept it, unless that is a file stored in a container."""
    return _HEADER in data[:1024] and not data.startswith((b"PK\x03\x04", ole.MAGIC, b"Rar!", b"7z\xbc\xaf"))


def read(data: bytes, look: Look, limits: Limits, password: str = "", pages: Pages = _UNWATCHED) -> Document:
    """What the pages state. Raises Encrypted (a password is needed, or another one), Damaged, TooLarge; EngineError."""
    if password:
        data = _unlocked(data, password)
    with _opened(data) as pdf:
        count = len(pdf)
        if count > limits.pages:
            raise TooLarge("pages", f"{count} > {limits.pages}")
        if count == 0:
            raise Damaged("pdf: no pages")
        run = _Reading(pdf, data, look, limits)
        leaves: list[Document] = []
        blocks = 0
        for number in range(1, count + 1):
            leaf = pages.known(number) or run.leaf(number - 1)
            blocks += len(leaf.blocks)
            if blocks > limits.blocks:
                raise TooLarge("blocks", f"more than {limits.blocks}")
            leaves.append(leaf)
            pages.done(number, count, leaf)
        document = bound("pdf", leaves, _properties(pdf))
    if sum(defect.code == _NOT_READ for defect in document.defects) == len(document.pages):
        raise Damaged("pdf: no page can be read")
    return document


def picture_of(data: bytes, sheet: int, limits: Limits, password: str = "") -> tuple[Raster, float | None]:
    """The picture and the dpi of page `sheet` (from 1), as they were looked at or would be. Raises as `read` does."""
    if password:
        data = _unlocked(data, password)
    with _opened(data) as pdf:
        if not 1 <= sheet <= len(pdf):
            raise Damaged(f"pdf: no page {sheet}")
        try:
            page = pdf[sheet - 1]
            try:
                return picture(page, survey(page, limits), limits)
            finally:
                page.close()
        except pdfium.PdfiumError as e:
            raise Damaged(f"pdf: page {sheet}: {e}") from e


def _unlocked(data: bytes, password: str) -> bytes:
    """The file as it is where it opens without a password, else without its encryption for every parser of it."""
    with suppress(Encrypted), _opened(data):
        return data
    with _opened(data, password) as pdf:
        plain = io.BytesIO()
        pdf.save(plain, flags=pdfium_c.FPDF_REMOVE_SECURITY)
        return plain.getvalue()


@contextmanager
def _opened(data: bytes, password: str | None = None) -> Iterator[Any]:
    try:
        pdf = pdfium.PdfDocument(data, password)
    except pdfium.PdfiumError as e:
        if getattr(e, "err_code", None) == _PASSWORD:
            raise Encrypted("pdf: a password is needed") from e
        raise Damaged(f"pdf: {e}") from e
    try:
        if pdf.get_formtype() != pdfium_c.FORMTYPE_NONE:
            pdf.init_forms()
        yield pdf
    finally:
        pdf.close()


@dataclass(slots=True)
class _Reading:
    """One pass over a PDF: what has been read of the page that is read now."""

    pdf: Any
    data: bytes
    look: Look
    limits: Limits
    pages: list[Page] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    handwriting: list[Place] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    parser: TextParser | None = None
    flattened: bool = False
    proved: frozenset[str] = frozenset()  # fonts whose text is what is seen

    def leaf(self, index: int) -> Document:
        """What one page states."""
        for part in (self.pages, self.blocks, self.pictures, self.seals, self.handwriting, self.defects):
            part.clear()
        self._read_page(index)
        return Document(
            format="pdf",
            pages=tuple(self.pages),
            blocks=tuple(self.blocks),
            pictures=tuple(self.pictures),
            seals=tuple(self.seals),
            handwriting=tuple(self.handwriting),
            defects=tuple(self.defects),
        )

    def _read_page(self, index: int) -> None:
        try:
            page = self.pdf[index]
        except pdfium.PdfiumError as e:
            self._unread(index + 1, e)
            return
        try:
            self._read_surveyed(page, index)
        except (pdfium.PdfiumError, Damaged) as e:
            self._unread(index + 1, e)
        finally:
            page.close()

    def _read_surveyed(self, page: Any, index: int) -> None:
        number = index + 1
        found = survey(page, self.limits)
        if found.empty:
            self.pages.append(_page(found, number))
        elif not found.texts and not found.annotations:
            self._read_picture(page, found, number)
        elif found.invisible or not found.complete:
            # Text that is not painted: another program's OCR, or something the sender wants only programs to read.
            # Or more objects than are worth counting: a drawing.
            self._read_picture(page, found, number)
        else:
            self._read_text(page, found, index)

    def _read_text(self, page: Any, found: Survey, index: int) -> None:
        number = index + 1
        layer = self._layer(found, index)
        if layer is None or (
            found.coverage >= 0.5 and sum(len(line.text) for line in _text_lines(layer)) < _FEW_CHARACTERS
        ):
            self._read_picture(page, found, number)
            return
        lines = tuple(_text_lines(layer))
        regions = found.suspects()
        if found.embedded:
            seen = proof.drawn(page, found)
            if self._lies(lines, found, number, seen):
                self._read_picture(page, found, number)
                return
            layer = self._without_unseen(layer, number, seen)
            regions = _WHOLE if proof.has_curves(lines, found, seen) else regions
        self.pages.append(_page(found, number))
        self.blocks.extend(layer)
        self.pictures.extend(
            Picture(Place(page=number, box=image.box), image.width, image.height)
            for image in found.images[: self.limits.pictures]
        )
        if regions:
            (sight,) = on_pages(self._look(page, found, number, upright=True), number)
            self._add_seen(sight)
            pictured = (*regions, *(image.box for image in found.images))  # a signature's picture is no seal's
            self.blocks.extend(_unwritten(sight, layer, pictured))

    def _lies(self, lines: Sequence[Line], found: Survey, number: int, seen: Raster) -> bool:
        """The layer is not what people see: most of it leaves no trace, or a few lines of it read otherwise.

        A font is proved once: by the first page that is set in it.
        """
        hidden = sum(len(line.text) for line in lines if proof.leaves_no_trace(line, seen))
        lies = 2 * hidden > sum(len(line.text) for line in lines)
        if not lies and (found.fonts - self.proved or found.coverage >= 0.5):
            sample = proof.sample([line for line in lines if not proof.leaves_no_trace(line, seen)], seen)
            if sample is not None:
                written, picture = sample
                sight = self.look(Shot(picture, Place(page=number), upright=True))
                lies = proof.differs(written, "".join(line.text for line in _text_lines(sight.blocks)))
            self.proved |= frozenset() if lies else found.fonts
        if lies:
            self.defects.append(
                _defect(
                    "text_layer_differs",
                    number,
                    f"第{number}页的文字层与所显示的内容不符，已改用图像识别。",
                    f"The text layer of page {number} is not what the page shows; it was read by OCR.",
                )
            )
        return lies

    def _without_unseen(self, layer: tuple[Block, ...], number: int, seen: Raster) -> tuple[Block, ...]:
        """The layer with the lines that nobody sees marked as hidden, and a defect that says so."""
        if not any(proof.leaves_no_trace(line, seen) for line in _text_lines(layer)):
            return layer
        self.defects.append(
            _defect(
                "unseen_text",
                number,
                f"第{number}页含有看不见的文字，未作为内容采用。",
                f"Page {number} has text that cannot be seen; it is not taken for content.",
            )
        )

        def told(line: Line) -> Line:
            return replace(line, hidden=True) if proof.leaves_no_trace(line, seen) else line

        return tuple(
            told(block)
            if isinstance(block, Line)
            else replace(block, cells=tuple(replace(cell, lines=tuple(map(told, cell.lines))) for cell in block.cells))
            for block in layer
        )

    def _layer(self, found: Survey, index: int) -> tuple[Block, ...] | None:
        """The text layer's blocks; None, and a defect, where there is none that can be trusted."""
        from extractors.readers.pdf import layer as text_layer  # pdfplumber takes 0.15 s to import

        number = index + 1
        try:
            layer = self._text_parser(found).read_page(number, self.limits)
        except text_layer.PARSER_ERRORS as e:
            self.defects.append(
                _defect(
                    "text_layer_not_read",
                    number,
                    f"第{number}页的文字层无法解析，已改用图像识别。",
                    f"The text layer of page {number} could not be parsed ({type(e).__name__}); it was read by OCR.",
                )
            )
            return None
        if layer.broken:
            self.defects.append(
                _defect(
                    "broken_text_layer",
                    number,
                    f"第{number}页的文字层缺失或为乱码，已改用图像识别。",
                    f"The text layer of page {number} is missing or garbled; it was read by OCR.",
                )
            )
            return None
        if layer.tables_skipped:
            self.defects.append(
                _defect(
                    "tables_not_read",
                    number,
                    f"第{number}页线条过多，未识别表格，只读取了文字。",
                    f"Page {number} has too many rules; its text was read without tables.",
                )
            )
        return layer.blocks

    def _text_parser(self, found: Survey) -> TextParser:
        """The text parser on the file; from the first page with annotations on, on a copy that has them as text."""
        from extractors.readers.pdf.layer import TextParser

        if found.annotations and not self.flattened:
            self.data = _flattened(self.data)
            self.flattened, self.parser = True, None
        if self.parser is None:
            self.parser = TextParser(self.data)
        return self.parser

    def _read_picture(self, page: Any, found: Survey, number: int) -> None:
        """A page that is read from its picture; two, where that is a spread."""
        for sight in on_pages(self._look(page, found, number, upright=False), number):
            self.pages.append(sight.page)
            self.blocks.extend(sight.blocks)
            self._add_seen(sight)

    def _look(self, page: Any, found: Survey, number: int, *, upright: bool) -> Sight:
        """upright: the page stands as its text says, and no look changes that: boxes fit those of the text."""
        raster, dpi = picture(page, found, self.limits)
        height, width = raster.shape[:2]
        self.pictures.append(Picture(Place(page=number), width, height))
        return self.look(Shot(raster, Place(page=number), dpi, sheet=not upright, upright=upright))

    def _add_seen(self, sight: Sight) -> None:
        self.seals.extend(sight.seals)
        self.handwriting.extend(sight.handwriting)
        self.defects.extend(sight.defects)

    def _unread(self, number: int, error: Exception) -> None:
        self.pages.append(Page(number, Source.OCR))
        self.defects.append(
            Defect(
                _NOT_READ,
                f"第{number}页无法读取，可能已损坏。",
                f"Page {number} could not be read ({error}); it may be damaged.",
                Place(page=number),
                blind=True,
            )
        )


def _defect(code: str, number: int, zh: str, en: str) -> Defect:
    return Defect(code, zh, en, Place(page=number))


def _page(found: Survey, number: int) -> Page:
    return Page(number, Source.TEXT, found.width * POINT_MM, found.height * POINT_MM)


def _flattened(data: bytes) -> bytes:
    """The file with filled fields, stamps and typed-over text made part of the pages: text parsers see only those."""
    with _opened(data) as pdf:
        for index in range(len(pdf)):
            page = pdf[index]
            pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
            page.close()
        copy = io.BytesIO()
        pdf.save(copy, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    return copy.getvalue()


def _text_lines(blocks: Iterable[Block]) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Line):
            yield block
        else:
            for cell in block.cells:
                yield from cell.lines


def _unwritten(sight: Sight, layer: Iterable[Block], regions: Sequence[Box]) -> tuple[Block, ...]:
    """What was seen inside `regions` and is not in the text layer."""
    written = [line.place.box for line in _text_lines(layer) if line.place.box]
    kept: list[Block] = []
    for block in in_picture(sight, Place(page=sight.page.number)).blocks:
        if isinstance(block, Table) and not any(_overlap(block.place.box, box) > 0.5 for box in written):
            parts: Iterable[Block] = [block]
        else:
            parts = _text_lines([block])
        kept.extend(
            part
            for part in (_beyond(part, written) for part in parts)
            if part.place.box is not None
            and any(region.holds_middle_of(part.place.box) for region in regions)
            and not any(_overlap(part.place.box, box) > 0.5 for box in written)
        )
    return tuple(kept)


def _beyond(block: Block, written: Sequence[Box]) -> Block:
    """What was seen behind words of the text layer and read with them in one line: a pasted signature."""
    if not isinstance(block, Line) or block.place.box is None:
        return block
    over = next((box for box in written if _overlap(block.place.box, box) > 0.5), None)
    words = tuple(word for word in block.words if over is not None and word.box.left > over.right - over.height / 2)
    if not words or words == block.words or words != block.words[-len(words) :]:
        return block
    text = block.text[block.spans()[-len(words)][0] :]
    return replace(block, text=text, words=words, place=replace(block.place, box=Box.around([w.box for w in words])))


def _overlap(first: Box | None, second: Box) -> float:
    """The common area as a share of the smaller box, 0 to 1."""
    if first is None:
        return 0.0
    smaller = min(first.area, second.area)
    return first.shared(second) / smaller if smaller > 0 else 0.0


def _properties(pdf: Any) -> tuple[tuple[str, str], ...]:
    told = {name: pdf.get_metadata_value(name).strip("\0 ") for name in ("Title", "Author", "Creator", "Producer")}
    dates = {name: _iso(pdf.get_metadata_value(name)) for name in ("CreationDate", "ModDate")}
    found = (
        ("title", told["Title"]),
        ("creator", told["Author"]),
        ("application", told["Creator"] or told["Producer"]),
        ("created", dates["CreationDate"]),
        ("modified", dates["ModDate"]),
    )
    return tuple((name, value) for name, value in found if value)


def _iso(date: str) -> str:
    """A PDF date (D:20210506120000+08'00') as ISO; "" for what is none."""
    match = _ISO_DATE.match(date)
    if not match:
        return ""
    year, month, day, hour, minute, second = match.groups()
    text = "-".join(part for part in (year, month, day) if part)
    return f"{text}T{hour}:{minute}:{second or '00'}" if hour and day else text


def attachments(data: bytes, limits: Limits, password: str = "") -> tuple[tuple[str, bytes], ...]:
    """The files within the file: a portfolio's, or attached ones. (name, content), b"" where it cannot be had.

    Raises TooLarge, and what `read` raises of a file that does not open.
    """
    with _opened(data, password or None) as pdf:
        count = pdf.count_attachments()
        if count > limits.entries:
            raise TooLarge("entries", f"{count} > {limits.entries}")
        found: list[tuple[str, bytes]] = []
        left = limits.unpacked_bytes
        for index in range(max(count, 0)):
            name, content = _attachment(pdf, index, left)
            left -= len(content)
            found.append((name, content))
        return tuple(found)


def _attachment(pdf: Any, index: int, most: int) -> tuple[str, bytes]:
    try:
        item = pdf.get_attachment(index)
        name = item.get_name()
    except pdfium.PdfiumError:
        return "", b""
    try:
        content = bytes(item.get_data())
    except pdfium.PdfiumError:
        return name, b""
    if len(content) > most:
        raise TooLarge("unpacked_bytes", f"the embedded file {index + 1} has {len(content)}")
    return name, content
