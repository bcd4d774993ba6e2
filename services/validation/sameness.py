"""Which submissions state the same organisation, place, number or word: groups, found without comparing all pairs.

A key is what a value comes down to: 湖南林学会 and 湖南省林学会 have one key. What OCR read may have a slip: such a
name joins a group whose name differs in one character only if services/validation/organisations.py says that the two
are the same; where it is unsure, the pair is a doubt. Candidates share all but one character: a dictionary finds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.forms.spec import FieldType
from services.validation.board import Board, Exhibit
from services.validation.check import FieldRef
from services.validation.organisations import Likeness, compare, normal, parse
from services.validation.statements import Statement, statements

_BUCKET = 24  # names that share all but one character and are compared with one another


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that a submission states. entry: index on the board. key: what it comes down to."""

    entry: int
    key: str
    statement: Statement

    @property
    def exhibit(self) -> Exhibit:
        return Exhibit(self.entry, self.statement.evidence)


@dataclass(frozen=True, slots=True)
class Collected:
    """What the submissions state about fields. unseen: those in which something stands there that cannot be judged, or
    of which a part was not seen, and that state nothing surely."""

    stated: tuple[Stated, ...]
    unseen: tuple[int, ...]

    @property
    def entries(self) -> frozenset[int]:
        return frozenset(each.entry for each in self.stated)

    def first(self) -> dict[int, Stated]:
        """One for each submission: what it states first."""
        found: dict[int, Stated] = {}
        for each in self.stated:
            found.setdefault(each.entry, each)
        return found


def collect(board: Board, refs: Sequence[FieldRef], trust: float) -> Collected:
    """Every value that a submission that counts states of any of these fields; each key once a submission."""
    stated: list[Stated] = []
    unseen: list[int] = []
    for index, entry in board.current:
        keys: set[str] = set()
        doubtful = False
        for ref in refs:
            about = statements(entry.submission, ref, trust)
            doubtful |= bool(about.unclear)
            for statement in about.found:
                key = key_of(statement)
                if key and key not in keys:
                    keys.add(key)
                    stated.append(Stated(index, key, statement))
        if not keys and (doubtful or entry.submission.blind):
            unseen.append(index)
    return Collected(tuple(stated), tuple(unseen))


def key_of(statement: Statement) -> str:
    """What a value comes down to, by the field's type; "" for nothing."""
    value = statement.field.value
    match statement.ref.spec.type:
        case FieldType.ORGANISATION:
            return organisation_key(value)
        case FieldType.COUNTY:
            return place_key(value)
        case FieldType.EMAIL:
            return value.strip().lower()
        case FieldType.PHONE:
            return "".join(char for char in value if char.isdigit())
        case _:
            return word_key(value)


def word_key(text: str) -> str:
    """Letters, digits and Chinese characters alone, Latin in lower case."""
    return "".join(char for char in text[:400].lower() if char.isalnum())


def organisation_key(text: str) -> str:
    """Province, place and own name, each in full."""
    name = parse(text)
    parts = (name.province, name.place if name.place != name.province else "", name.core, name.ending)
    return "|".join(parts) if name.text else ""


def place_key(text: str) -> str:
    """Province and county; the name itself where no county is told."""
    name = parse(text)
    return f"{name.province}|{name.place}" if name.place else normal(text)


@dataclass(frozen=True, slots=True)
class Groups:
    """Statements of one organisation together, in the board's order; and pairs that may be one."""

    groups: tuple[tuple[Stated, ...], ...]
    doubts: tuple[tuple[Stated, Stated], ...]

    def of_entries(self) -> dict[int, int]:
        """Submission → its (first) group's number."""
        found: dict[int, int] = {}
        for number, group in enumerate(self.groups):
            for each in group:
                found.setdefault(each.entry, number)
        return found


def grouped(stated: Sequence[Stated]) -> Groups:
    """Organisations by their keys; slips of OCR joined to the name that they are a slip of."""
    keys: dict[str, list[Stated]] = defaultdict(list)
    for each in stated:
        keys[each.key].append(each)
    joined = {key: key for key in keys}
    doubts: list[tuple[Stated, Stated]] = []
    for one, other in _near(keys):
        a, b = keys[one][0], keys[other][0]
        likeness = compare(
            a.statement.field.value,
            b.statement.field.value,
            recognised=True,
            confidence=min(a.statement.field.confidence, b.statement.field.confidence),
        )
        if likeness is Likeness.SAME:
            joined[_root(joined, other)] = _root(joined, one)
        elif likeness is Likeness.UNSURE:
            doubts.append((a, b))
    groups: dict[str, list[Stated]] = defaultdict(list)
    for each in stated:
        groups[_root(joined, each.key)].append(each)
    return Groups(tuple(tuple(group) for group in groups.values()), tuple(doubts))


def _root(joined: dict[str, str], key: str) -> str:
    while joined[key] != key:
        joined[key] = joined[joined[key]]
        key = joined[key]
    return key


def _near(keys: dict[str, list[Stated]]) -> Iterator[tuple[str, str]]:
    """Pairs of keys that differ in one character and of which one at least is known from OCR alone."""
    recognised = {key: all(each.statement.recognised for each in group) for key, group in keys.items()}
    buckets: dict[tuple[int, str], list[str]] = defaultdict(list)
    for key in keys:
        short = key.replace("|", "")[:64]
        for position in range(len(short)):
            bucket = buckets[(position, short[:position] + short[position + 1 :])]
            if len(bucket) < _BUCKET:
                bucket.append(key)
    for bucket in buckets.values():
        for number, one in enumerate(bucket):
            for other in bucket[number + 1 :]:
                if recognised[one] or recognised[other]:
                    yield (other, one) if recognised[one] else (one, other)
