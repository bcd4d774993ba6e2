"""What does this file state? Bytes to a reading: the document, its kind, its fields and slots."""

from __future__ import annotations

from dataclasses import replace

from extractors.document import Document, Reading
from extractors.forms.classify import classify
from extractors.forms.confidence import with_confidence
from extractors.forms.slots import find_slots
from extractors.forms.spec import FormSpec
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.pages import Pages
from extractors.read import UNWATCHED, read
from extractors.readers.soffice import Office
from extractors.seals.across import with_parts


def extract(
    data: bytes,
    forms: tuple[FormSpec, ...],
    look: Look,
    limits: Limits,
    office: Office | None = None,
    password: str = "",
    pages: Pages = UNWATCHED,
) -> Reading:
    """Read a file, tell which of `forms` it is, and find that form's fields and slots.

    A file that is none of them is of kind "other" and has no fields. Raises errors.ReadError where the file cannot be
    read, errors.EngineError where the OCR engine fails. office: LibreOffice as the last resort; None for not at all.
    password: to open the file, should it need one. pages: as for extractors.read.read.
    """
    document = read(data, look, limits, office, password, pages)
    return find_again(replace(document, seals=with_parts(document.seals)), forms)


def find_again(document: Document, forms: tuple[FormSpec, ...]) -> Reading:
    """Kind, fields and slots of a document that was read before, perhaps for other forms. Nothing is looked at."""
    found = classify(document, forms)
    form = next((form for form in forms if form.kind == found.kind), None)
    slots = find_slots(document, form) if form is not None else ()
    fields = with_confidence(found.fields, document, form)
    return Reading(document, found.kind, found.confidence, fields, slots)
