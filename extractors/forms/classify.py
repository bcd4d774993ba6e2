"""Which kind of paper is this? Its title says so, its fields confirm it.

A title is worth most, and nothing without the fields that belong to it: a notice that lists “附件2：项目申报书” is no
application form. But a paper that begins with the call's own title is that paper even where its layout is not known:
its fields are then not found, which is told, and it is not told to be missing. Without a title (a scan that lost its
first page) many of the form's own fields must be there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from extractors.document import Document, Field, FieldState, Source
from extractors.forms.find import find
from extractors.forms.heads import is_of_form
from extractors.forms.labels import edits
from extractors.forms.spec import Finder, FormSpec
from extractors.values.characters import squeeze

OTHER = "other"

_LINES = 40  # a title stands within so many lines
_BEGINNING = 3  # and within so many where nothing else tells
_UNKNOWN_LAYOUT = 0.55  # how sure a title alone makes
_BARE_TITLE = 0.5  # what 函 alone is worth in a letter that says what it is about
_SPOKEN_OF = 0.3  # the share of the form's hints from which it does
_OTHER_TITLE = re.compile(
    r"(?:通知|公告|公示|指南|办法|名单|通报|批复|请示|说明|须知|章程|意见|汇总表|证书|执照|发票)(?:\(.{1,12}\))?$"
)
_MENTION = re.compile(r"^附件?\d*[:：]|\.(?:docx?|pdf|wps)|[。；;，,]|^(?:关于)?.{0,8}填写|^\d{1,2}[.、．]")
_CERTIFICATE = re.compile("身份证|身份号码|证书|执照|许可证|发票")
_LETTER_TITLE = re.compile(r"函(?:\([^()]{1,10}\))?$")


@dataclass(frozen=True, slots=True)
class Classified:
    """Which kind of form a document is ("other" where none fits), how sure (0 to 1), and that form's fields."""

    kind: str
    confidence: float
    fields: tuple[Field, ...] = ()


def classify(document: Document, forms: Sequence[FormSpec]) -> Classified:
    """The kind of form that the document is. Its fields are found on the way, for they tell."""
    lines = [line for line in document.lines if line.text.strip() and not line.hidden]
    if not lines:
        return Classified(OTHER, 1.0)
    head = [(squeeze(line.text), line.source is Source.OCR) for line in lines[:_LINES]]
    head = _joined(head)
    text = squeeze_all(document)
    found = [(_score(document, form, fields, head, text), form.kind, fields)
             for form in forms for fields in (find(document, form),)]  # fmt: skip
    if not found:
        return Classified(OTHER, 1.0)
    score, kind, fields = max(found, key=lambda each: each[0])
    if score < 0.5:
        return Classified(OTHER, round(1.0 - score, 3))
    return Classified(kind, round(min(1.0, score), 3), fields)


def squeeze_all(document: Document) -> str:
    """The document's text without blanks, at most 100,000 characters."""
    return re.sub(r"\s+", "", document.text[:100_000])


def _joined(head: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The lines, and each line with the next one and two: titles run over two or three lines."""
    pairs = [(a + b, x or y) for (a, x), (b, y) in pairwise(head)]
    triples = [(a + b, x or y) for (a, x), (b, y) in zip(pairs, head[2:], strict=False)]
    return head + [(text, recognised) for text, recognised in pairs + triples if len(text) <= 60]


def _score(
    document: Document, form: FormSpec, fields: Sequence[Field], head: Sequence[tuple[str, bool]], text: str
) -> float:
    title = max((title_of(line, form, recognised=recognised) for line, recognised in head), default=0.0)
    if any(is_other_title(line) and not is_of_form(line, form) for line, _ in head[:12]):
        title *= 0.3
    if form.names and not any(name in text for name in form.names) and any(_foreign(line, form) for line, _ in head):
        return 0.2  # another call's form, however alike: 基层科普行动计划项目申报书
    met = sum(field.state is not FieldState.ABSENT for field in fields)
    # sections of prose and lists confirm a form, but a form without them is no less a form
    wanted = sum(not {Finder.SECTION, Finder.TABLE} & set(spec.finders) for spec in form.fields)
    coverage = min(1.0, met / max(1, wanted))
    hints = sum(squeeze(hint) in text for hint in form.hints) / max(1, len(form.hints))
    if title == 0.0 and is_letter(form) and _is_bare(head) and hints >= _SPOKEN_OF:
        title = _BARE_TITLE
    if title == 0.0 and is_letter(form):
        return min(0.45, 0.5 * coverage)  # a letter without its title may be any letter
    if title < 0.5:
        return 0.3 * title + 0.9 * coverage + 0.1 * hints if coverage >= 0.3 else 0.3 * coverage
    if coverage < 0.15 and _begins(head[:_BEGINNING], form) and title >= 0.9:
        return _UNKNOWN_LAYOUT
    # A title and none of its fields is a mention, not the paper.
    return 0.5 * title + 0.5 * min(1.0, 2.0 * coverage + 0.3 * hints) if coverage >= 0.15 else 0.3 * title


def _begins(head: Sequence[tuple[str, bool]], form: FormSpec) -> bool:
    """Whether a paper begins with the call's own title: the fullest, or one beside a name of the call."""
    fullest = _titles(form.titles)[0]
    for line, recognised in head:
        bare = re.sub(r"[“”\"《》]", "", line)
        named = any(name in bare for name in form.names) if form.names else bare == fullest
        if title_of(line, form, recognised=recognised) >= 0.85 and (named or bare == fullest):
            return True
    return False


def is_letter(form: FormSpec) -> bool:
    """Whether the form is a letter to somebody."""
    return any(Finder.ADDRESSEE in field.finders for field in form.fields)


@lru_cache(maxsize=64)
def _titles(titles: tuple[str, ...]) -> tuple[str, ...]:
    """The titles as they are compared."""
    return tuple(re.sub(r"[“”\"《》\s]", "", squeeze(title)) for title in titles)


_PROGRAMME = re.compile(
    r"(?:计划|工程|行动|专项|基金|课题|奖|大赛|竞赛|论坛|基地|示范|能力提升|人才)(?:项目|资金|申报)*$"
)


def _foreign(line: str, form: FormSpec) -> bool:
    """A title of this kind that begins with the name of a programme: 基层科普行动计划 + 项目申报书."""
    if len(line) > 60 or _MENTION.search(line):
        return False
    line = re.sub(r"[“”\"《》]", "", line)
    for known in _titles(form.titles):
        if line.endswith(known):
            before = re.sub(r"^\d{4}年?度?", "", line.removesuffix(known))
            return len(before) >= 4 and _PROGRAMME.search(before) is not None
    return False


def title_of(line: str, form: FormSpec, *, recognised: bool) -> float:
    """How much a line is the form's title, 0 to 1."""
    line = re.sub(r"[“”\"《》\s]", "", line)
    if not line or len(line) > 70 or _MENTION.search(line):
        return 0.0
    best = 0.0
    for known in _titles(form.titles):
        if line == known:
            return 1.0
        if line.endswith(known):
            best = max(best, 0.95)
        elif re.search(re.escape(known) + r"(?:\(.{1,16}\)|\d{4}年度?)$", line):
            best = max(best, 0.9)
        elif recognised and len(known) >= 4:
            tail, tolerated = line[-len(known) :], max(1, len(known) // 6)
            # each character that only one of the two has costs an edit
            if len(set(known) - set(tail)) <= tolerated and edits(tail, known) <= tolerated:
                best = max(best, 0.85)
    if best == 0.0 and is_letter(form) and _LETTER_TITLE.search(line) and "关于" in line:
        best = 0.55
    return best


def is_mention(line: str) -> bool:
    """Whether a line names a paper rather than being its title: in a list, a sentence, as a file. line: squeezed."""
    return _MENTION.search(line) is not None


def is_other_title(line: str) -> bool:
    """Whether a line is the title of a paper of another sort: a notice, a certificate. line: squeezed."""
    return len(line) >= 4 and _OTHER_TITLE.search(line) is not None and not is_mention(line)


def is_certificate(line: str) -> bool:
    """Whether a line is of a certificate, a licence, a card or an invoice. line: squeezed."""
    return _CERTIFICATE.search(line) is not None


def _is_bare(head: Sequence[tuple[str, bool]]) -> bool:
    """A letter that calls itself 函 and no more."""
    return any(line == "函" for line, _ in head[:_BEGINNING])
