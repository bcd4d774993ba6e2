from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from extractors.document import Place
from services.validation.board import Board, Exhibit, Sighting, operator, settled
from services.validation.check import OrganisationRef, Paper, TrustParams
from services.validation.model import Evidence, Outcome, Text
from services.validation.organisations import ENDINGS, parse
from services.validation.sameness import Stated, collect

_ENDING = re.compile("|".join(sorted(ENDINGS, key=len, reverse=True)))
_LONGEST, _SHORTEST = 32, 4  # characters of a provincial society's name
_MOST = 20  # societies told of one application


class RelatedSociety(TrustParams):
    """A provincial society that a national society's application names (带动的省级学会) applies itself, too.

    organisation: who applies. documents: the papers in which others' names are looked for.
    """

    organisation: OrganisationRef
    documents: tuple[Paper, ...]


@operator("related_society", RelatedSociety)
def related_society(board: Board, params: RelatedSociety) -> Iterator[Sighting]:
    found = collect(board, [params.organisation], params.trust)
    first = found.first()
    applicants: dict[str, list[Stated]] = defaultdict(list)
    national: list[Stated] = []
    for each in first.values():
        name = parse(each.statement.field.value)
        if name.national:
            national.append(each)
        elif name.province and not name.place:
            applicants[each.key].append(each)
    passed = Text(
        "全国学会申报中写到的省级学会没有另行申报。",
        "No provincial society that a national society names applies itself.",
    )
    spellings = _spellings(applicants)
    kinds = frozenset(form.kind for form in params.documents)
    sightings = (seen for each in national for seen in _related(board, each, applicants, spellings, kinds))
    yield from settled(sightings, found.unseen, board, len(national), passed)


def _related(
    board: Board, stated: Stated, applicants: dict[str, list[Stated]], spellings: dict[str, str], kinds: frozenset[str]
) -> Iterator[Sighting]:
    named: dict[str, Exhibit] = {}
    for file, text, place in _texts(board, stated.entry, kinds):
        for key, name in _names(text, spellings):
            named.setdefault(key, Exhibit(stated.entry, Evidence(file, place, text=name)))
    if not named:
        return
    others = [each for key in list(named)[:_MOST] for each in applicants[key]]
    entries = tuple(sorted({stated.entry, *(each.entry for each in others)}))
    societies = "、".join(f"“{applicants[key][0].statement.field.value}”" for key in list(named)[:_MOST])
    name, mine = stated.statement.field.value, board.names([stated.entry])
    yield Sighting(
        Outcome.VIOLATED,
        Text(
            f"“{name}”的申报（{mine.zh}）写到的省级学会{societies}另行提交了申报，请一并考虑。",
            f"The application of “{name}” ({mine.en}) names {societies}, which applies itself: look at them together.",
        ),
        entries,
        (stated.exhibit, *named.values(), *(each.exhibit for each in others)),
        "未另行申报",
        societies,
    )


def _texts(board: Board, entry: int, kinds: frozenset[str]) -> Iterator[tuple[int, str, Place]]:
    """Each file's text without the breaks of its lines, for names run over them."""
    of = board.entries[entry]
    for number, (file, prose) in enumerate(zip(of.submission.files, of.prose, strict=False)):
        if file.reading is not None and file.reading.kind in kinds and prose.text:
            yield number, re.sub(r"\s+", "", prose.text), prose.place(0)


def _names(text: str, spellings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Key and name of each applicant that is named. Only what ends like an organisation is looked at."""
    for match in _ENDING.finditer(text):
        end = match.end()
        for begin in range(max(0, end - _LONGEST), end - _SHORTEST + 1):
            if (name := text[begin:end]) in spellings:
                yield spellings[name], name
                break


def _spellings(applicants: dict[str, list[Stated]]) -> dict[str, str]:
    """How each society may be written: as it writes itself, with the province in full, and short."""
    found: dict[str, str] = {}
    for key, stated in applicants.items():
        name = parse(stated[0].statement.field.value)
        own = name.core + name.ending
        short = re.sub("(?:壮族|回族|维吾尔)?自治区$|[省市]$", "", name.province)
        for spelling in (name.text, name.province + own, short + own):
            found.setdefault(spelling, key)
    return found
