from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from difflib import SequenceMatcher

from pydantic import Field as Parameter

from extractors.document import FieldState, Reading
from extractors.values.characters import squeeze
from services.validation.check import FieldRef, Observation, TrustParams, check
from services.validation.model import Outcome, Submission, Text
from services.validation.statements import (
    Statement,
    Statements,
    iter_kind,
    missing_paper,
    observed,
    statements,
    unclear,
    unstated,
)


class TitlesEqual(TrustParams):
    """Two papers call a project by the same name.

    left: the field that names it. right: the field of the other paper; that the name stands anywhere in that paper is
    as good. Quotation marks, punctuation and the words of `generic` do not count; a part of the name is the name. A
    paper that names nothing but the call's own action names no project, and is not compared.
    generic: words that belong to the call, not to a project.
    alike: how much of the name has to agree (0 to 1), for slips of OCR and small changes.
    """

    left: FieldRef
    right: FieldRef
    generic: tuple[str, ...] = ()
    alike: float = Parameter(default=0.8, ge=0, le=1)


_SHORTEST = 4  # characters of a name that says enough to be looked for
_LONGEST = 100  # more is no name, and comparing costs its square
_DOUBT = 0.6  # names less alike than this differ; between it and `alike`, on a scan, a person looks


@check("titles_equal", TitlesEqual)
def titles_equal(submission: Submission, params: TitlesEqual) -> Iterator[Observation]:
    left, right = (statements(submission, ref, params.trust) for ref in (params.left, params.right))
    for side in (left, right):
        if not side.papers:
            yield missing_paper(submission, side.ref.form.zh, side.ref.form.en)
            return
    readings = {index: reading for index, _, reading in iter_kind(submission, params.right.form.kind)}
    others = (*right.found, *right.unclear, *right.blank, *right.absent)
    seen = [unclear(each) for each in left.unclear]
    seen += [_judged(submission, name, other, readings[other.file], params) for name in left.found for other in others]
    yield from observed(submission, (left,), seen)


def _judged(
    submission: Submission, name: Statement, other: Statement, reading: Reading, params: TitlesEqual
) -> Observation:
    mine, its = _core(name.field.value, params.generic), _core(other.field.value, params.generic)
    text = "".join(squeeze(line.text) for line in reading.document.iter_lines())
    like = SequenceMatcher(None, mine[:_LONGEST], its[:_LONGEST]).ratio() if its else 0.0
    stated = other.field.state is FieldState.FOUND and other.field.confidence >= params.trust
    # beside another project's name, what is the name's own (节水灌溉) may be of that project's contents
    whole = _plain(name.field.value) if stated and len(its) >= _SHORTEST else mine
    there = max(like, _share(whole, _plain(text)))
    if (there >= params.alike and mine) or (len(its) >= _SHORTEST and its in mine):
        return _told(Outcome.PASSED, name, other, "一致。", "agree.")
    if not text and not stated:  # a portal's fields alone: there is nothing to look in
        return unstated(submission, Statements(params.right, (), (), (), (other,)))
    if not mine or (stated and not its):
        return _told(Outcome.NOT_APPLICABLE, name, other, "中，一方只写了活动总称，不作比对。", "name no project both.")
    if not stated or (like >= _DOUBT and (name.recognised or other.recognised)):
        return _told(Outcome.UNDETERMINED, name, other, "是否一致无法确定，请人工核对。", "may or may not agree.")
    return _told(Outcome.VIOLATED, name, other, "不一致。", "do not agree.")


def _told(outcome: Outcome, name: Statement, other: Statement, zh: str, en: str) -> Observation:
    a, b = name.field.value, other.field.value or other.field.raw
    text = Text(
        f"“{name.ref.form.zh}”的{name.ref.label.zh}“{a}”与“{other.ref.form.zh}”的{other.ref.label.zh}"
        f"“{b or '（未找到）'}”{zh}",
        f"The {name.ref.label.en} of the {name.ref.form.en} (“{a}”) and the {other.ref.label.en} of the "
        f"{other.ref.form.en} (“{b or 'not found'}”) {en}",
    )
    return Observation(outcome, text, (name.evidence, other.evidence), a, b)


def _plain(text: str) -> str:
    """Letters, digits and Chinese characters only."""
    return re.sub(r"[\W_]", "", squeeze(text)).lower()


def _core(name: str, generic: tuple[str, ...]) -> str:
    """What is the project's own in a name."""
    text = _plain(name)
    for words in sorted((_plain(each) for each in generic), key=len, reverse=True):
        text = text.replace(words, "") if words else text
    return text


def _share(name: str, text: str) -> float:
    """Share of the name's pairs of neighbouring characters that one stretch of the text has, a quarter longer than the
    name at most; the whole name where it is short. Words of a name that stand here and there are not the name."""
    if len(name) < _SHORTEST:
        return float(bool(name) and name in text)
    pairs = Counter(name[at : at + 2] for at in range(len(name) - 1))
    size = len(name) + max(1, len(name) // 4)
    where = [(at, pair) for pair in pairs for at in _places(pair, text)]
    window: Counter[str] = Counter()
    standing: deque[tuple[int, str]] = deque()
    best = 0
    for at, pair in sorted(where):
        standing.append((at, pair))
        window[pair] += 1
        while standing[0][0] + size < at + 2:
            window[standing.popleft()[1]] -= 1
        best = max(best, (window & pairs).total())
    return best / pairs.total()


def _places(pair: str, text: str) -> Iterator[int]:
    at = text.find(pair)
    while at >= 0:
        yield at
        at = text.find(pair, at + 1)
