"""Which slot a text asks for: 申报单位意见, 浙江省级科协意见（盖章）, 承诺书."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.document import Line, Source
from extractors.forms.labels import edits, normal_label
from extractors.forms.spec import SlotSpec

LONGEST = 60  # characters of a cell or line that is a label
_TAIL = re.compile(r"(?:栏|签章|签字盖章|盖章|加盖公章|审核|审批)$")


def named(text: str, specs: tuple[SlotSpec, ...], *, recognised: bool) -> SlotSpec | None:
    """The slot whose label a whole text is; None where it is none."""
    if not text or len(text) > LONGEST:
        return None
    return _spec_of(_TAIL.sub("", normal_label(text)), specs, recognised)


@lru_cache(maxsize=8192)
def _spec_of(label: str, specs: tuple[SlotSpec, ...], recognised: bool) -> SlotSpec | None:
    known = [(normal_label(text), spec) for spec in specs for text in spec.labels]
    for name, spec in known:
        if label == name:
            return spec
    for name, spec in sorted(known, key=lambda pair: -len(pair[0])):
        if len(name) >= 4 and label.endswith(name) and len(label) - len(name) <= 6:
            return spec  # 浙江省级科协意见
    if not recognised or len(label) < 4:
        return None
    near = sorted((edits(label, name), name) for name, _ in known if abs(len(name) - len(label)) <= 1)
    if near and near[0][0] == 1 and (len(near) == 1 or near[1][0] > 1):
        return dict(known)[near[0][1]]
    return None


def label_of(line: Line, specs: tuple[SlotSpec, ...]) -> tuple[SlotSpec, str] | None:
    """The slot that a line opens, and what stands behind its label; None where it opens none."""
    recognised = line.source is Source.OCR
    if (spec := named(line.text, specs, recognised=recognised)) is not None:
        return spec, ""
    for colon in re.finditer("[:：]", line.text[: LONGEST + 1]):
        spec = named(line.text[: colon.start()], specs, recognised=recognised)
        if spec is not None:
            return spec, line.text[colon.end() :]
    head = re.split(r"\s{2,}", line.text[:LONGEST], maxsplit=1)[0]  # beside it part of a seal was read
    spec = named(head, specs, recognised=recognised) if line.under_seal else None
    return (spec, line.text[len(head) :]) if spec is not None else None
