"""Which finds are which seals, and what of them is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.scoring import ned, paired, rate, share
from benchmarks.seals.pages import Sheet, Truth
from extractors.document import Box, Seal
from extractors.hanzi import HANZI

OVERLAP = 0.5  # intersection over union of the boxes from which a find is the seal
WHOLE = 0.97  # visible part from which a seal counts as uncut
TURN, SIZE = 6.0, 0.04  # degrees, part of the diameter: up to here angle and diameter are right


def box_of(truth: Truth, sheet: Sheet) -> Box:
    """The seal's part on the picture, fractions."""
    height, width = sheet.picture.shape[:2]
    low, high = truth.polygon.min(axis=0), truth.polygon.max(axis=0)
    left, top = np.clip(low / (width, height), 0, 1)
    right, bottom = np.clip(high / (width, height), 0, 1)
    return Box(float(left), float(top), float(right), float(bottom))


def iou(one: Box, other: Box) -> float:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (one.width * one.height + other.width * other.height - wide * high)


def matched(sheet: Sheet, seals: Sequence[Seal]) -> list[tuple[Truth | None, Seal | None]]:
    """Each truth with its find, best overlaps first; then the finds without a truth."""
    boxes = [box_of(truth, sheet) for truth in sheet.truths]
    overlaps = (
        (iou(box, seal.place.box), i, j)
        for i, box in enumerate(boxes)
        for j, seal in enumerate(seals)
        if seal.place.box is not None
    )
    taken = paired(overlaps, OVERLAP)
    both: list[tuple[Truth | None, Seal | None]] = [
        (truth, seals[taken[i]] if i in taken else None) for i, truth in enumerate(sheet.truths)
    ]
    return both + [(None, seal) for j, seal in enumerate(seals) if j not in taken.values()]


def hanzi(text: str) -> str:
    return "".join(HANZI.findall(text))


def name_read(truth: Truth, seal: Seal | None) -> str:
    """What was read of `truth.engraved.text`: a frame's second line may be told as centre text."""
    if seal is None:
        return ""
    return hanzi(seal.text + seal.centre_text) if "rows" in truth.plate.tags else hanzi(seal.text)


def turned(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


@dataclass(slots=True)
class Tally:
    """Sums of one condition."""

    seals: int = 0
    found: int = 0
    named: int = 0  # uncut seals, found or not
    exact: int = 0
    alike: float = 0.0
    centres: int = 0
    centres_exact: int = 0
    codes: int = 0
    codes_exact: int = 0

    def add(self, truth: Truth, seal: Seal | None) -> None:
        self.seals += 1
        self.found += seal is not None
        if truth.visible < WHOLE:
            return
        read = name_read(truth, seal)
        self.named += 1
        self.exact += read == truth.engraved.text
        self.alike += ned(read, truth.engraved.text)
        if truth.engraved.centre:
            self.centres += 1
            self.centres_exact += seal is not None and hanzi(seal.centre_text) == truth.engraved.centre
        if truth.engraved.code:
            self.codes += 1
            self.codes_exact += seal is not None and seal.code == truth.engraved.code

    def row(self, name: str) -> str:
        return (
            f"{name:<14} {self.seals:>5} {rate(self.found, self.seals)} {self.named:>6} "
            f"{rate(self.exact, self.named)} {rate(self.alike, self.named)} "
            f"{self.centres:>5} {rate(self.centres_exact, self.centres)} "
            f"{self.codes:>5} {rate(self.codes_exact, self.codes)}"
        )


HEAD = "condition      seals recall  uncut  exact  1-NED centre  exact codes  exact"


@dataclass(slots=True)
class Score:
    """The run so far. wrong: one line a difference."""

    all: Tally = field(default_factory=Tally)
    by: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    finds: int = 0
    shape: list[bool] = field(default_factory=list)
    colour: list[bool] = field(default_factory=list)
    angle: list[bool] = field(default_factory=list)
    diameter: list[bool] = field(default_factory=list)
    visible: list[bool] = field(default_factory=list)
    overlap: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, sheet: Sheet, seals: Sequence[Seal]) -> list[str]:
        """A page. What went wrong on it, one line each."""
        self.finds += len(seals)
        wrong = []
        for truth, seal in matched(sheet, seals):
            if truth is None:
                assert seal is not None
                wrong.append(f"{sheet.name} no seal: {seal.shape} {seal.colour} {seal.text!r} {seal.place.box}")
                continue
            self.all.add(truth, seal)
            for tag in _conditions(truth):
                self.by[tag].add(truth, seal)
            wrong += [f"{sheet.name} {line}" for line in self._facts(sheet, truth, seal)]
        self.wrong += wrong
        return wrong

    def _facts(self, sheet: Sheet, truth: Truth, seal: Seal | None) -> Iterator[str]:
        what = f"{truth.engraved.text} [{', '.join(sorted(truth.tags))}]"
        if seal is None:
            yield f"lost: {what}"
            return
        assert seal.place.box is not None
        self.overlap.append(iou(seal.place.box, box_of(truth, sheet)))
        if truth.visible < WHOLE:
            return
        if name_read(truth, seal) != truth.engraved.text:
            yield f"name {seal.text!r}: {what}"
        if truth.engraved.centre and hanzi(seal.centre_text) != truth.engraved.centre:
            yield f"centre {seal.centre_text!r} of {truth.engraved.centre}: {what}"
        if truth.engraved.code and seal.code != truth.engraved.code:
            yield f"code {seal.code!r} of {truth.engraved.code}: {what}"
        self.shape.append(seal.shape == truth.shape)
        self.colour.append(seal.colour == truth.colour)
        if not self.shape[-1] or not self.colour[-1]:
            yield f"{seal.shape} {seal.colour} of {truth.shape} {truth.colour}: {what}"
        if seal.angle is not None:
            self.angle.append(turned(seal.angle, truth.angle) <= TURN)
            if not self.angle[-1]:
                yield f"angle {seal.angle} of {truth.angle:.1f}: {what}"
        if sheet.dpi and truth.plate.kind != "triangle":
            self.diameter.append(
                seal.diameter_mm is not None
                and abs(seal.diameter_mm - truth.plate.diameter) <= SIZE * truth.plate.diameter
            )
            if not self.diameter[-1]:
                yield f"diameter {seal.diameter_mm} of {truth.plate.diameter}: {what}"

    def table(self) -> str:
        rows = [HEAD, self.all.row("all"), *(self.by[name].row(name) for name in sorted(self.by))]
        return "\n".join(rows)

    def figures(self) -> dict[str, float | int | None]:
        """The summary's figures."""
        whole = self.all
        sharp = self.by["without JPEG 20-30"]
        hard = self.by["faint or cut"]
        return {
            "seals": whole.seals, "finds": self.finds,
            "precision": share(whole.found, self.finds), "recall": share(whole.found, whole.seals),
            "recall_faint_or_cut": share(hard.found, hard.seals),
            "recall_others": share(whole.found - hard.found, whole.seals - hard.seals),
            "exact": share(whole.exact, whole.named), "exact_without_low_jpeg": share(sharp.exact, sharp.named),
            "one_minus_ned": share(whole.alike, whole.named),
            "codes_exact": share(whole.codes_exact, whole.codes),
            "centres_exact": share(whole.centres_exact, whole.centres),
            **{f"{name}_right": share(sum(values), len(values)) for name, values in (
                ("shape", self.shape), ("colour", self.colour), ("angle", self.angle), ("diameter", self.diameter))},
            "mean_iou": share(sum(self.overlap), len(self.overlap)),
        }  # fmt: skip


def _conditions(truth: Truth) -> set[str]:
    tags = set(truth.tags)
    if "JPEG 20-30" not in tags:
        tags.add("without JPEG 20-30")
    if tags & {"faint", "cut", "cross-page"}:
        tags.add("faint or cut")
    else:
        tags.add("clear")
    return tags


def quantile(values: Sequence[float], part: float) -> float | None:
    return round(float(np.quantile(values, part)), 4) if values else None
