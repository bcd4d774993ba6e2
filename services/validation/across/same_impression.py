from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.document import Seal
from extractors.impressions import Texture, alike, unpack
from services.validation.board import Board, Exhibit, Sighting, operator, settled
from services.validation.check import Paper, Params
from services.validation.model import Evidence, Outcome, Text
from services.validation.organisations import normal

_MOST = 96  # different impressions of one name that are compared with one another
_BUCKET = 16  # of names that differ in a character


class SameImpression(Params):
    """No impression of a seal stands on papers of two submissions: no two are pressed alike to the grain of their ink.

    The same grain means one picture: pasted, or scanned once and used again. Whether a seal is genuine is not judged.
    documents: the papers whose seals are compared. A file that two submissions share is told by letter_reused.
    """

    documents: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A seal whose texture is known."""

    entry: int
    file: int
    sha256: str
    seal: Seal

    @property
    def exhibit(self) -> Exhibit:
        return Exhibit(self.entry, Evidence(self.file, self.seal.place, "seal", self.seal.text), self.seal.picture)


@operator("same_impression", SameImpression)
def same_impression(board: Board, params: SameImpression) -> Iterator[Sighting]:
    marks: list[_Mark] = []
    untold: set[int] = set()
    for entry, number, file in board.iter_kinds(form.kind for form in params.documents):
        assert file.reading is not None, "iter_kinds gives what was read"
        for seal in file.reading.seals:
            if unpack(seal.impression) is None:
                untold.add(entry)
            else:
                marks.append(_Mark(entry, number, file.sha256, seal))
    clusters = _Clusters(marks)
    for bucket in _buckets(marks, clusters):
        clusters.join(bucket)
    blind = set(board.blind()) - {mark.entry for mark in marks}
    unseen = sorted(untold | clusters.skipped | blind)
    passed = Text("没有两份申报使用同一印迹。", "No two submissions bear the same impression of a seal.")
    sightings = (_told(board, group) for group in clusters.across())
    yield from settled(sightings, unseen, board, len(marks), passed)


def _told(board: Board, group: list[_Mark]) -> Sighting:
    entries = tuple(sorted({mark.entry for mark in group}))
    names = board.names(entries)
    text = next((mark.seal.text for mark in group if mark.seal.text), "")
    return Sighting(
        Outcome.VIOLATED,
        Text(
            f"{names.zh}中的印章{f'“{text}”' if text else ''}墨迹纹理相同，似为同一次用印的图像，请调阅原件核对"
            "（不判断真伪）。",
            f"The seals {f'“{text}” ' if text else ''}in {names.en} have the same grain of ink, as pictures of one "
            "impression have: look at the originals (whether they are genuine is not judged).",
        ),
        entries,
        tuple(mark.exhibit for mark in group),
        "各份申报分别用印",
        f"{text}（同一次用印的图像）",
    )


class _Clusters:
    """Marks of one impression, joined as they are found."""

    def __init__(self, marks: Sequence[_Mark]) -> None:
        self._marks = marks
        self._parents = list(range(len(marks)))
        self._textures: dict[int, Texture] = {}
        self.skipped: set[int] = set()

    def distinct(self, numbers: Sequence[int]) -> list[int]:
        """One of each cluster; marks of equal bytes are joined here."""
        by_bytes: dict[bytes, int] = {}
        for number in numbers:
            first = by_bytes.setdefault(self._marks[number].seal.impression, number)
            self._join(first, number)
        return list({self._root(number): number for number in by_bytes.values()}.values())

    def join(self, numbers: Sequence[int]) -> None:
        """Compare all of them with one another."""
        if len(numbers) < 2:
            return
        left = [self._texture(number) for number in numbers]
        for position, number in enumerate(numbers[:-1]):
            for index in alike(left[position], left[position + 1 :]):
                self._join(number, numbers[position + 1 + index])

    def across(self) -> Iterator[list[_Mark]]:
        """Clusters that stand in several submissions, and not only because these share a file."""
        groups: dict[int, list[_Mark]] = defaultdict(list)
        for number, mark in enumerate(self._marks):
            groups[self._root(number)].append(mark)
        for group in groups.values():
            files = {mark.sha256 or (mark.entry, mark.file) for mark in group}
            if len({mark.entry for mark in group}) > 1 and len(files) > 1:
                yield group

    def skip(self, numbers: Sequence[int]) -> None:
        """There are too many to compare."""
        self.skipped |= {self._marks[number].entry for number in numbers}

    def _texture(self, number: int) -> Texture:
        if number not in self._textures:
            if len(self._textures) > 4 * _MOST:  # one takes 20 KB
                self._textures.clear()
            texture = unpack(self._marks[number].seal.impression)
            assert texture is not None, "a mark's texture is known"
            self._textures[number] = texture
        return self._textures[number]

    def _join(self, one: int, other: int) -> None:
        self._parents[self._root(other)] = self._root(one)

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number


def _buckets(marks: Sequence[_Mark], clusters: _Clusters) -> Iterator[list[int]]:
    """Marks that may be of one seal: those of one name, then those whose names differ in one character."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, mark in enumerate(marks):
        by_name[normal(mark.seal.text)].append(number)
    by_part: dict[str, list[int]] = defaultdict(list)
    several: set[str] = set()
    for name, numbers in by_name.items():
        distinct = clusters.distinct(numbers)
        clusters.skip(distinct[_MOST:])
        yield distinct[:_MOST]
        for position in range(len(name)):
            part = f"{position}{name[:position]}{name[position + 1 :]}"
            if part in by_part:
                several.add(part)
            by_part[part].extend(distinct[:_BUCKET])
    for part in several:
        yield clusters.distinct(by_part[part])[: 2 * _BUCKET]
