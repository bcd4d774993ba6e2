"""Whose seal is it? What was read from it, against the organisation expected and all others that are known.

A name has parts of different weight, and a slip of OCR is judged by the part in which it happened:

    安吉县    place     a closed set: nothing but look-alikes, and no other place of the gazetteer as near
    浙江省    province  a closed set of 32: one slip, where no other province is as near
    水土保持  subject   an open set: nothing but look-alikes, for 心理卫生 and 生理卫生 are two
    学会      ending    short: nothing but look-alikes; of 科学技术协会 one character may be lost

What is left must be nearer to the expected name than to any other known one by MARGIN. Whoever cannot be told from
another is UNSURE: a wrong MATCHES would never be looked at again.

A reader that was not sure tells what else the name may read. Where its first choice is nobody's name (西腾县, of which
there is none) and another is the expected one, 西畴县, it is that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extractors.values.alike import distance, look_alikes, slips
from extractors.values.places import CORPS, counties_named, near_counties, provinces, short_province
from services.validation.organisations import Likeness, Name, compare, normal, parse

MARGIN = 0.5
"""By how much the runner-up must be farther: two pairs of look-alikes."""

APART = 0.75
"""By how much the expected name must be farther than another one for the seal to be that other's."""

FIRST = 8
"""How many of the known names are compared in full: those with the most characters in common."""

_SLIPS = 0.5  # two pairs of look-alikes
_LONG = 5  # an ending of so many characters is known from fewer
_LOST = 1.5  # what may be lost of it
_MOST = 2.0  # in a whole name
_MISREAD = 2.0  # characters of a seal that are misread now and then


class Whose(StrEnum):
    MATCHES = "matches"
    OTHER = "other"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Ownership:
    """whose: against the expected name. name: the organisation it is of; "" where nobody known, or not sure.

    runner_up: the nearest other name; "" where none is known. margin: by how many slips it is farther than the
    expected one; below 0 where it is nearer. instead: the other choice of the reader that the match rests on; "" where
    it rests on the first.
    """

    whose: Whose
    name: str = ""
    runner_up: str = ""
    margin: float = 0.0
    instead: str = ""


class Known:
    """Organisations that a seal might be of, made ready to be searched. names: in any form."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name: normal(name) for name in dict.fromkeys(names)}
        self._characters = {name: frozenset(text) for name, text in self._names.items()}
        self._texts = frozenset(self._names.values())
        self.subjects = frozenset(parse(name).core for name in self._names)

    def __contains__(self, text: str) -> bool:
        """Whether one of them is called so. text: in normal form."""
        return text in self._texts

    def nearest(self, read: str) -> list[str]:
        """At most FIRST names, those with the most characters in common with a reading first."""
        characters = frozenset(read)
        shared = {name: 2 * len(characters & own) - len(own) for name, own in self._characters.items()}
        return sorted(shared, key=lambda name: -shared[name])[:FIRST]


NOBODY = Known(())


@lru_cache(maxsize=1024)
def whose(
    read: str, expected: tuple[str, ...], known: Known = NOBODY, *, confidence: float = 1.0, also: tuple[str, ...] = ()
) -> Ownership:
    """Whose name a reading is. expected: names of one organisation (or of several, any of which is right).

    confidence: of the reading, 0 to 1; a difference of so few characters as it makes likely to be misread is UNSURE.
    also: what else it may read.
    """
    first = _whose(read, expected, known, confidence)
    if first.whose is Whose.MATCHES:
        return first
    for other in also:
        name = next((name for name in expected if normal(other) == normal(name)), None)
        if name is not None and _borne_by_nobody(normal(read), normal(name), known):
            return Ownership(Whose.MATCHES, name, read, first.margin, instead=other)
    return first


def _whose(read: str, expected: tuple[str, ...], known: Known, confidence: float) -> Ownership:
    text = normal(read)
    if not text or not expected:
        return Ownership(Whose.UNSURE)
    fits = {name: _fit(text, name) for name in expected}
    best = min(expected, key=lambda name: (not fits[name].good, fits[name].cost))
    cost = fits[best].cost
    rivals = {name: _rival(text, name, cost + MARGIN) for name in known.nearest(text)}
    by_cost = sorted(rivals, key=lambda name: rivals[name].cost)
    runner_up = next((name for name in by_cost if not _one_of(name, expected)), "")
    margin = rivals[runner_up].cost - cost if runner_up else float(len(text))
    if fits[best].good and (cost == 0 or margin >= MARGIN):
        return Ownership(Whose.MATCHES, best, runner_up, margin)
    if any(_cut(text, variant) for name in expected for variant, _ in _variants(normal(name))):
        return Ownership(Whose.UNSURE, "", runner_up, margin)
    if runner_up and rivals[runner_up].good and margin <= -APART:
        return Ownership(Whose.OTHER, runner_up, runner_up, margin)
    different = all(
        compare(text, name, recognised=True, confidence=confidence) is Likeness.DIFFERENT for name in expected
    )
    # of eight characters read with a confidence of 0.6 three may be wrong: 温县 for 德江县
    misread = all(distance(text, normal(name)) <= (1 - confidence) * len(text) for name in expected)
    if different and not misread and _whole(parse(text)) and not _nobodys(text, expected, known):
        return Ownership(Whose.OTHER, "", runner_up, margin)
    return Ownership(Whose.UNSURE, "", runner_up, margin)


def fits(read: str, name: str) -> bool:
    """Whether slips that a reader makes explain the reading: without it, `whose` never says MATCHES."""
    return _fit(normal(read), name).good


def _one_of(name: str, expected: tuple[str, ...]) -> bool:
    return any(compare(name, other, recognised=False) is Likeness.SAME for other in expected)


def _whole(name: Name) -> bool:
    """Built like a name that was read in full: a place that there is, or a province or nation, and an ending."""
    return bool(name.ending) and (name.known or (bool(name.province) and not name.place))


def _nobodys(read: str, expected: tuple[str, ...], known: Known) -> bool:
    """One or two characters beside an expected name or short of it, with a subject of which no known body is
    (中国蔬采协会, 天津市叶学会)."""
    seen = parse(read)
    if not seen.core or seen.core in known.subjects:
        return False
    likely = (normal(name) for name in expected if parse(name).ending == seen.ending)
    return any(len(read) <= len(name) and distance(read, name) <= _MISREAD for name in likely)


def _borne_by_nobody(read: str, name: str, known: Known) -> bool:
    """Not a name that somebody may bear beside an expected one: a county that there is none of, or a subject of which
    no known body is."""
    seen, own = parse(read), parse(name)
    if read in known or seen.ending != own.ending:
        return False
    if seen.place != own.place or seen.province != own.province:
        return seen.core == own.core and bool(seen.place) and not seen.known
    return seen.core != own.core and seen.core not in known.subjects


def _cut(read: str, name: str) -> bool:
    """The reading is what remains of the name where its beginning or end was lost."""
    return len(read) < len(name) and (name.startswith(read) or name.endswith(read))


# ------------------------------------------------------------------------------------------ a reading and one name


@dataclass(frozen=True, slots=True)
class _Fit:
    """cost: of the slips that explain the reading, or less where they are too many. good: each of them may be one."""

    cost: float
    good: bool


def _fit(read: str, name: str) -> _Fit:
    text = normal(name)
    if read == text:
        return _Fit(0.0, True)
    fits = [_fit_variant(read, variant, marks) for variant, marks in _variants(text)]
    return min(fits, key=lambda fit: (not fit.good, fit.cost))


def _rival(read: str, name: str, bar: float) -> _Fit:
    """The fit of another name. What it costs at least is not enough where that would leave it near."""
    fit = _fit(read, name)
    if fit.good or fit.cost >= bar:
        return fit
    return _Fit(min(distance(read, variant) for variant, _ in _variants(normal(name))), good=False)


def _fit_variant(read: str, name: str, marks: str) -> _Fit:
    reach = _reach(read)
    lost = [mark for character, mark in zip(name, marks, strict=True) if character not in reach]
    least = max(len(lost), abs(len(read) - len(name)))
    if least > _MOST or "l" in lost:
        return _Fit(float(least), False)
    costs = slips(read, name)
    total = sum(costs)
    if total == 0 or total > _MOST:
        return _Fit(total, total == 0)
    spent = {mark: sum(cost for cost, at in zip(costs, marks, strict=True) if at == mark) for mark in set(marks)}
    ending = marks.count("e")
    good = (
        spent.get("c", 0) <= _SLIPS
        and spent.get("l", 0) <= _SLIPS
        and spent.get("n", 0) <= 1
        and spent.get("e", 0) <= (_LOST if ending >= _LONG else _SLIPS)
        and _place_is_clear(read, name, marks, spent)
        and not (spent.get("n", 0) and read[:2] in _NATIONS)
    )
    return _Fit(total, good)


@lru_cache(maxsize=1024)
def _reach(read: str) -> frozenset[str]:
    """The characters that a slip of less than 1 may have made of these."""
    return frozenset(read).union(*(look_alikes(character) for character in set(read)))


_NATIONS = ("中国", "中华", "全国", "国际")


def _place_is_clear(read: str, name: str, marks: str, spent: dict[str, float]) -> bool:
    """No other province or county is as near to what was read of the place."""
    if not spent.get("p", 0) and not spent.get("l", 0):
        return True
    place = marks.count("p") + marks.count("l")
    own = name[:place]
    # what was read of it, at each length that it may have
    starts = [read[:length] for length in range(max(2, place - 1), place + 2)]
    cost = min(distance(start, own) for start in starts)
    if spent.get("p", 0):
        if spent["p"] > 1:
            return False
        head = own[: marks.count("p")]
        own_cost = min(distance(read[:length], head) for length in range(len(head) - 1, len(head) + 2))
        others = [other for other in _province_names() if other not in head and head not in other]
        if any(distance(read[: len(other)], other) < own_cost + MARGIN for other in others):
            return False
    if spent.get("l", 0):
        tail = own[marks.count("p") :]
        for start in starts:
            seen = start[marks.count("p") :]
            if any(other != tail and near <= cost + MARGIN for other, near in near_counties(seen, cost + MARGIN)):
                return False
    return True


@lru_cache(maxsize=1)
def _province_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*provinces(), *(short_province(name) for name in provinces()), CORPS)))


@lru_cache(maxsize=8192)
def _variants(name: str) -> tuple[tuple[str, str], ...]:
    """The name as it may stand on a seal, each with a mark a character: n nation, p province, l place, c subject,
    e ending."""
    parsed = parse(name)
    own = parsed.core + parsed.ending
    own_marks = "c" * len(parsed.core) + "e" * len(parsed.ending)
    prefix = name[: len(name) - len(own)] if name.endswith(own) else ""
    if parsed.national:
        return ((name, "n" * len(prefix) + own_marks),)
    if not prefix:
        return ((name, "c" * len(parsed.core) + "e" * len(parsed.ending)),)
    heads = {(prefix.removesuffix(parsed.place), parsed.place if prefix.endswith(parsed.place) else "")}
    if prefix.endswith(parsed.place) or parsed.known:
        heads |= {(higher, parsed.place) for higher in _higher(parsed)}
    return tuple(
        (higher + place + own, "p" * len(higher) + "l" * len(place) + own_marks) for higher, place in sorted(heads)
    )


def _higher(name: Name) -> set[str]:
    """What may stand before a county's name, or be the province of a society."""
    if not name.county:
        return {name.province, short_province(name.province)} if not name.place else set()
    found = {"", name.province}
    for division in counties_named(name.place, name.province):
        found |= {division.province, division.city, division.province + division.city}
    return found
