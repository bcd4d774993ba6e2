"""Who signs a letter, and the rows from the signature to its date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Source
from extractors.forms.letter.head import LETTERHEAD_END
from extractors.forms.letter.letter import Letter, addressee
from extractors.forms.letter.row import Found, Row, found_on
from extractors.values.alike import distance, similarity
from extractors.values.characters import fold, squeeze
from extractors.values.dates import find_dates
from extractors.values.organisations import NATIONAL, first_of_several, is_organisation, normal_form
from extractors.values.places import divisions_at_start

_OTHER_PARTY = re.compile(r"\s*乙方")  # whom 甲方, who asks, writes to
_CLEAR = 0.9  # confidence from which a signature is taken as it was read
_ALIKE = 0.6  # from which two readings are of one name: a seal may have covered some characters of it


def sender(letter: Letter) -> Found | None:
    """The organisation that signs; where the signature cannot be read, the one named elsewhere as the issuer."""
    if letter.slip == 0:
        return None  # a reply by itself: who asked for it is not its sender, and its own signature is the reply's
    issuers, to = _issuers(letter), addressee(letter)
    for index in _signature_rows(letter):
        row = letter.rows[index]
        if _OTHER_PARTY.match(row.text):
            continue
        name = _signature(_without_fragments(row.text) if row.source is Source.OCR else row.text)
        if name is None:
            continue
        if row.source is Source.OCR:
            name = _without_stray(name)
        if to is not None and (to.value.endswith(name) or (row.source is Source.OCR and distance(name, to.value) <= 1)):
            continue  # the reply's signature: the letter's own lies under a seal
        signed = found_on(name, [row])
        if letter.date < 0:
            signed = replace(signed, confidence=signed.confidence * 0.9)
        cut = row.source is Source.OCR and any(found.value != name and name in found.value for found in issuers)
        clear = row.source is not Source.OCR or (row.confidence >= _CLEAR and not row.under_seal)
        if not cut and (clear or any(found.value == name for found in issuers)):
            return signed
        # A seal stands on the signature: the same name read elsewhere is the better witness.
        alike = [
            found
            for found in issuers
            if (name in found.value or similarity(found.value, name) >= _ALIKE)
            and (row.under_seal or found.confidence > row.confidence)
        ]
        if not alike:
            return signed
        return replace(max(alike, key=lambda found: found.confidence), place=signed.place, raw=signed.raw)
    if not issuers:
        return None
    return replace(issuers[0], confidence=issuers[0].confidence * 0.8)


def _signature_rows(letter: Letter) -> Sequence[int]:
    """The rows that may be the signature, likeliest first."""
    if letter.date >= 0:
        above = range(letter.date, max(letter.addressee, letter.date - 5), -1)
        below = letter.date + 1  # some put the date above the name
        signed = below < letter.end and is_organisation(squeeze(letter.rows[below].text).partition("(")[0])
        return (*above, below) if signed and ":" not in squeeze(letter.rows[below].text) else above
    if letter.addressee < 0:
        return range(0)
    return range(letter.end - 1, max(letter.addressee, letter.end - 8), -1)


def _issuers(letter: Letter) -> list[Found]:
    """Where else the issuer is named, best first: the title, the letterhead, the slip's addressee."""
    found = []
    titled = _titled(letter)
    if titled:
        found.append(found_on(titled, [letter.rows[i] for i in letter.title], titled))
    head = letter.title[0] if letter.title else max(0, letter.addressee)
    for row in letter.rows[: min(head, 4)]:
        name = normal_form(LETTERHEAD_END.sub("", squeeze(row.text)))
        if is_organisation(name):
            found.append(found_on(name, [row]))
    for row in letter.rows[letter.slip : letter.slip + 4] if letter.slip >= 0 else ():
        text = squeeze(row.text)
        if text.endswith(":") and is_organisation(text[:-1]):
            found.append(found_on(normal_form(text), [row]))
    return found


def _signature(text: str) -> str | None:
    folded = fold(text)
    for date in reversed(find_dates(text)):
        folded = folded[: date.start] + folded[date.end :]
    folded = re.sub(
        r"^\s*(?:单位|[甲乙]方|发函单位|署名|落款|学会|申报单位|发文单位)?\s*(?:名称)?\s*\(.{0,6}章\)?\s*\)?[:：]\s*"
        r"|^.{2,6}单位[:：]|^单位(?:名称|全称)[:：]",
        "",
        folded,
    )
    parts = re.split(r"\s{2,}", folded.strip())
    for part in [first_of_several("\n".join(parts)) or folded, *parts]:
        if is_organisation(part) and len(normal_form(part)) <= 40 and not re.match(r"\s*[请由经拟将]", part):
            return normal_form(part)
    return None


def _without_fragments(text: str) -> str:
    """The row without pieces of one or two characters, a seal's, before a name that is whole: 省  中  吉林省农学会."""
    rest = text
    while (match := re.match(r"\s*\S{1,2}\s{2,}(?=\S)", rest)) is not None:
        rest = rest[match.end() :]
    return rest if rest.startswith(NATIONAL) or divisions_at_start(squeeze(rest)) else text


def _without_stray(name: str) -> str:
    """The name without one character of a seal's arc that was read in front of it: 索福建省蚕学会."""
    rest = name[1:]
    if divisions_at_start(name) or name.startswith(NATIONAL) or not is_organisation(rest):
        return name
    return rest if divisions_at_start(rest) else name


def signature_block(letter: Letter) -> tuple[Row, ...]:
    """The rows from the signature to its date; () where neither is there."""
    signed = sender(letter)
    rows = [
        index for index in _signature_rows(letter) if signed is not None and letter.rows[index].place == signed.place
    ]
    if letter.date >= 0:
        rows.append(letter.date)
    return letter.rows[min(rows) : max(rows) + 1] if rows else ()


def _titled(letter: Letter) -> str:
    whole = "".join(squeeze(letter.rows[i].text) for i in letter.title)
    name = normal_form(whole.partition("关于")[0])
    return name if is_organisation(name) else ""
