"""Two streams and which character of the one is which of the other; questions about what stands opposite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.compare.align import align
from extractors.compare.difference import Quote
from extractors.compare.stream import Stream, margins_of, stream
from extractors.document import Box, Document

_AROUND = 8  # characters of context
_NEAR = 4  # characters before a value, or behind it, one of which tells where it stands: OCR may lose the nearest
_FREE = 0.8  # of the characters of what stands elsewhere, that nothing else is matched with


@dataclass(slots=True)
class Sides:
    """a: the Word file's text. b: that of its scans. to: for each character of a its index in b, or -1; back: of b."""

    a: Stream
    b: Stream
    to: list[int]
    back: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.back = [-1] * len(self.b.text)
        for index, other in enumerate(self.to):
            if other >= 0:
                self.back[other] = index

    @property
    def share(self) -> float:
        return _share(self.to)

    @property
    def found(self) -> float:
        return _share(self.back)

    def written(self, start: int, end: int) -> Quote:
        return _quote(self.a, -1, start, end)

    def scanned(self, start: int, end: int) -> Quote:
        return _quote(self.b, self.b.pieces[self.b.piece[min(start, len(self.b.text) - 1)]].file, start, end)

    def opposite(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of b that stands where a[start:end] stands; None where nothing tells where that would be.

        Empty (equal ends) where its neighbours stand in b with nothing between them. It may hold characters that stand
        elsewhere in a, where reading orders differ.
        """
        left = self.to[start] if self.to[start] >= 0 else self._behind(start)
        right = self.to[end - 1] + 1 if self.to[end - 1] >= 0 else self._before(end)
        if left is None:
            if right is None:
                return None
            left = self._back_from(right, start, end)
        elif right is None:
            right = self._on_from(left, start, end)
        return (left, right) if left <= right <= left + 2 * (end - start) + 24 else None

    def anchored(self, start: int, end: int) -> bool:
        """Whether what stands opposite a[start:end] is known from both sides, or from within."""
        if 2 * sum(other >= 0 for other in self.to[start:end]) >= end - start:
            return True
        return self._behind(start) is not None and self._before(end) is not None

    def tight(self, start: int, end: int) -> bool:
        """Both neighbours of a[start:end] stand in b, with so little room between them that nothing was overlooked."""
        first, last = self._behind(start), self._before(end)
        if first is None or last is None or not 0 < first <= last:
            return False
        b = self.b
        before, after = b.pieces[b.piece[first - 1]], b.pieces[b.piece[last]]
        if before is after:
            return True
        one, other = before.line.place, after.line.place
        if before.file != after.file or one.page != other.page or one.box is None or other.box is None:
            return False
        return _next_line(one.box, other.box)

    def elsewhere(self, start: int, end: int) -> bool:
        """Whether a[start:end] stands in b where hardly anything else is matched: a column that was read apart."""
        words = self.a.text[start:end]
        at = self.b.text.find(words) if words else -1
        while at >= 0:
            free = sum(back < 0 or start <= back < end for back in self.back[at : at + len(words)])
            if free >= _FREE * len(words):
                return True
            at = self.b.text.find(words, at + 1)
        return False

    def _behind(self, start: int) -> int | None:
        """The index of b right behind the character that stands before a[start], or behind one that is _NEAR."""
        return next((self.to[at] + 1 for at in self._around(start, -1) if self.to[at] >= 0), None)

    def _before(self, end: int) -> int | None:
        return next((self.to[at] for at in self._around(end - 1, 1) if self.to[at] >= 0), None)

    def _around(self, at: int, step: int) -> Iterator[int]:
        """The next characters of a: of its line and of the one beside it, for the words of a cell may be lost."""
        piece = self.a.piece[at]
        for index in range(at + step, at + step * (_NEAR + 1), step):
            if not 0 <= index < len(self.to) or abs(self.a.piece[index] - piece) > 1:
                return
            yield index

    def _on_from(self, left: int, start: int, end: int) -> int:
        """The end of what is free, or matched with a[start:end], from `left` on: twice as much as that at most."""
        right = left
        while right < len(self.back) and right - left < 2 * (end - start) + 4 and self._open(right, start, end):
            right += 1
        return right

    def _back_from(self, right: int, start: int, end: int) -> int:
        left = right
        while left > 0 and right - left < 2 * (end - start) + 4 and self._open(left - 1, start, end):
            left -= 1
        return left

    def _open(self, at: int, start: int, end: int) -> bool:
        return self.back[at] < 0 or start <= self.back[at] < end


def sides(written: Document, scans: Sequence[Document]) -> Sides:
    a, b = stream([written]), stream(scans, margins_of(written))
    return Sides(a, b, align(a.text, b.text))


def _share(to: list[int]) -> float:
    return sum(other >= 0 for other in to) / len(to) if to else 0.0


def _quote(side: Stream, file: int, start: int, end: int) -> Quote:
    """The words from start to end; the place where they would stand where there are none."""
    if not side.text:
        raise ValueError("nothing can be quoted of an empty text")
    at = min(start, len(side.text) - 1)
    place = side.place(start, end) if end > start else side.place(max(0, at - 1), at + 1)
    return Quote(file, place, side.quote(start, end), side.before(start, _AROUND), side.after(end, _AROUND))


def _next_line(one: Box, other: Box) -> bool:
    """Whether `other` is the line below `one`, without room for a line between them."""
    height = min(one.height, other.height)
    return -height < other.top - one.bottom < 0.9 * height and other.left < one.right
