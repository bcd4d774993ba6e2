"""Statements in lines: “label: value” in paragraphs, and labels beside values on a page.

Flowing text has paragraphs; a page has lines with boxes, which are first put together to visual rows (a label and its
value are often recognised as two lines). After that both are the same: a text in which labels begin and values end.

A label is known where a form names it. Before a colon an unknown word is a label too: it ends the value before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from extractors.document import Box, Line, Place, Source
from extractors.forms.cuts import (
    GAP,
    SHORT,
    Cut,
    cuts,
    glued_cuts,
    known_cuts,
    spaced_cuts,
    split_line,
    spread_cuts,
    trimmed,
)
from extractors.forms.labels import LONGEST, Labels, normal_label
from extractors.forms.rows import Row, box_of, cut_line, rows_of, wide_gaps
from extractors.forms.statement import Statement, Whereabouts, is_heading, least, source_of
from extractors.values.characters import squeeze

_WIDE = 1.2  # of a character's width: words of a line further apart; a blank between two words is half as wide
_BROKEN = re.compile(r"[0-9A-Za-z@._\-][0-9A-Za-z]")  # a row's last character and the next one's first: one word
_BEGUN = re.compile(r"(\d+)[\-—]*(?:转|分机)?$")
_MORE = re.compile(r"(?=[\d转])(\d*)[\d\-—]*(?:转\d+)?[)）,，。;；]*")
_LONGEST_NUMBER = 11  # digits of a mobile number: nothing belongs behind it
_NUMBER_ALONE = re.compile(r"[\s(（]*(?:\d{1,3}|[一二三四五六七八九十]{1,3})?[\s)）.、．，,；;]*")
_WORD = re.compile(r"[!-~¥￥（）]+|\S")  # Latin letters and digits are never broken, Hanzi anywhere
_NUMBERED = re.compile(r"\s*(?:\d{1,2}[.．、]|[(（]?[一二三四五六七八九十]{1,3}[)）、.．])")


def _parted(row: Row, labels: Labels) -> Row:
    """The row with the lines cut at wide gaps: what was read as one line may be a label, its value, and another.

    Before a label a gap need not be as wide: a value may fill its column.
    """
    pieces = (piece for line in row.lines for piece in cut_line(line, wide_gaps(line, _WIDE)))
    return Row(tuple(part for piece in pieces for part in _before_label(piece, labels)), row.box)


def _before_label(line: Line, labels: Labels) -> Iterator[Line]:
    """The line in two where a gap stands before a label that ends it: 2022年7月 填报日期."""
    for start in wide_gaps(line):
        value, label = cut_line(line, [start])
        match = labels.match(label.text, recognised=False)
        if match is not None and match.cost == 0:
            yield from (value, label)
            return
    yield line


def page_statements(lines: Sequence[Line], labels: Labels, whereabouts: Whereabouts) -> Iterator[Statement]:
    """The statements among the lines of one page that are in no table; moves `whereabouts` on."""
    rows = _with_whole_labels(rows_of(lines), labels)
    right = _margin(rows)
    for index, row in enumerate(rows):
        if is_heading(row.text):
            whereabouts.pass_heading(row.text)
        above = _labels_above(row, rows[index + 1], labels) if index + 1 < len(rows) else []
        for statement in above:
            yield whereabouts.of(statement)
            whereabouts.pass_label(statement.label)
        if above:
            continue
        found = _row_statements(row, labels)
        if len(found) > 1 and index + 1 < len(rows):
            found = _column_values(found, row, rows[index + 1], labels)
        for position, (statement, value_left) in enumerate(found):
            if position == len(found) - 1 and not row.text.rstrip().endswith("】"):  # which says that a value ends
                statement = _continued(statement, value_left, rows, index, right, labels)
            yield whereabouts.of(statement)
            whereabouts.pass_label(statement.label)


def _labels_above(row: Row, following: Row, labels: Labels) -> list[Statement]:
    """The statements of a row that is labels and nothing else, each value right below its label; [] for any other."""
    heads = _pieces(row)
    if len(heads) < 2 or following.box.top - row.box.bottom > 1.5 * row.box.height:
        return []
    matches = [labels.match(head.text, recognised=head.source is Source.OCR) for head in heads]
    if None in matches:
        return []
    values, width = _pieces(following), following.box.height  # about one character
    below = [[value for value in values if abs(box_of(value).left - box_of(head).left) < width] for head in heads]
    if sum(map(len, below)) != len(values) or any(labels.match(value.text, recognised=False) for value in values):
        return []
    return [
        Statement(
            label=match.label,
            written=head.text,
            value=trimmed(under[0].text, last=True) if under else "",
            place=(under or [head])[0].place,
            confidence=least(under or [head]),
            source=source_of(under or [head]),
            cost=match.cost,
        )
        for head, match, under in zip(heads, matches, below, strict=True)
        if match is not None
    ]


def _pieces(row: Row) -> list[Line]:
    """What stands apart in a row, left to right."""
    return [piece for line in row.lines for piece in cut_line(line, wide_gaps(line, _WIDE))]


def _margin(rows: Sequence[Row]) -> float:
    """Where full rows end: the rightmost end that three rows have in common, else the rightmost; 1.0 for no rows.

    What stands in a letter's head, or a page's, may go beyond the others.
    """
    ends = sorted((row.box.right for row in rows), reverse=True)
    height = median(row.box.height for row in rows) if rows else 0.0
    common = (end for end, third in zip(ends, ends[2:], strict=False) if end - third < height)
    return next(common, ends[0] if ends else 1.0)


def _row_statements(row: Row, labels: Labels) -> list[tuple[Statement, float | None]]:
    """The statements of a visual row, each with the left edge of its value (None where it has none)."""
    recognised = source_of(row.lines) is Source.OCR
    text = row.text
    found = cuts(text, labels, recognised=recognised)
    if any(wide_gaps(line) for line in row.lines):
        parted = _parted(row, labels)
        again = cuts(parted.text, labels, recognised=recognised)
        if known_cuts(again) > known_cuts(found) and not _breaks(again, found):
            row, text, found = parted, parted.text, again
    if not found:
        found = spaced_cuts(text, labels) or glued_cuts(text, labels)
    statements: list[tuple[Statement, float | None]] = []
    for cut, following in zip(found, [*found[1:], None], strict=False):
        if cut.match is None:
            continue
        end = following.start if following is not None else len(text)
        value = trimmed(text[cut.value_start : end].replace(GAP, "  "), last=following is None)
        used = _lines_between(row, cut.value_start, end) if value else _lines_between(row, cut.start, cut.label_end)
        box = _box_between(row, cut.value_start if value else cut.start, end if value else cut.label_end)
        place = Place(used[0].place.page if used else None, box, used[0].place.path if used else "")
        statement = Statement(
            label=cut.match.label,
            written=text[cut.start : cut.label_end],
            value=value,
            place=place,
            confidence=least(used),
            source=source_of(used or row.lines),
            cost=cut.match.cost,
        )
        statements.append((statement, box.left if value and box else None))
    return statements


def _breaks(cuts: Sequence[Cut], whole: Sequence[Cut]) -> bool:
    """Whether two of the cuts are halves of a whole label that is set wide: 项 目 | 名 称."""
    labels = {cut.match.label for cut in whole if cut.match is not None}
    return any(a.match and b.match and a.match.label + b.match.label in labels for a, b in pairwise(cuts))


def _with_whole_labels(rows: list[Row], labels: Labels) -> list[Row]:
    """The rows, a label that one ends with and the next one goes on with (统一社会信用代 / 码：) whole in the next."""
    for index, (row, following) in enumerate(pairwise(rows)):
        rest = re.match(r"\s*([^\s:：]{1,8})\s*[:：]", following.text)
        if rest is None or labels.match(rest[1], recognised=False) is not None:
            continue
        last, first = row.lines[-1], following.lines[0]
        for size in range(min(LONGEST, len(last.text) - 1), 1, -1):
            begun = last.text[-size:]
            match = labels.match(begun + rest[1], recognised=False)
            if match is None or match.cost or normal_label(begun + rest[1]) != squeeze(begun + rest[1]):
                continue
            words = last.words[-size:]
            if "".join(word.text for word in words) != begun:
                words = ()
            line = replace(last, text=last.text[:-size], words=last.words[:-size] if words else ())
            rows[index] = replace(row, lines=(*row.lines[:-1], line))
            line = replace(first, text=begun + first.text, words=(*words, *first.words) if words else ())
            rows[index + 1] = replace(following, lines=(line, *following.lines[1:]))
            break
    return rows


def _column_values(
    found: list[tuple[Statement, float | None]], row: Row, following: Row, labels: Labels
) -> list[tuple[Statement, float | None]]:
    """The statements of a row that go on in the next one, each below where its value begins: columns without rules.

    Only where all of the next row stands so, and below values that fill their columns up to the next label.
    """
    if cuts(following.text, labels, recognised=source_of(following.lines) is Source.OCR) or is_heading(following.text):
        return found
    width = row.box.height  # about one character
    if following.box.top - row.box.bottom > width:
        return found
    more: dict[int, list[Line]] = {}
    for line in _pieces(following):
        under = [i for i, (_, left) in enumerate(found) if left is not None and abs(box_of(line).left - left) < width]
        if not under:
            return found
        more.setdefault(under[0], []).append(line)
    lefts = [statement.place.box.left for statement, _ in found if statement.place.box is not None]
    if min(more) == len(found) - 1 or len(lefts) != len(found):
        return found  # the last value may go on for several rows
    longer = list(found)
    for i, lines in more.items():
        statement, left = found[i]
        box = statement.place.box
        room = 0.0 if box is None or i + 1 == len(found) else _label_left(row, found[i + 1][0]) - box.right
        if room > max(3 * width, _first_word(lines[0]).width + width):
            return found
        value = "\n".join((statement.value, " ".join(line.text for line in lines)))
        longer[i] = replace(statement, value=value, confidence=min(statement.confidence, least(lines))), left
    return longer


def _label_left(row: Row, statement: Statement) -> float:
    """Where a statement's label begins in its row; the row's end where it is not found."""
    at = row.text.find(statement.written)
    box = _box_between(row, at, at + len(statement.written)) if at >= 0 else None
    return row.box.right if box is None else box.left


def _spans(row: Row) -> Iterator[tuple[Line, int, int]]:
    """Each line of a row with its offsets in the row's text."""
    start = 0
    for line in row.lines:
        yield line, start, start + len(line.text)
        start += len(line.text) + len(GAP)


def _lines_between(row: Row, start: int, end: int) -> list[Line]:
    return [line for line, left, right in _spans(row) if left < end and start < right]


def _box_between(row: Row, start: int, end: int) -> Box | None:
    """The box of part of a row's text, by characters of even width within each line."""
    found: Box | None = None
    for line, left, right in _spans(row):
        first, last = max(start, left), min(end, right)
        text = line.text[first - left : last - left]
        if first >= last or not text.strip():
            continue
        first += len(text) - len(text.lstrip())
        box, length = box_of(line), max(1, right - left)
        part = Box(
            box.left + box.width * (first - left) / length,
            box.top,
            box.left + box.width * (last - left) / length,
            box.bottom,
        )
        found = part if found is None else Box.around((found, part))
    return found


def _continued(
    statement: Statement, value_left: float | None, rows: Sequence[Row], index: int, right: float, labels: Labels
) -> Statement:
    """The statement with the lines that carry its value on: below it, beginning where the value begins, or at the
    margin where the row is full.

    A row's last value goes on up to the next row's first label. One that does not reach the right edge ended there; one
    of which nothing stands beside its label may stand wholly on the next row, to the right of the label, or at the
    margin where its first word did not fit, or where the label is a heading.
    """
    row = rows[index]
    label_right = statement.place.box.right if statement.place.box is not None else row.box.right
    parts = [statement.value] if statement.value else []
    confidence = [statement.confidence] if statement.value else []
    place = statement.place
    previous = row
    alone = not parts and _alone(statement, row.text)
    for following in rows[index + 1 : index + 4]:
        gap = following.box.top - previous.box.bottom
        if gap > (1.5 if alone and not parts else 1.0) * row.box.height or is_heading(following.text):
            break
        found = cuts(following.text, labels, recognised=source_of(following.lines) is Source.OCR)
        found = found or spread_cuts(following.text, labels)
        ends = found[0].start if found else len(following.text)  # the next label may stand in the middle of the row
        text = following.text[:ends]
        width = row.box.height  # about one character
        outdent = row.box.left - following.box.left  # the first row of a paragraph is set in by two characters
        at_margin = -1.5 * width < outdent < 4 * width
        broken = bool(parts) and at_margin and _broken_off(parts[-1], text)
        if _NUMBER_ALONE.fullmatch(text) and not broken:
            break
        if parts:
            below = value_left is not None and abs(following.box.left - value_left) < 1.5 * width
            full = at_margin and previous.box.right > right - 1.5 * width
            if not (
                broken
                or full
                or _wrapped(row, previous.box.right, following, right)
                or (below and not found and previous.box.right > right - 0.12)
            ):
                break
        elif alone:
            if not text.strip() or _next_number(row.text, text):
                break
        elif (found or following.box.left < label_right - row.box.height) and not _wrapped(
            _at(row, following) if at_margin else row, label_right, following, right
        ):
            break
        text = (trimmed(text, last=False) if found else text).replace(GAP, "  ")
        if parts and _BROKEN.search(parts[-1][-1:] + text[:1]):
            parts[-1] += text
        else:
            parts.append(text)
        confidence.append(least(following.lines))
        if previous is row and not statement.value:
            place = Place(following.lines[0].place.page, following.box, following.lines[0].place.path)
            value_left = following.box.left
        previous = following
        if found:
            break
    if previous is row:
        return statement
    return Statement(
        statement.label,
        statement.written,
        "\n".join(parts),
        place,
        "",
        min(confidence),
        statement.source,
        statement.cost,
    )


def _broken_off(value: str, rest: str) -> bool:
    """A number that goes on below, where nothing else stands: some programs break lines anywhere."""
    begun, more = _BEGUN.search(value), _MORE.fullmatch(rest)
    return begun is not None and more is not None and len(begun[1] + more[1]) <= _LONGEST_NUMBER


def _wrapped(row: Row, label_right: float, following: Row, right: float) -> bool:
    """A row at the margin of `row` begins with a word for which behind the label there was no room: an address."""
    word = _WORD.match(following.text)
    if word is None or abs(following.box.left - row.box.left) > 1.5 * row.box.height:
        return False
    return _first_word(following.lines[0]).width > right - label_right - 1.5 * row.box.height


def _at(row: Row, following: Row) -> Row:
    """The first row of a paragraph as if it were not set in."""
    return replace(row, box=replace(row.box, left=following.box.left))


def _first_word(line: Line) -> Box:
    """Where the first of a line stands that nothing breaks; the line's own box where its words have none."""
    word = _WORD.search(line.text)
    return (line.part(word.start(), word.end()) if word else None) or box_of(line)


def _alone(statement: Statement, text: str) -> bool:
    """The label is all of its line, and no colon asks for a value behind it: a heading, whose value stands below."""
    return statement.cost <= 1 and statement.written.strip() == text.strip()


def _next_number(heading: str, text: str) -> bool:
    """Both are numbered alike: the text is the next heading (3．申报学会 below 2．项目名称)."""
    number = _NUMBERED.match(heading)
    return number is not None and _NUMBERED.match(text) is not None and is_heading(heading) == is_heading(text)


def with_below(
    statement: Statement, line: Line, following: Line | None, labels: Labels, *, held: bool = False
) -> Statement:
    """The statement of a line; where that is its heading, with the paragraph below, up to the first label in it. held:
    both are in one cell, so that a colon, too, asks for what stands below."""
    text = following.text if following is not None else ""
    last = held and line.text.strip().rstrip(":：").endswith(statement.written.strip())
    if statement.value or not (last or _alone(statement, line.text)) or len(text) > SHORT:
        return statement
    if following is None or is_heading(text) or _next_number(line.text, text):
        return statement
    found = cuts(text, labels, recognised=following.source is Source.OCR)
    value = trimmed(text[: found[0].start], last=False) if found else trimmed(text, last=True)
    return replace(statement, value=value, place=following.place) if value else statement


def flowing_statements(lines: Iterable[Line], labels: Labels, whereabouts: Whereabouts) -> Iterator[Statement]:
    """The statements of paragraphs (lines without boxes); moves `whereabouts` on."""
    written = [line for line in lines if line.text.strip()]
    for line, following in zip(written, [*written[1:], None], strict=False):
        if is_heading(line.text):
            whereabouts.pass_heading(line.text)
        for statement in split_line(line, labels):
            yield whereabouts.of(with_below(statement, line, following, labels))
            whereabouts.pass_label(statement.label)
