"""骑缝章: one impression over the rims of several pages, of which each shows a part. Which parts belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Box, Seal

_CUT = 0.93  # visible part below which a seal is cut
_RIM = 0.012  # fraction of the page's width within which a part touches the rim
_LEVEL = 0.25  # of the parts' height: how far apart their middles may lie, as pages are not stacked exactly
_ALIKE = 0.2  # of the greater height: how much the parts' heights may differ


def with_parts(seals: Sequence[Seal]) -> tuple[Seal, ...]:
    """The seals of a document in their order, `across` set for parts on following pages that belong together.

    Parts have the same colour and height, lie level and touch the left or right rim: the rims of facing pages, or the
    same rim of pages that were fanned out.
    """
    numbers = [0] * len(seals)
    pages = [seal.place.page or 0 for seal in seals]
    groups = 0
    for index, seal in sorted(enumerate(seals), key=lambda pair: pages[pair[0]]):
        if not pages[index] or not _rims(seal):
            continue
        before = [
            other for other in range(len(seals)) if pages[other] == pages[index] - 1 and _belong(seals[other], seal)
        ]
        if len(before) != 1:  # none, or it cannot be told which
            continue
        if not numbers[before[0]]:
            groups += 1
            numbers[before[0]] = groups
        numbers[index] = numbers[before[0]]
    return tuple(replace(seal, across=number) for seal, number in zip(seals, numbers, strict=True))


def _rims(seal: Seal) -> frozenset[str]:
    """Which of the left and the right rim a cut seal touches."""
    box = seal.place.box
    if box is None or seal.visible >= _CUT:
        return frozenset()
    touched = {"left": box.left < _RIM, "right": box.right > 1 - _RIM}
    return frozenset(rim for rim, touches in touched.items() if touches)


def _belong(one: Seal, other: Seal) -> bool:
    first, second = one.place.box, other.place.box
    if first is None or second is None or one.colour is not other.colour or not _rims(one) or not _rims(other):
        return False
    tall = max(first.height, second.height)
    level = abs(_middle(first) - _middle(second)) <= _LEVEL * tall
    return level and abs(first.height - second.height) <= _ALIKE * tall


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
