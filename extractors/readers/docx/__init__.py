"""Word's .docx (also .docm, .dotx, .dotm and ISO strict): a zip of XML parts.

The main part holds the body; headers, footers, notes and comments are parts of their own, and so are styles, automatic
numbers, pictures and properties. They are read here directly, on lxml: python-docx reaches neither text boxes, content
controls, notes nor numbers, and opens no macro-enabled files.

Order of blocks: headers, body, footers, footnotes, endnotes, comments. There are no pages in the format: places have
paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extractors.document import Block, Defect, Document, Place, Story
from extractors.errors import Damaged
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers.docx.numbering import Numbering
from extractors.readers.docx.package import Element, Package, is_word
from extractors.readers.docx.pictures import Pictures
from extractors.readers.docx.story import Shared, StoryReader
from extractors.readers.docx.styles import Styles
from extractors.readers.docx.words import child, is_on, r, value, w
from extractors.readers.looking import Viewer

_CORE: Final = {
    "title": "title",
    "creator": "creator",
    "lastModifiedBy": "last_modified_by",
    "created": "created",
    "modified": "modified",
}
_APPLICATION: Final = {"Application": "application", "Company": "company"}


def recognises(data: bytes) -> bool:
    """A zip whose content types name the main part of a Word document; `PK` alone is not Word."""
    return is_word(data)


def read(data: bytes, look: Look, limits: Limits) -> Document:
    """What the document states, all changes accepted. Raises Damaged, Encrypted, TooLarge; EngineError of `look`."""
    package = Package(data, limits)
    main = package.main_part()
    root = package.xml(main)
    body = None if root is None else child(root, "body")
    if root is None or body is None:
        raise Damaged("docx: the main part has no body")
    styles = Styles(_part(package, main, "styles"))
    numbering = Numbering(_part(package, main, "numbering"), styles)
    seen = Viewer(look, limits)
    shared = Shared(package, styles, numbering, Pictures(package, seen), limits)
    margins = _margins(shared, main, root)
    headers = [block for name in margins[Story.HEADER] for block in _read_part(shared, name, Story.HEADER)]
    blocks = [*headers, *StoryReader(shared, main, Story.BODY).read(body)]
    for name in margins[Story.FOOTER]:
        blocks.extend(_read_part(shared, name, Story.FOOTER))
    for kind, story in (("footnotes", Story.NOTE), ("endnotes", Story.NOTE), ("comments", Story.COMMENT)):
        blocks.extend(_notes(shared, main, kind, story))
    return Document(
        format="docx",
        blocks=tuple(blocks),
        pictures=tuple(seen.pictures),
        seals=tuple(seen.seals),
        handwriting=tuple(seen.handwriting),
        properties=tuple(_properties(package)),
        defects=(*shared.defects, *seen.defects, *_macros(package)),
    )


def _part(package: Package, main: str, kind: str) -> Element | None:
    name = package.related(main, kind)
    return None if name is None else package.xml(name)


def _margins(shared: Shared, main: str, root: Element) -> dict[Story, list[str]]:
    """Names of the header and footer parts that are shown somewhere, each once, in order of the sections."""
    settings = _part(shared.package, main, "settings")
    kinds = {"default"}
    if settings is not None and is_on(child(settings, "evenAndOddHeaders")):
        kinds.add("even")
    sections = list(root.iter(w("sectPr")))
    if any(is_on(child(section, "titlePg")) for section in sections):
        kinds.add("first")
    found: dict[Story, list[str]] = {Story.HEADER: [], Story.FOOTER: []}
    relationships = shared.package.relationships(main)
    for section in sections:
        for tag, story in (("headerReference", Story.HEADER), ("footerReference", Story.FOOTER)):
            for reference in section.findall(w(tag)):
                relationship = relationships.get(reference.get(r("id")) or "")
                shown = (value(reference, "type") or "default") in kinds
                if shown and relationship is not None and relationship.target not in found[story]:
                    found[story].append(relationship.target)
    return found


def _read_part(shared: Shared, name: str, story: Story) -> list[Block]:
    root = shared.package.xml(name)
    path = name.rpartition("/")[2].removesuffix(".xml")
    return [] if root is None else StoryReader(shared, name, story).read(root, path)


def _notes(shared: Shared, main: str, kind: str, story: Story) -> Iterator[Block]:
    name = shared.package.related(main, kind)
    root = None if name is None else shared.package.xml(name)
    if root is None or name is None:
        return
    singular = kind.removesuffix("s")
    notes = [note for note in root.findall(w(singular)) if value(note, "type") in (None, "normal")]
    for index, note in enumerate(notes, 1):
        yield from StoryReader(shared, name, story).read(note, f"{singular} {index}")


def _properties(package: Package) -> Iterator[tuple[str, str]]:
    for kind, names in (("core-properties", _CORE), ("extended-properties", _APPLICATION)):
        part = package.related("", kind) or package.related("", kind.title().replace("-p", "P"))
        root = None if part is None else package.xml(part)
        for element in () if root is None else root:
            name = names.get(str(element.tag).rpartition("}")[2])
            if name and element.text and element.text.strip():
                yield name, element.text.strip()


def _macros(package: Package) -> tuple[Defect, ...]:
    if not any(name.lower().endswith("vbaproject.bin") for name in package.names):
        return ()
    return (Defect("has_macros", "文档含有宏，未执行。", "The document holds macros; they were not run.", Place()),)
