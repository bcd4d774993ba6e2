from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field as Parameter

from extractors.document import Place
from services.validation.board import Board, Exhibit, Sighting, operator, settled
from services.validation.check import Paper, Params
from services.validation.model import Evidence, Outcome, Text
from services.validation.shingles import SHINGLE, Body, body_of, candidates, hashes_of, letters

_RARE = 10  # bodies that may share a text before it can be common
_COMMON = 100  # bodies whose shared text is common in any case: what that many share is no secret copying
_FAILURES = 30  # comparisons of one body that come to nothing before it is given up
_WHOLE = 1 << 20  # hashes: every one of a text that is shown
_PARAGRAPHS = 3  # shared ones shown of each submission
_SHOWN = 200  # characters of one
_TOLD = 12  # submissions of a group whose paragraphs are shown


class NearDuplicate(Params):
    """No two applications have nearly the same text: not more than `share` of the shorter one's.

    What the form itself says does not count: `template` (its sentences), short lines such as labels, and text that
    stands in more than `common` of all submissions, or in more than a hundred. least: characters of its own text from
    which an application is compared; one with less after common text is taken off is for a person to compare.
    """

    documents: tuple[Paper, ...]
    share: float = Parameter(default=0.4, gt=0, le=1)
    common: float = Parameter(default=0.1, gt=0, le=1)
    least: int = Parameter(default=150, ge=SHINGLE)
    template: tuple[str, ...] = ()


@operator("near_duplicate", NearDuplicate)
def near_duplicate(board: Board, params: NearDuplicate) -> Iterator[Sighting]:
    """In five steps: exact copies together; common text off; candidates by MinHash; compared; told as groups."""
    template = hashes_of(params.template)
    bodies, unseen = _bodies(board, params, template)
    copies = _copies(bodies)
    own, poor = _own(bodies, [first for first, *_ in copies], params)
    joined = {first: list(all_of) for first, *all_of in ([copy[0], *copy] for copy in copies)}
    groups, given_up = _joined(own, params)
    clusters: list[list[int]] = []
    grouped: set[int] = set()
    for group in groups:
        grouped.update(group)
        clusters.append(sorted(entry for first in group for entry in joined[first]))
    clusters += [all_of for first, all_of in joined.items() if first not in grouped and len(all_of) > 1]
    told = {entry for cluster in clusters for entry in cluster}
    # what consists of common text or likens too many others could not be told apart; its copies are told above
    unseen |= {entry for first in poor | given_up for entry in joined[first]} - told
    passed = Text("没有正文高度雷同的申报。", "No two applications have nearly the same text.")
    sightings = (_told(board, cluster, params, template) for cluster in sorted(clusters))
    yield from settled(sightings, sorted(unseen), board, len(bodies), passed)


def _lines(board: Board, entry: int, params: NearDuplicate) -> Iterator[tuple[int, str, Place]]:
    """File, text and place of every line of an application's papers."""
    kinds = {form.kind for form in params.documents}
    of = board.entries[entry]
    for number, (file, prose) in enumerate(zip(of.submission.files, of.prose, strict=False)):
        if file.reading is not None and file.reading.kind in kinds:
            for text, place in prose.lines():
                yield number, text, place


def _bodies(board: Board, params: NearDuplicate, template: NDArray[np.uint64]) -> tuple[dict[int, Body], set[int]]:
    """The text of each application; and those that have none to compare though there is a paper."""
    kinds = {form.kind for form in params.documents}
    bodies: dict[int, Body] = {}
    unseen = set(board.blind())
    clipped: set[int] = set()
    for entry, number, _ in board.iter_kinds(kinds):
        prose = board.entries[entry].prose
        if number >= len(prose) or not prose[number].text:
            unseen.add(entry)  # a reading that was sent without its text
        elif not prose[number].complete:
            clipped.add(entry)
        if entry not in bodies:
            body = body_of((text for _, text, _ in _lines(board, entry, params)), template)
            if body.characters >= params.least:
                bodies[entry] = body
    return bodies, unseen - bodies.keys() | clipped


def _copies(bodies: dict[int, Body]) -> list[list[int]]:
    """Applications with the very same text together."""
    groups: dict[bytes, list[int]] = defaultdict(list)
    for entry, body in bodies.items():
        groups[hashlib.sha256(body.hashes.tobytes()).digest()].append(entry)
    return list(groups.values())


def _own(bodies: dict[int, Body], firsts: Sequence[int], params: NearDuplicate) -> tuple[dict[int, Body], set[int]]:
    """Bodies without what very many share; and those of which then too little is left."""
    most = max(_RARE, min(_COMMON, int(params.common * len(firsts))))
    common = _common([bodies[first].hashes for first in firsts], most)
    own: dict[int, Body] = {}
    poor: set[int] = set()
    for first in firsts:
        body = bodies[first].without(common)
        if body.characters >= params.least:
            own[first] = body
        else:
            poor.add(first)
    return own, poor


def _common(all_hashes: Sequence[NDArray[np.uint64]], most: int) -> NDArray[np.uint64]:
    """Hashes that stand in more than `most` bodies. A sixteenth of all hashes at a time bounds the memory."""
    found: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
    if len(all_hashes) <= most:
        return found[0]
    for part in range(16):
        bounds = np.array([part << 60, min((part + 1) << 60, 2**64 - 1)], np.uint64)
        slices = [hashes[slice(*np.searchsorted(hashes, bounds))] for hashes in all_hashes]
        values, counts = np.unique(np.concatenate(slices), return_counts=True)
        found.append(values[counts > most])
    return np.concatenate(found)


def _joined(own: dict[int, Body], params: NearDuplicate) -> tuple[list[list[int]], set[int]]:
    """Groups of similar bodies, and those that were like too many others in vain."""
    parents = {first: first for first in own}

    def root(first: int) -> int:
        while parents[first] != first:
            parents[first] = parents[parents[first]]
            first = parents[first]
        return first

    failures: dict[int, int] = defaultdict(int)
    for one, other in candidates(own):
        if root(one) == root(other) or max(failures[one], failures[other]) >= _FAILURES:
            continue
        if own[one].shared(own[other]) >= params.share:
            parents[root(other)] = root(one)
        else:
            failures[one] += 1
            failures[other] += 1
    groups: dict[int, list[int]] = defaultdict(list)
    for first in own:
        groups[root(first)].append(first)
    given_up = {first for first, count in failures.items() if count >= _FAILURES}
    return [group for group in groups.values() if len(group) > 1], given_up


def _told(board: Board, cluster: list[int], params: NearDuplicate, template: NDArray[np.uint64]) -> Sighting:
    first, names = cluster[0], board.names(cluster)
    shown = cluster[:_TOLD]
    sets = {entry: body_of((text for _, text, _ in _lines(board, entry, params)), template, _WHOLE) for entry in shown}
    shares = [sets[first].shared(sets[entry]) for entry in shown[1:]]
    exhibits = list(_paragraphs(board, first, sets[cluster[1]], params))
    for entry in shown[1:]:
        exhibits += _paragraphs(board, entry, sets[first], params)
    share = f"{100 * max(shares):.0f}%"
    return Sighting(
        Outcome.VIOLATED,
        Text(
            f"{names.zh}的正文高度雷同，相同文字约占较短一份的 {share}。",
            f"The texts of {names.en} are nearly the same: about {share} of the shorter one stands in the other.",
        ),
        tuple(cluster),
        tuple(exhibits),
        f"< {100 * params.share:.0f}%",
        share,
    )


def _paragraphs(board: Board, entry: int, other: Body, params: NearDuplicate) -> list[Exhibit]:
    """Its longest paragraphs of which most stands in the other, in the order of the text."""
    found: list[tuple[int, int, Exhibit]] = []
    for order, (file, text, place) in enumerate(_lines(board, entry, params)):
        if len(letters(text)) >= 2 * SHINGLE and other.covers(hashes_of([text])) >= 0.6:
            shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
            found.append((len(text), order, Exhibit(entry, Evidence(file, place, text=shown))))
    longest = sorted(found, key=lambda each: (-each[0], each[1]))[:_PARAGRAPHS]
    return [exhibit for _, _, exhibit in sorted(longest, key=lambda each: each[1])]
