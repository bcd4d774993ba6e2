"""Which finds are which seals, and what of them is right."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.paper.pictures import Picture, Truth
from benchmarks.scoring import ned, paired, rate, share
from extractors.document import Seal

OVERLAP = 0.4  # intersection over union of the boxes from which a find is the seal
SURE = 0.9  # confidence from which a name is told as read
LEAST = 4  # seals of a condition that has a row

Box = tuple[float, float, float, float]


def box_of(seal: Seal, picture: Picture) -> Box:
    """Left, top, right, bottom in pixels; nothing where the find has no place."""
    box = seal.place.box
    if box is None:
        return 0.0, 0.0, 0.0, 0.0
    high, wide = picture.raster.shape[:2]
    return box.left * wide, box.top * high, box.right * wide, box.bottom * high


def iou(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = sum((right - left) * (bottom - top) for left, top, right, bottom in (one, other))
    return wide * high / (areas - wide * high)


def matched(picture: Picture, seals: Sequence[Seal]) -> tuple[list[tuple[Truth, Seal | None]], list[Seal]]:
    """Each truth with its find, best overlaps first; and the finds that are no seal."""
    boxes = [box_of(seal, picture) for seal in seals]
    overlaps = ((iou(truth.box, box), i, j) for i, truth in enumerate(picture.truths) for j, box in enumerate(boxes))
    taken = paired(overlaps, OVERLAP)
    pairs = [(truth, seals[taken[i]] if i in taken else None) for i, truth in enumerate(picture.truths)]
    return pairs, [seal for j, seal in enumerate(seals) if j not in taken.values()]


def plain(text: str) -> str:
    """Without punctuation, so that （贵阳）, (贵阳) and 贵阳 are one."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())


def name_read(truth: Truth, seal: Seal | None) -> str:
    """What was read of the name: a square seal's last column may be told as centre text."""
    if seal is None:
        return ""
    read = plain(seal.text)
    if truth.shape == "square":
        return max(read, plain(seal.text + seal.centre_text), key=lambda text: ned(text, plain(truth.name)))
    return read


@dataclass(slots=True)
class Tally:
    """Sums of one condition. sure, sure_wrong: names told with SURE and more, and those of them that are wrong."""

    seals: int = 0
    found: int = 0
    exact: int = 0
    alike: float = 0.0
    sure: int = 0
    sure_wrong: int = 0
    centres: int = 0
    centres_exact: int = 0
    codes: int = 0
    codes_exact: int = 0

    def add(self, truth: Truth, seal: Seal | None) -> None:
        read, name = name_read(truth, seal), plain(truth.name)
        self.seals += 1
        self.found += seal is not None
        self.exact += read == name
        self.alike += ned(read, name)
        if seal is not None and read and seal.confidence >= SURE:
            self.sure += 1
            self.sure_wrong += read != name
        if truth.centre:
            self.centres += 1
            self.centres_exact += seal is not None and plain(seal.centre_text) == plain(truth.centre)
        if truth.code:
            self.codes += 1
            self.codes_exact += seal is not None and seal.code == truth.code

    def row(self, name: str) -> str:
        return (
            f"{name:<18} {self.seals:>5} {rate(self.found, self.seals)} {rate(self.exact, self.seals)} "
            f"{rate(self.alike, self.seals)} {self.sure:>5} {self.sure_wrong:>5} "
            f"{self.centres:>6} {rate(self.centres_exact, self.centres)} "
            f"{self.codes:>5} {rate(self.codes_exact, self.codes)}"
        )


HEAD = "condition          seals  found  exact  1-NED  sure wrong centre  exact codes  exact"


@dataclass(slots=True)
class Score:
    """The run so far. strays: finds that are no seal."""

    all: Tally = field(default_factory=Tally)
    by: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    strays: int = 0

    def add(self, picture: Picture, seals: Sequence[Seal]) -> list[str]:
        """A picture. What went wrong on it, one line each."""
        pairs, strays = matched(picture, seals)
        self.strays += len(strays)
        wrong = [f"{picture.name} no seal: {seal.shape} {seal.text!r} {seal.place.box}" for seal in strays]
        for truth, seal in pairs:
            self.all.add(truth, seal)
            for tag in truth.tags:
                self.by[tag].add(truth, seal)
            wrong += [f"{picture.name} {line}" for line in _differences(truth, seal)]
        return wrong

    def table(self) -> str:
        rows = [self.by[tag].row(tag) for tag in sorted(self.by) if self.by[tag].seals >= LEAST]
        return "\n".join([HEAD, self.all.row("all"), *rows])

    def figures(self) -> dict[str, float | int | None]:
        """The summary's figures."""
        whole = self.all
        return {
            "seals": whole.seals,
            "finds_that_are_no_seal": self.strays,
            "found": share(whole.found, whole.seals),
            "exact": share(whole.exact, whole.seals),
            "one_minus_ned": share(whole.alike, whole.seals),
            "sure": whole.sure,
            "sure_but_wrong": whole.sure_wrong,
            "centres": whole.centres,
            "centres_exact": share(whole.centres_exact, whole.centres),
            "codes": whole.codes,
            "codes_exact": share(whole.codes_exact, whole.codes),
        }


def _differences(truth: Truth, seal: Seal | None) -> Iterator[str]:
    what = f"{truth.name} [{', '.join(sorted(truth.tags))}]"
    if seal is None:
        yield f"lost: {what}"
        return
    if name_read(truth, seal) != plain(truth.name):
        yield f"name {seal.text!r} ({seal.confidence:.2f}): {what}"
    if truth.centre and plain(seal.centre_text) != plain(truth.centre):
        yield f"centre {seal.centre_text!r} of {truth.centre}: {what}"
    if truth.code and seal.code != truth.code:
        yield f"code {seal.code!r} of {truth.code}: {what}"
