from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Parameter

from extractors.document import Place
from services.validation.check import Observation, Paper, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.slots import is_over_rims, stray_seals
from services.validation.statements import iter_kind, missing_paper


class SealsInSlots(Params):
    """Every seal stands where the paper asks for one: over a signature and its date, in an opinion box, on the reply.

    A seal on blank paper, or anywhere else, says nothing about what is written (GB/T 9704: 不得出现空白印章).
    Perforation seals (骑缝章), which the paper's edge cuts, are no fault. Where no slot of a paper was found, a
    black seal may hide its slot, or a picture's place in flowing text is unknown, the seals are not judged.
    """

    documents: tuple[Paper, ...] = Parameter(min_length=1)


@check("seals_in_slots", SealsInSlots)
def seals_in_slots(submission: Submission, params: SealsInSlots) -> Iterator[Observation]:
    forms = params.documents
    papers = [(index, reading) for form in forms for index, _, reading in iter_kind(submission, form.kind)]
    seals = sum(len(reading.seals) for _, reading in papers)
    if not papers:
        zh, en = "、".join(form.zh for form in forms), ", ".join(form.en for form in forms)
        yield missing_paper(submission, zh, en)
        return
    if not seals:
        yield Observation(Outcome.NOT_APPLICABLE, Text("没有印章可查看。", "There is no seal to look at."))
        return
    stray = [each for form in forms for each in stray_seals(submission, form) if not is_over_rims(each[1])]
    wrong = [(index, seal) for index, seal, known in stray if known and not _unplaced(seal.place)]
    chosen = wrong or [(index, seal) for index, seal, _ in stray]
    evidence = tuple(Evidence(index, seal.place, "seal", seal.text) for index, seal in chosen)
    if wrong:
        yield Observation(
            Outcome.VIOLATED,
            Text(
                f"有 {len(wrong)} 枚印章不在署名、日期或意见栏处（空白处或其他位置盖章）。",
                f"{len(wrong)} of {seals} seals stand neither at a signature and date nor in an opinion box.",
            ),
            evidence,
            "0",
            str(len(wrong)),
        )
    elif stray:
        yield Observation(
            Outcome.UNDETERMINED,
            Text(
                "未能确定印章是否盖在署名、日期或意见栏处，请人工查看。",
                "Whether the seals stand where the paper asks for them could not be told.",
            ),
            evidence,
        )
    else:
        yield Observation(
            Outcome.PASSED,
            Text(
                f"{seals} 枚印章均盖在署名、日期或意见栏处。",
                f"All {seals} seals stand where the papers ask for one.",
            ),
        )


def _unplaced(place: Place) -> bool:
    """A picture in flowing text of which no more is known."""
    return place.page is None and not place.path.startswith(("table ", "paragraph "))
