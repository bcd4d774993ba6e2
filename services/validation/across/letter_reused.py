from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from services.validation.board import Board, Exhibit, Sighting, operator, settled
from services.validation.check import FieldRef, Paper, TrustParams
from services.validation.model import Evidence, Outcome, Text
from services.validation.sameness import Stated, collect

_REASONS = {
    "file": Text("是同一个文件", "the same file"),
    "number": Text("的发文字号相同", "letters of one number"),
    "facts": Text("的发函单位、主送机关、日期等均相同", "letters that agree in all that tells letters apart"),
}


class LetterReused(TrustParams):
    """No letter serves two applications: not the same file, not the same number, not the same letter scanned again.

    documents: the papers meant. number: their document number (发文字号). same: fields that, all of them equal, make
    two letters one, e.g. sender, addressee and date.
    """

    documents: tuple[Paper, ...]
    number: FieldRef | None = None
    same: tuple[FieldRef, ...] = ()


@operator("letter_reused", LetterReused)
def letter_reused(board: Board, params: LetterReused) -> Iterator[Sighting]:
    kinds = tuple(form.kind for form in params.documents)
    papers = list(board.iter_kinds(kinds))
    reasons: dict[tuple[int, ...], tuple[str, tuple[Exhibit, ...]]] = {}
    ways = (("file", _files(board, kinds)), ("number", _numbers(board, params)), ("facts", _facts(board, params)))
    for reason, letters in ways:
        for exhibits in letters.values():
            entries = tuple(sorted({each.entry for each in exhibits}))
            if len(entries) > 1:
                reasons.setdefault(entries, (reason, tuple(exhibits)))  # the strongest reason is told
    seen = {index for index, _, _ in papers}
    unseen = [index for index in board.blind() if index not in seen]
    passed = Text("没有一份函件用于两份申报。", "No letter serves two applications.")
    sightings = (_told(board, entries, *reason) for entries, reason in reasons.items())
    yield from settled(sightings, unseen, board, len(seen), passed)


def _told(board: Board, entries: tuple[int, ...], reason: str, exhibits: tuple[Exhibit, ...]) -> Sighting:
    names, why = board.names(entries), _REASONS[reason]
    return Sighting(
        Outcome.VIOLATED,
        Text(f"{names.zh}所附的函件{why.zh}。", f"The letters in {names.en} are {why.en}."),
        entries,
        exhibits,
        "每份申报各附一函",
        exhibits[0].evidence.text,
    )


def _files(board: Board, kinds: tuple[str, ...]) -> dict[str, list[Exhibit]]:
    found: dict[str, list[Exhibit]] = defaultdict(list)
    for index, number, file in board.iter_kinds(kinds):
        if file.sha256:
            found[file.sha256].append(Exhibit(index, Evidence(number, text=file.name)))
    return found


def _numbers(board: Board, params: LetterReused) -> dict[str, list[Exhibit]]:
    found: dict[str, list[Exhibit]] = defaultdict(list)
    if params.number is None:
        return found
    for each in collect(board, [params.number], params.trust).stated:
        if any(char.isdigit() for char in each.key):
            found[each.key].append(each.exhibit)
    return found


def _facts(board: Board, params: LetterReused) -> dict[str, list[Exhibit]]:
    found: dict[str, list[Exhibit]] = defaultdict(list)
    if not params.same:
        return found
    columns = [collect(board, [ref], params.trust).first() for ref in params.same]
    for index in columns[0]:
        stated: list[Stated] = [column[index] for column in columns if index in column]
        if len(stated) == len(columns):
            found["\n".join(each.key for each in stated)] += [each.exhibit for each in stated]
    return found
