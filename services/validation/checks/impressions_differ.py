from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field as Parameter

from extractors.document import Seal
from extractors.impressions import Texture, alike, unpack
from services.validation.check import Observation, Paper, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import iter_kind, missing_paper

_MOST = 200  # seals that are compared: a form of a dozen pages has some twenty


class ImpressionsDiffer(Params):
    """No impression of a seal stands in two places: each was pressed anew.

    Seals whose ink has the same grain are pictures of one impression: pasted, or copied from another paper. Whether a
    seal is genuine is not judged. One paper may come twice (as Word and scan, as scan and photo): seals in the same
    place of papers of one kind are not compared, nor the parts of a perforation seal (骑缝章). The texture of seals
    that are not round, are worn or covered is not known; how many were compared is told.
    """

    documents: tuple[Paper, ...] = Parameter(min_length=1)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A seal whose texture is known. slot: where it stands, "" for none."""

    file: int
    sha256: str
    kind: str
    slot: str
    seal: Seal
    texture: Texture

    def is_elsewhere(self, other: _Mark) -> bool:
        """Whether the two stand in different places."""
        if self.file != other.file:
            copied = self.sha256 == other.sha256 != ""
            return not copied and (self.kind, self.slot) != (other.kind, other.slot)
        here, there = self.seal.place, other.seal.place
        if (here.page, here.path) != (there.page, there.path) or here.box is None or there.box is None:
            return True
        return 2 * here.box.shared(there.box) < min(here.box.area, there.box.area)  # else one seal, found twice


@check("impressions_differ", ImpressionsDiffer)
def impressions_differ(submission: Submission, params: ImpressionsDiffer) -> Iterator[Observation]:
    kinds = dict.fromkeys(form.kind for form in params.documents)
    if not any(True for kind in kinds for _ in iter_kind(submission, kind)):
        zh, en = "、".join(form.zh for form in params.documents), ", ".join(form.en for form in params.documents)
        yield missing_paper(submission, zh, en)
        return
    marks = [mark for kind in kinds for mark in _marks(submission, kind)][:_MOST]
    groups = _groups(marks)
    yield from (_told(group) for group in groups)
    if groups:
        return
    if len(marks) < 2:
        text = Text("没有两枚可以比对墨迹的印章。", "There are no two seals whose ink can be compared.")
        yield Observation(Outcome.NOT_APPLICABLE, text)
        return
    yield Observation(
        Outcome.PASSED,
        Text(
            f"{len(marks)} 枚可以比对墨迹的印章不是同一印迹的重复。",
            f"Of {len(marks)} seals whose ink can be compared, none repeats another's impression.",
        ),
    )


def _marks(submission: Submission, kind: str) -> Iterator[_Mark]:
    for index, file, reading in iter_kind(submission, kind):
        slots = {at: slot.id for slot in reading.slots for at in slot.seals}
        for at, seal in enumerate(reading.seals):
            texture = None if seal.across else unpack(seal.impression)
            if texture is not None:
                yield _Mark(index, file.sha256, kind, slots.get(at, ""), seal, texture)


def _groups(marks: list[_Mark]) -> list[list[_Mark]]:
    """Marks of one impression that stand in two places at least."""
    group = list(range(len(marks)))
    for at, mark in enumerate(marks):
        others = [index for index in range(at + 1, len(marks)) if mark.is_elsewhere(marks[index])]
        for found in alike(mark.texture, [marks[index].texture for index in others]):
            old, new = group[others[found]], group[at]
            group = [new if number == old else number for number in group]
    every = ([mark for mark, number in zip(marks, group, strict=True) if number == one] for one in sorted(set(group)))
    return [each for each in every if len(each) > 1]


def _told(group: list[_Mark]) -> Observation:
    text = next((mark.seal.text for mark in group if mark.seal.text), "")
    return Observation(
        Outcome.VIOLATED,
        Text(
            f"{len(group)} 处印章{f'“{text}”' if text else ''}的墨迹纹理相同，似为同一次用印的图像（不判断真伪）。",
            f"The seals {f'“{text}” ' if text else ''}in {len(group)} places have the same grain of ink, as pictures "
            "of one impression have (whether they are genuine is not judged).",
        ),
        tuple(Evidence(mark.file, mark.seal.place, "seal", mark.seal.text) for mark in group),
        "各处分别用印",
        f"{text}（同一次用印的图像）",
    )
