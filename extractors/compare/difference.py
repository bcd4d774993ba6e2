"""What the comparison of a Word file with the scan of it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from extractors.document import Place


class Kind(StrEnum):
    """What a difference is about."""

    FIELD = "field"  # a key field: `field` names it
    NUMBER = "number"  # a number in a sentence or a cell that is no field
    WORDING = "wording"  # words were changed, inserted or dropped
    MISSING = "missing"  # a part of the Word text, a page say, is not on the scan
    EXTRA = "extra"  # the scan states something that is not in the Word file
    PAGE = "page"  # a page of the scan that is none of the Word file's


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one side. file: index of the scan; -1 for the Word file. text: "" where nothing stands there.

    before, after: a few words around, for people.
    """

    file: int
    place: Place
    text: str
    before: str = ""
    after: str = ""

    @property
    def context(self) -> str:
        """The words between 【】, with those around them."""
        return f"{self.before}【{self.text}】{self.after}".strip()


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. sure: the files do differ; False where a slip or a loss of OCR may explain it.

    field: id of the form's field for FIELD, else "". row: of a repeated field, counted from 1; 0 for others.
    span: where it is in the Word file's stream of characters. size: characters of a MISSING part or a PAGE.
    """

    kind: Kind
    sure: bool
    written: Quote
    scanned: Quote
    span: tuple[int, int]
    field: str = ""
    row: int = 0
    size: int = 0

    @property
    def key(self) -> bool:
        """It is about an amount, a name, a date or another value that decides."""
        return self.kind in (Kind.FIELD, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Comparison:
    """share: of the Word file's characters, 0 to 1, that stand on the scan. found: of the scan's, in the Word file.

    fields: ids of the key fields that were compared. unseen: of those that stand in a part which the scan lacks.
    cut: a side was too long to be compared in full.
    """

    differences: tuple[Difference, ...]
    share: float
    found: float
    fields: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    cut: bool = False
