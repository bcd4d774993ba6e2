"""The board as a whole: every rule answers, a call's mistakes are found when it is loaded, nothing grows too fast."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from extractors.document import Place
from services.validation.audit import audit
from services.validation.board import OPERATORS, Entry, Prose
from services.validation.call import load_call
from services.validation.judge import BrokenRules, validate_rules
from services.validation.model import Clause, Rule, Severity, Text
from tests.services.validation.across.build import application, entry, field, form, letter
from tests.services.validation.across.test_same_impression import texture
from tests.services.validation.build import IN_TIME, ZHIHUI, call, seal

REAL = load_call(ZHIHUI)


def rule(check: str, **params: object) -> Rule:
    return Rule("r", check, params, Severity.WARNING, Clause("practice", ""), Text("题", "title"), Text("议", "do"))


def test_every_rule_answers_even_for_one_empty_submission() -> None:
    findings = list(audit(REAL, [entry("甲")]))
    assert [found.finding.rule for found in findings] == [rule.id for rule in REAL.across]
    assert {found.finding.outcome.value for found in findings} == {"not_applicable"}


def test_findings_carry_what_the_rule_says() -> None:
    twice = [application(name, "湖南省林学会", field("project_name", name)) for name in ("甲", "乙")]
    found = next(each for each in audit(REAL, twice) if each.finding.rule == "several-applications")
    several = next(rule for rule in REAL.across if rule.id == "several-applications")
    assert found.entries == (0, 1)
    assert found.finding.evidence == ()
    assert (found.finding.severity, found.finding.clause, found.finding.title) == (
        several.severity, several.clause, several.title,
    )  # fmt: skip
    assert found.finding.suggestion == several.suggestion


@pytest.mark.parametrize(
    ("made", "where"),
    [
        (rule("no_such_operator"), "across[0].check"),
        (rule("at_most", field="application_form.requested_amount", limit=1), "across[0].check"),  # no operator
        (rule("one_application_each", organisation="application_form.nothing"), "across[0].params.organisation"),
        (rule("one_application_each", organisation="application_form.project_name"), "across[0].params.organisation"),
        (rule("near_duplicate", documents=["application_form"], share=1.5), "across[0].params.share"),
        (rule("resubmission", organisation="application_form.applicant", project="application_form.project_name",
              before="2021-09-03T23:59:59"), "across[0].params.before"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_with_its_place(made: Rule, where: str) -> None:
    wrong = replace(call(), across=(made,))
    assert [problem.where for problem in validate_rules(wrong)] == [where]
    with pytest.raises(BrokenRules):
        list(audit(wrong, [entry("甲")]))


def test_a_rule_across_may_not_take_the_id_of_another() -> None:
    text = (ZHIHUI / "call.yaml").read_text("utf-8")
    call = load_call(text.replace("- id: province-quota", "- id: late"))
    assert [(problem.rule, problem.where) for problem in validate_rules(call)] == [("late", "across[1].id")]


def test_every_operator_is_documented_and_used_by_the_first_call() -> None:
    assert all(operator.manual.strip() for operator in OPERATORS.values())
    assert {rule.check for rule in REAL.across} == set(OPERATORS)


# ------------------------------------------------------------------------------------------ what a stranger may send


def identical(number: int) -> Entry:
    """The same society, project, county, letter, contacts, text and seal."""
    mark = replace(seal("湖南省林学会"), impression=SAME)
    papers = form(), replace(letter(seals=(mark,)), sha256=f"{number:064x}")
    made = entry(f"申报{number}", *papers, received=IN_TIME + timedelta(seconds=number))
    return replace(made, prose=(LONG, Prose()), sender=f"{number}@example.org")


def crowded(number: int) -> Entry:
    """Nearly as the others: names differ in a character, text is shared with every tenth, seals are of one name."""
    name = f"湖南省{chr(0x4E00 + number)}学会"
    mark = replace(seal("湖南省林学会"), impression=TEXTURES[number % len(TEXTURES)])
    papers = form(field("applicant", name, 0.7, "rapidocr"), scan=True), letter(seals=(mark,))
    lines = ((PARAGRAPHS[(number * 7 + step * 13) % len(PARAGRAPHS)], Place()) for step in range(10))
    made = entry(f"申报{number}", papers[0], replace(papers[1], sha256=f"{number:064x}"))
    return replace(made, prose=(Prose.of(lines, 60_000), Prose()))


SAME = texture(1)
TEXTURES = [texture(number) for number in range(200)]
RANDOM, HANZI = Random(5), [chr(code) for code in range(0x4E00, 0x5E00)]
PARAGRAPHS = ["".join(RANDOM.choices(HANZI, k=60)) for _ in range(100)]
LONG = Prose.of(((paragraph, Place()) for paragraph in PARAGRAPHS[:30]), 60_000)


@pytest.mark.parametrize("made", [identical, crowded])
def test_thousands_of_submissions_that_are_alike_cost_no_more_than_their_number(made: Callable[[int], Entry]) -> None:
    def seconds(count: int) -> float:
        entries = [made(number) for number in range(count)]
        began = time.process_time()
        for _ in audit(REAL, entries):
            pass
        return time.process_time() - began

    seconds(20)  # what is loaded once
    small, large = seconds(250), seconds(2000)
    assert large < 8 * 2.5 * max(small, 0.05)


def test_a_text_gives_its_lines_and_their_places_back() -> None:
    lines = [("甲\n乙", Place(1)), ("  ", Place(2)), ("丙", Place(3))]
    prose = Prose.of(lines, 100)
    assert list(prose.lines()) == [("甲 乙", Place(1)), ("丙", Place(3))]
    assert [prose.place(offset).page for offset in (0, 2, 4)] == [1, 1, 3]
    assert list(Prose().lines()) == list(Prose.of([], 100).lines()) == []
    assert Prose().place(0) == Place()


def test_huge_texts_are_cut_and_told() -> None:
    lines = [("长" * 50_000, Place())] * 3
    prose = Prose.of(lines, 60_000)
    assert len(prose.text) <= 60_000
    assert not prose.complete
    seen = audit(REAL, [replace(entry("甲", form()), prose=(prose,))])
    text = next(found for found in seen if found.finding.rule == "near-duplicate-project")
    assert (text.finding.outcome.value, text.entries) == ("undetermined", (0,))
