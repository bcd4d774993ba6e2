"""Texts as sets of shingles: every run of SHINGLE letters, hashed; and which of many sets are worth comparing.

A long text is represented by a part of its hashes that depends on the hashes alone (those below a bound), so that the
same passage leaves the same hashes in every text. Candidates come from MinHash signatures in bands (datasketch): two
sets that share a fifth of their hashes meet in a band with a probability of 0.93, a third 0.9995.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHINGLE = 8  # letters
MOST = 512  # hashes kept of a text that is compared with many; the others are left out at random

_NO_LETTERS = re.compile(r"[\W_]+")
_LABEL = 12  # letters of a line that is a label, a name or an amount
_PERMUTATIONS, _BANDS, _ROWS = 128, 64, 2

Hashes = NDArray[np.uint64]
_NONE = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Body:
    """A text. hashes: sorted, each once, all below 2**64 >> halvings. halvings: how often the hashes were halved."""

    hashes: Hashes
    halvings: int

    @property
    def characters(self) -> int:
        """About how many letters it has."""
        return int(self.hashes.size) << self.halvings

    def without(self, others: Hashes) -> Body:
        return Body(self.hashes[~_within(self.hashes, others)], self.halvings)

    def shared(self, other: Body) -> float:
        """0 to 1: the part of the shorter one's text that stands in the other."""
        halvings = max(self.halvings, other.halvings)
        mine, theirs = _below(self.hashes, halvings), _below(other.hashes, halvings)
        return float(_within(mine, theirs).sum()) / max(1, min(mine.size, theirs.size))

    def covers(self, hashes: Hashes) -> float:
        """0 to 1: the part of these hashes that it has."""
        kept = _below(hashes, self.halvings)
        return float(_within(kept, self.hashes).mean()) if kept.size else 0.0


def letters(text: str) -> str:
    """Without blanks and punctuation, Latin in lower case."""
    return _NO_LETTERS.sub("", text.lower())


def body_of(lines: Iterable[str], template: Hashes, most: int = MOST) -> Body:
    """The text of lines without labels and the template's hashes. Lines of a scan run on into one another."""
    kept = (line for line in map(letters, lines) if len(line) > _LABEL)
    hashes = _distinct(_hashed("".join(kept)))
    hashes = hashes[~_within(hashes, template)]
    halvings = 0
    while _below(hashes, halvings).size > most:
        halvings += 1
    return Body(_below(hashes, halvings).copy(), halvings)


def hashes_of(texts: Iterable[str]) -> Hashes:
    """Every hash of the texts, sorted."""
    return _distinct(np.concatenate([_NONE, *(_hashed(letters(text)) for text in texts)]))


def candidates(bodies: Mapping[int, Body]) -> Iterator[tuple[int, int]]:
    """Pairs that may share much, each once.

    Two bodies meet at the bound of the one of which less was kept: there `shared` compares them, and a signature of
    all hashes of the one would be unlike that of half the hashes of the other, however alike the texts.
    """
    from datasketch import MinHash, MinHashLSH  # it brings scipy: a second that only an audit need pay

    empty = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
    for halvings in sorted({body.halvings for body in bodies.values()}):
        index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
        for number, body in bodies.items():
            kept = _below(body.hashes, halvings)
            if body.halvings > halvings or not kept.size:
                continue
            signature = empty.copy()
            signature.update_batch(kept & np.uint64(0xFFFFFFFF))  # the upper bits tell how many were kept
            for other in sorted(index.query(signature)):
                if halvings == max(body.halvings, bodies[other].halvings):
                    yield other, number
            index.insert(number, signature, check_duplication=False)


def _hashed(text: str) -> Hashes:
    """A hash of each run of SHINGLE letters, in their order."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    count = codes.size - SHINGLE + 1
    if count < 1:
        return _NONE
    found = np.zeros(count, np.uint64)
    for step in range(SHINGLE):
        found = found * np.uint64(0x9E3779B97F4A7C15) + codes[step : step + count]
    # spread over all bits (the finaliser of SplitMix64): the bound on hashes rests on that
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(found ^ (found >> np.uint64(31)))


def _distinct(hashes: Hashes) -> Hashes:
    """Sorted, each once. numpy's own `unique` takes several times as long for so few."""
    found = np.sort(hashes)
    fresh = np.concatenate([np.ones(min(1, found.size), bool), found[1:] != found[:-1]])
    return np.asarray(found[fresh])


def _below(hashes: Hashes, halvings: int) -> Hashes:
    """Those of a sorted array that stay after so many halvings."""
    return hashes[: int(np.searchsorted(hashes, np.uint64(1 << (64 - halvings))))] if halvings else hashes


def _within(some: Hashes, others: Hashes) -> NDArray[np.bool_]:
    """Which of `some` stand in the sorted `others`."""
    if not others.size:
        return np.zeros(some.shape, bool)
    places = np.minimum(np.searchsorted(others, some), others.size - 1)
    return np.asarray(others[places] == some)
