"""Which character of one text is which of the other.

1. Short runs of characters that occur once in both texts are anchors. The longest chain of anchors that stand in the
   same order in both is taken, and every anchor is extended while characters agree.
2. Between two anchors the same is done with shorter runs, down to two characters; what remains is small, and is
   aligned with the least number of edits, where the two sides have something to do with each other.
3. What is then left over on both sides is aligned in the same way again: a text box or a table column that stands
   elsewhere in the other file's reading order is so found as moved, not as deleted and inserted.

Time grows with the length n of the texts as n log n, but for stretches without anchors, which are bounded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

_RUNS = (8, 4, 2)  # lengths of anchors, from the whole texts to the gaps between anchors
_EDITS = 600  # no stretch without anchors is longer, on either side
_ROUNDS = 4  # how often leftovers are aligned again
_MOVED = 3  # characters that a moved stretch has at least

Match = tuple[int, int, int]  # start in the one, start in the other, length


def align(a: str, b: str) -> list[int]:
    """For each character of `a` the index of the same character in `b`, or -1."""
    to = [-1] * len(a)
    taken = bytearray(len(b))
    _record(_matches(a, 0, len(a), b, 0, len(b), 0), to, taken)
    _slide(b, to, taken)
    for _ in range(_ROUNDS):
        left, right = _rest(a, to), _rest_of(b, taken)
        if not left or not right:
            break
        found = list(_again(a, left, b, right))
        if not found:
            break
        _record(found, to, taken)
    return to


def _record(matches: Iterator[Match] | list[Match], to: list[int], taken: bytearray) -> None:
    for start, other, length in matches:
        for step in range(length):
            to[start + step] = other + step
            taken[other + step] = 1


def _slide(b: str, to: list[int], taken: bytearray) -> None:
    """What `b` alone has begins as early as it may: 结对[情况结对]单位 is [结对情况]结对单位, moved perhaps."""
    there = {other: start for start, other in enumerate(to) if other >= 0}
    for start, end in _stretches([not each for each in taken]):
        for _ in range(end - start):
            if start == 0 or not taken[start - 1] or b[start - 1] != b[end - 1] or b[end - 1].isascii():
                break  # numbers stay whole
            start, end = start - 1, end - 1
            to[there[start]] = end
            there[end] = there.pop(start)
            taken[start], taken[end] = 0, 1


def _matches(a: str, a0: int, a1: int, b: str, b0: int, b1: int, level: int) -> Iterator[Match]:
    """Equal runs of a[a0:a1] and b[b0:b1], in the same order in both."""
    while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
        length = 1
        while a0 + length < a1 and b0 + length < b1 and a[a0 + length] == b[b0 + length]:
            length += 1
        yield a0, b0, length
        a0, b0 = a0 + length, b0 + length
    if a0 >= a1 or b0 >= b1:
        return
    if level == len(_RUNS):
        yield from _edited(a, a0, a1, b, b0, b1)
        return
    for start, other, length in _chain(a, a0, a1, b, b0, b1, _RUNS[level]):
        yield from _matches(a, a0, start, b, b0, other, level + 1)
        yield start, other, length
        a0, b0 = start + length, other + length
    yield from _matches(a, a0, a1, b, b0, b1, level + 1)


def _chain(a: str, a0: int, a1: int, b: str, b0: int, b1: int, run: int) -> list[Match]:
    """The longest chain of runs that are unique in both, extended to both sides; runs do not overlap."""
    here, there = _unique(a, a0, a1, run), _unique(b, b0, b1, run)
    common = [(start, there[key]) for key, start in here.items() if key in there]  # in the order of `a`
    result: list[Match] = []
    floor_a, floor_b = a0, b0
    for start, other in _increasing(common):
        if start < floor_a or other < floor_b:
            continue
        while start > floor_a and other > floor_b and a[start - 1] == b[other - 1]:
            start, other = start - 1, other - 1
        length = 0
        while start + length < a1 and other + length < b1 and a[start + length] == b[other + length]:
            length += 1
        result.append((start, other, length))
        floor_a, floor_b = start + length, other + length
    return result


def _unique(text: str, start: int, end: int, run: int) -> dict[str, int]:
    """Where each run of characters stands that occurs once."""
    found: dict[str, int] = {}
    for index in range(start, end - run + 1):
        key = text[index : index + run]
        found[key] = index if key not in found else -1
    return {key: index for key, index in found.items() if index >= 0}


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, which ascend in their first, that ascends in their second too."""
    tails: list[int] = []  # the least second with which a chain of each length can end
    ends: list[int] = []  # and which pair that is
    before = [-1] * len(pairs)
    for index, (_, other) in enumerate(pairs):
        at = bisect_left(tails, other)
        if at == len(tails):
            tails.append(other)
            ends.append(index)
        else:
            tails[at], ends[at] = other, index
        before[index] = ends[at - 1] if at else -1
    chain = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _edited(a: str, a0: int, a1: int, b: str, b0: int, b1: int) -> Iterator[Match]:
    """Equal runs of two short stretches; nothing where they are long, or have less than a third in common."""
    if max(a1 - a0, b1 - b0) > _EDITS:
        return
    left, right = a[a0:a1], b[b0:b1]
    blocks = [block for block in Levenshtein.opcodes(left, right) if block.tag == "equal"]
    equal = sum(block.src_end - block.src_start for block in blocks)
    if 3 * equal < min(len(left), len(right)):
        return
    for block in blocks:
        yield a0 + block.src_start, b0 + block.dest_start, block.src_end - block.src_start


def _rest(a: str, to: list[int]) -> list[tuple[int, int]]:
    return _stretches([other < 0 for other in to])


def _rest_of(b: str, taken: bytearray) -> list[tuple[int, int]]:
    return _stretches([not each for each in taken])


def _stretches(free: list[bool]) -> list[tuple[int, int]]:
    """Start and end of each stretch of free characters that is long enough to be one that was moved."""
    found, start = [], -1
    for index, each in enumerate([*free, False]):
        if each and start < 0:
            start = index
        elif not each and start >= 0:
            if index - start >= _MOVED:
                found.append((start, index))
            start = -1
    return found


def _again(a: str, left: list[tuple[int, int]], b: str, right: list[tuple[int, int]]) -> Iterator[Match]:
    """Runs of leftovers that are the same. Stretches are put behind one another, each closed by a character of its
    own side, so that no run goes over an end."""
    one, ones = _joined(a, left, "\x00")
    other, others = _joined(b, right, "\x01")
    for start, there, length in _chain(one, 0, len(one), other, 0, len(other), _MOVED):
        yield ones[start], others[there], length


def _joined(text: str, stretches: list[tuple[int, int]], end: str) -> tuple[str, list[int]]:
    parts: list[str] = []
    indexes: list[int] = []
    for start, stop in stretches:
        parts += [text[start:stop], end]
        indexes += [*range(start, stop), -1]
    return "".join(parts), indexes
