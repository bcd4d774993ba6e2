"""What a defect is to those who plant it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from clients.simulator.plan import Flaw, FormFacts, LetterFacts, Plan, Severity

FORM, LETTER, OTHER = "application_form", "pairing_letter", "other"


@dataclass(frozen=True, slots=True)
class Defect:
    """plant: makes a sound plan a flawed one. of: the kind of applicant that can have it, "" for any."""

    plant: Callable[[Random, Plan], Plan]
    of: Literal["", "national", "provincial"] = ""

    def suits(self, plan: Plan) -> bool:
        return plan.form is not None and self.of in ("", plan.form.applicant.kind)


def papers_of(plan: Plan) -> tuple[FormFacts, LetterFacts]:
    """Both papers of a sound plan."""
    if plan.form is None or plan.letter is None:
        raise ValueError("a defect is planted into a sound submission only")
    return plan.form, plan.letter


def flawed(
    plan: Plan,
    rule: str,
    paper: str,
    severity: Severity = "error",
    *,
    form: FormFacts | None = None,
    letter: LetterFacts | None = None,
    implied: frozenset[str] = frozenset(),
) -> Plan:
    """The plan with a flaw, and with another form or letter where they are given."""
    return replace(
        plan,
        form=form or plan.form,
        letter=letter or plan.letter,
        flaws=(Flaw(rule, paper, severity),),
        implied=implied,
    )
