"""The submissions of a call side by side, and what an operator across them is.

    @operator("shared_values", SharedValues)
    def shared_values(board: Board, params: SharedValues) -> Iterator[Sighting]: ...

An operator is to a board what a check (check.py) is to one submission: typed, named in call.yaml under `across`, given
everything by argument. It yields at least one Sighting, also where all is well, and tells those submissions in which it
could not look. A call's rules across submissions are proved with its other rules (judge.validate_rules).

Some submissions do not count: an older version of an application that was sent anew. An operator that can tell
registers `supersedes`; it runs first, and the others look at `board.current` only. Every operator's cost grows no
faster than n log n with the submissions, also where thousands of them are identical.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from extractors.document import Place
from services.validation.check import Params
from services.validation.model import Evidence, File, Outcome, Submission, Text, Verdict

MOST_EXHIBITS = 400  # of one finding: more is for nobody to read
MOST_NAMED = 6  # submissions in a sentence


@dataclass(frozen=True, slots=True)
class Prose:
    """What a file says, as one text with where each of its lines stands. complete: nothing was left out of it."""

    text: str = ""
    starts: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    complete: bool = True

    def place(self, offset: int) -> Place:
        """Of the line in which the character at the offset stands."""
        return self.places[max(0, bisect_right(self.starts, offset) - 1)] if self.places else Place()

    def lines(self) -> Iterator[tuple[str, Place]]:
        """Each line with where it stands."""
        if not self.starts:
            return
        ends = (*self.starts[1:], len(self.text) + 1)
        for start, end, place in zip(self.starts, ends, self.places, strict=True):
            yield self.text[start : end - 1], place

    @classmethod
    def of(cls, lines: Iterable[tuple[str, Place]], most: int) -> Prose:
        """Of so many characters at most."""
        texts: list[str] = []
        starts: list[int] = []
        places: list[Place] = []
        length, complete = 0, True
        for text, place in lines:
            text = text.replace("\n", " ").strip()
            if not text:
                continue
            if length + len(text) > most:
                complete = False
                break
            texts.append(text)
            starts.append(length)
            places.append(place)
            length += len(text) + 1
        return cls("\n".join(texts), tuple(starts), tuple(places), complete)


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission on the board. name: the caller's. prose: of each of its files, in their order.

    Its documents carry pages, fields, seals and defects, no blocks: what they say is in `prose`. sender: "" where
    nobody knows. verdict: of its own report; None where nobody said.
    """

    name: str
    submission: Submission
    prose: tuple[Prose, ...] = ()
    sender: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """Every submission, in the order given. superseded: indices of those that do not count."""

    entries: tuple[Entry, ...]
    superseded: frozenset[int] = frozenset()

    @property
    def current(self) -> Iterator[tuple[int, Entry]]:
        """Those that count, with their indices."""
        return ((index, entry) for index, entry in enumerate(self.entries) if index not in self.superseded)

    def iter_kinds(self, kinds: Iterable[str]) -> Iterator[tuple[int, int, File]]:
        """The read files of these kinds in submissions that count: entry, index of the file, file."""
        wanted = frozenset(kinds)
        for index, entry in self.current:
            for number, file in enumerate(entry.submission.files):
                if file.reading is not None and file.reading.kind in wanted:
                    yield index, number, file

    def blind(self) -> tuple[int, ...]:
        """Those that count and of which something was not seen."""
        return tuple(index for index, entry in self.current if entry.submission.blind)

    def names(self, indices: Sequence[int]) -> Text:
        """“甲”、“乙” 等 12 份."""
        shown = [self.entries[index].name for index in indices[:MOST_NAMED]]
        zh, en = "、".join(f"“{name}”" for name in shown), ", ".join(f"“{name}”" for name in shown)
        more = len(indices) - len(shown)
        return Text(f"{zh}等 {len(indices)} 份" if more else zh, f"{en} and {more} more" if more else en)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Evidence in a submission. entry: its index on the board. picture: a seal's crop as PNG, b"" for none."""

    entry: int
    evidence: Evidence
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an operator saw. entries: the submissions concerned, by index."""

    outcome: Outcome
    message: Text
    entries: tuple[int, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    expected: str = ""
    actual: str = ""


@dataclass(frozen=True, slots=True)
class Superseded:
    """entries: indices of submissions that take no part any more. undecided: versions of one application each, of which
    nobody knows which one counts."""

    entries: frozenset[int] = frozenset()
    undecided: tuple[frozenset[int], ...] = ()


P = TypeVar("P", bound=Params)
Run = Callable[[Board, P], Iterator[Sighting]]


@dataclass(frozen=True, slots=True)
class Operator:
    """A registered operator. supersedes: what it takes off the board for all others; None for nothing."""

    name: str
    params: type[Params]
    run: Callable[[Board, Any], Iterator[Sighting]]
    supersedes: Callable[[Board, Any], Superseded] | None = None

    @property
    def manual(self) -> str:
        return self.params.__doc__ or ""


OPERATORS: dict[str, Operator] = {}


def operator(
    name: str, params: type[P], supersedes: Callable[[Board, P], Superseded] | None = None
) -> Callable[[Run[P]], Run[P]]:
    """Register an operator under the name that call.yaml uses. Raises ValueError where two share a name."""

    def register(run: Run[P]) -> Run[P]:
        if name in OPERATORS:
            raise ValueError(f"two operators are called {name}")
        OPERATORS[name] = Operator(name, params, run, supersedes)
        return run

    return register


def settled(
    found: Iterable[Sighting], unseen: Sequence[int], board: Board, seen: int, passed: Text
) -> Iterator[Sighting]:
    """What was found, bounded; then where nobody could look; or that all is well among the `seen` submissions."""
    quiet = True
    for sighting in found:
        quiet = False
        yield Sighting(
            sighting.outcome, sighting.message, sighting.entries, tuple(islice(sighting.exhibits, MOST_EXHIBITS)),
            sighting.expected, sighting.actual,
        )  # fmt: skip
    if unseen:
        names = board.names(unseen)
        yield Sighting(
            Outcome.UNDETERMINED,
            Text(
                f"{names.zh}未能看清所需内容，没有与其他申报比对，请人工核对。",
                f"What this rule needs could not be seen in {names.en}: not compared with the others.",
            ),
            tuple(unseen),
        )
    elif quiet and seen:
        yield Sighting(Outcome.PASSED, passed)
    elif quiet:
        yield Sighting(Outcome.NOT_APPLICABLE, Text("没有可供比对的申报，本项不适用。", "There is nothing to compare."))


def groups_of(keys: Mapping[Any, list[int]]) -> Iterator[tuple[Any, list[int]]]:
    """Keys that two submissions or more have; each submission once, in the board's order."""
    for key, indices in keys.items():
        distinct = sorted(set(indices))
        if len(distinct) > 1:
            yield key, distinct
