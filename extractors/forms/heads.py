"""The upper part of pages: where a title stands, a paper's own or another's."""

from __future__ import annotations

from extractors.document import Document, Line, Story
from extractors.forms.asked import named
from extractors.forms.labels import labels_of
from extractors.forms.numbering import is_section
from extractors.forms.spec import FormSpec
from extractors.values.characters import squeeze

_UPPER = 0.5  # of a page: a title stands higher
_LINES = 12  # of a page within which its title stands: a letter's head and number come first


def heads_of(document: Document) -> dict[int, list[Line]]:
    """The first lines in the upper half of each page, by the pages' numbers, without headers."""
    heads: dict[int, list[Line]] = {page.number: [] for page in document.pages}
    for block in document.blocks:
        if not isinstance(block, Line) or block.hidden or block.story in (Story.HEADER, Story.FOOTER):
            continue
        box, head = block.place.box, heads.get(block.place.page or 0)
        if head is not None and box is not None and box.top < _UPPER and len(head) < _LINES:
            head.append(block)
    return heads


def is_of_form(line: str, form: FormSpec) -> bool:
    """Whether a line is a form's own, however much it looks like a title: a numbered heading, a label, a place for an
    opinion (申报单位意见)."""
    return (
        is_section(line)
        or labels_of(form).match(squeeze(line), recognised=True) is not None
        or named(line, form.slots, recognised=True) is not None
    )
