from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Annotated

from extractors.document import Document, Line, Place, Reading, Source, Table
from extractors.values.characters import squeeze
from extractors.values.money import Amount, Unit, amounts, unit_of
from extractors.values.numerals import CHARACTERS
from services.validation.check import AtLeastOne, CertainParams, MoneyRef, Observation, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import iter_kind, missing_paper
from services.validation.values import amount_of
from services.validation.wording import number, yuan


class WordsEqualDigits(CertainParams):
    """Amounts in capitals (大写: 贰拾万元整) say the same as the digits that they stand with.

    Looked for in the whole paper: in one cell or line, in the next cell of the row, in a row or line close by that is
    labelled 小写; where no digits stand near a total or a requested amount, among the amounts that the fields state, of
    which one has to be the same.
    amounts: fields of one paper. Numerals that are no capitals (二十万) are not looked at.
    """

    amounts: Annotated[tuple[MoneyRef, ...], AtLeastOne]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A cell or a line. row: cells of one row share it; lines have one each."""

    text: str
    place: Place
    row: tuple[int, int]
    recognised: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class _Pair:
    """Capitals, and the digits they stand with; of several digits one has to be the same. file: index."""

    file: int
    words: Amount
    written: _Piece
    digits: tuple[tuple[Decimal, Evidence], ...]


_NEAR = 4  # so many cells or lines away digits may stand that are labelled 小写
_PIECES = 20_000  # no form has more
_PAIRS = 100  # amounts in capitals that are looked at
_LABEL = re.compile(
    r".{0,10}小写[）)]?[:：]?|[（(]?(?:人民币)?(?:金额)?(?:大写|小写|数字|元|万元|金额|¥|￥)?(?:金额)?[)）]?[:：]?"
)
_MAIN = re.compile("合计|总计|共计|总额|总预算|总经费|申请|申报|大写|人民币|自筹")  # 每人伍佰元整 is another matter
# 拾 of 收拾 and 伍 as a name are none
_CAPITALS = re.compile(rf"[壹贰貳叁參肆伍陆陸柒捌玖拾佰仟]\s*[{CHARACTERS}\s]{{0,40}}[万萬元圆整正]")
_OWN_UNIT = re.compile(rf"[{CHARACTERS}\d.,]+万?元")
_FIGURES = re.compile(r"小写|[¥￥]|阿拉伯数字|数字金额")


@check("words_equal_digits", WordsEqualDigits)
def words_equal_digits(submission: Submission, params: WordsEqualDigits) -> Iterator[Observation]:
    form = params.amounts[0].form
    papers = tuple(iter_kind(submission, form.kind))
    if not papers:
        yield missing_paper(submission, form.zh, form.en)
        return
    pairs = (pair for index, _, reading in papers for pair in _pairs(reading, params, index))
    told = [_told(pair, params) for pair in islice(pairs, _PAIRS)]
    # where all agree, one is enough to show
    seen = [each for each in told if each.outcome is not Outcome.PASSED] or told[:1]
    yield from seen
    if not seen:
        blind = any(reading.document.blind for _, _, reading in papers)
        yield Observation(
            Outcome.UNDETERMINED if blind else Outcome.NOT_APPLICABLE,
            Text(
                f"“{form.zh}”中没有找到大写金额" + ("，但有内容未能读取，请人工核对。" if blind else "，本项不适用。"),
                f"No amount in capitals was found in the {form.en}"
                + ("; part of it was not seen, so a person must look." if blind else "."),
            ),
        )


def _told(pair: _Pair, params: WordsEqualDigits) -> Observation:
    text = squeeze(pair.written.text)
    end = pair.words.end + (text[pair.words.end : pair.words.end + 1] in ("整", "正"))
    words, written = pair.words.yuan, text[pair.words.start : end]
    evidence = Evidence(pair.file, pair.written.place, text=pair.written.text)
    same = next((shown for amount, shown in pair.digits if amount == words), None)
    if same is not None:
        agree = Text(
            f"大写“{written}”与小写{yuan(words)}一致。", f"“{written}” and {number(words)} yuan are the same amount."
        )
        return Observation(Outcome.PASSED, agree, (evidence, same), yuan(words), yuan(words))
    shown = tuple(each for _, each in pair.digits)
    digits = "、".join(dict.fromkeys(yuan(amount) for amount, _ in pair.digits))
    clear = not pair.written.recognised or (pair.words.apart and pair.written.confidence >= params.certain)
    if not pair.digits or not pair.words.capitals or not clear:
        doubt = Text(
            f"大写金额“{written}”与小写金额{digits}是否一致无法确定，请人工核对。"
            if digits
            else f"大写金额“{written}”没有可比对的小写金额，请人工核对。",
            f"“{written}” may or may not be {digits}: a person must look."
            if digits
            else f"There are no digits to compare with “{written}”; a person must look.",
        )
        return Observation(Outcome.UNDETERMINED, doubt, (evidence, *shown), yuan(words), digits)
    differ = Text(
        f"大写“{written}”即{yuan(words)}，与小写{digits}不一致。",
        f"“{written}” is {number(words)} yuan, but the digits say {digits}.",
    )
    return Observation(Outcome.VIOLATED, differ, (evidence, *shown), yuan(words), digits)


# ---------------------------------------------------------------------------------------- what stands together


def _pairs(reading: Reading, params: WordsEqualDigits, file: int) -> Iterator[_Pair]:
    pieces = _pieces(reading.document) or _raws(reading, params)
    for index, piece in enumerate(pieces):
        text = squeeze(piece.text)  # a narrow cell breaks 小⏎写, and amounts
        if not _CAPITALS.search(text):
            continue
        for words in amounts(text):
            if not words.in_words or not words.proved or not _CAPITALS.search(text[words.start : words.end + 1]):
                continue
            if words.start == 0 and _goes_before(pieces, index):
                piece = replace(piece, confidence=0.0)
            written = text[words.start : words.end].strip(":：(（")
            digits = _in_field(reading, params, written, file) or _beside(pieces, index, words, file)
            digits = digits or _close_by(pieces, index, file)
            if digits or _MAIN.search(squeeze(_row(pieces, index))):
                yield _Pair(file, words, piece, digits or _stated(reading, params, file))


def _in_field(
    reading: Reading, params: WordsEqualDigits, written: str, file: int
) -> tuple[tuple[Decimal, Evidence], ...]:
    """Digits that a field states with these very capitals: of two amounts side by side whose digits stand in the next
    line, each has its own."""
    ids = {ref.field.id for ref in params.amounts}
    for field in reading.fields:
        raw = squeeze(field.raw) if field.id in ids else ""
        if written not in raw:
            continue
        figures = tuple(each.yuan for each in amounts(raw) if not each.in_words and each.proved)
        if figures:
            evidence = Evidence(file, field.place or Place(), field.id, field.raw)
            return tuple((figure, evidence) for figure in figures)
    return ()


def _goes_before(pieces: Sequence[_Piece], index: int) -> bool:
    """On a scan the cell before ends in a numeral: a stroke was taken for a rule, and 拾壹万 may be meant, not 壹万."""
    before = pieces[index - 1] if index else None
    return (
        before is not None
        and pieces[index].recognised
        and before.row == pieces[index].row
        and squeeze(before.text)[-1:] in tuple(CHARACTERS)
    )


def _row(pieces: Sequence[_Piece], index: int) -> str:
    """A cell with those before it in its row."""
    row = pieces[index].row
    return " ".join(piece.text for piece in pieces[max(0, index - _NEAR) : index + 1] if piece.row == row)


def _beside(pieces: Sequence[_Piece], index: int, words: Amount, file: int) -> tuple[tuple[Decimal, Evidence], ...]:
    """Digits in the same cell or line, else in the next cells of the row up to the next label."""
    own = [each for each in amounts(pieces[index].text, _unit(pieces, index)) if not each.in_words and each.proved]
    if own:
        nearest = min(own, key=lambda each: min(abs(each.start - words.end), abs(words.start - each.end)))
        return _figures(pieces, index, file, (nearest.yuan,))
    for step in (1, -1):
        at = index + step
        while 0 <= at < len(pieces) and pieces[at].row == pieces[index].row:
            figure = _whole_amount(pieces, at)
            if figure is not None:
                return _figures(pieces, at, file, figure)
            if not _LABEL.fullmatch(squeeze(pieces[at].text)):
                break
            at += step
    return ()


def _close_by(pieces: Sequence[_Piece], index: int, file: int) -> tuple[tuple[Decimal, Evidence], ...]:
    """Digits in a row or line close by that says 小写 or ¥, or whose label does."""
    for distance in range(1, _NEAR + 1):
        for at in (index + distance, index - distance):
            if not 0 <= at < len(pieces) or not _FIGURES.search(squeeze(pieces[at].text)):
                continue
            figures = [each for each in amounts(pieces[at].text, _unit(pieces, at)) if not each.in_words]
            if figures:
                return _figures(pieces, at, file, (figures[-1].yuan,))
            if at + 1 < len(pieces) and (figure := _whole_amount(pieces, at + 1)) is not None:
                return _figures(pieces, at + 1, file, figure)
    return ()


def _whole_amount(pieces: Sequence[_Piece], index: int) -> tuple[Decimal, ...] | None:
    """What a cell that is an amount in digits and nothing else may mean: without any unit near it yuan or 万元."""
    text = squeeze(pieces[index].text).strip("()（）")
    unit = _unit(pieces, index)
    found = amounts(text, unit)
    if len(found) != 1 or found[0].in_words or found[0].end - found[0].start < len(text) - 2:
        return None
    amount = found[0].yuan
    return (amount,) if found[0].proved or unit == "wan" else (amount, amount * 10_000)


def _unit(pieces: Sequence[_Piece], index: int) -> Unit:
    """The unit that a cell or the label before it in its row states."""
    row = pieces[index].row
    before = [piece.text for piece in pieces[max(0, index - 3) : index + 1] if piece.row == row]
    # the 万元 of 贰拾万元整 is the amount's own
    texts = (_OWN_UNIT.sub("", squeeze(text)) for text in reversed(before))
    return next((unit for text in texts if (unit := unit_of(text)) is not None), "yuan")


def _figures(
    pieces: Sequence[_Piece], index: int, file: int, figures: tuple[Decimal, ...]
) -> tuple[tuple[Decimal, Evidence], ...]:
    evidence = Evidence(file, pieces[index].place, text=pieces[index].text)
    return tuple((figure, evidence) for figure in figures)


def _stated(reading: Reading, params: WordsEqualDigits, file: int) -> tuple[tuple[Decimal, Evidence], ...]:
    """What the fields state in digits, or in words where nothing else is there."""
    ids = {ref.field.id for ref in params.amounts}
    fields = [field for field in reading.fields if field.id in ids and field.confidence >= params.trust]
    return tuple(
        (amount, Evidence(file, field.place or Place(), field.id, field.raw))
        for field in fields
        if (amount := amount_of(field)) is not None
    )


# ----------------------------------------------------------------------------------------------------- pieces


def _pieces(document: Document) -> tuple[_Piece, ...]:
    """Cells and lines in reading order."""
    found: list[_Piece] = []
    for number_, block in enumerate(document.blocks):
        if isinstance(block, Table):
            found += [
                _Piece(
                    cell.text,
                    cell.place,
                    (number_, cell.row),
                    any(line.source is Source.OCR for line in cell.lines),
                    cell.confidence,
                )
                for cell in block.cells
            ]
        elif not block.hidden:
            found.append(_line(block, number_))
        if len(found) > _PIECES:
            break
    return tuple(found)


def _line(line: Line, row: int) -> _Piece:
    return _Piece(line.text, line.place, (row, 0), line.source is Source.OCR, line.confidence)


def _raws(reading: Reading, params: WordsEqualDigits) -> tuple[_Piece, ...]:
    """The fields as written, where a portal sends no document."""
    ids = {ref.field.id for ref in params.amounts}
    return tuple(
        _Piece(field.raw, field.place or Place(), (row, 0), field.engine != "text", field.confidence)
        for row, field in enumerate(reading.fields)
        if field.id in ids
    )
