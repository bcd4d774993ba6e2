import io
from dataclasses import replace

from docx import Document

from services.outputs.correction import DRAFT, as_docx, as_text, letter
from services.validation.judge import judge
from services.validation.model import Evidence, File, Outcome, Report, Severity
from tests.services.validation.build import IN_TIME, blank, call, field, form, rules_on_values, unreadable
from tests.services.validation.build import letter as pairing_letter

CALL = call(rules_on_values())


def report(*files: File) -> Report:
    return judge(CALL, files, IN_TIME)


def text_of(report: Report, label: str = "") -> str:
    drafted = letter(report, CALL, label)
    assert drafted is not None
    return as_text(drafted)


def test_every_violated_rule_is_in_the_letter_with_its_clause_place_and_advice() -> None:
    judged = report(
        form(field("requested_amount", "205000"), blank("leader_name"), field("project_name", "油" * 31)),
        pairing_letter(),
    )
    text = text_of(judged, "0017")
    violated = [finding for finding in judged.findings if finding.outcome is Outcome.VIOLATED]
    assert {finding.severity for finding in violated} == {Severity.ERROR, Severity.WARNING}
    for finding in violated:
        for words in (finding.title.zh, finding.message.zh, finding.suggestion.zh):
            assert words in text
        assert finding.clause.quote in text
    assert f"附件1《{judged.submission.files[0].name}》" in text
    assert "（编号：0017）" in text
    assert CALL.number in text
    assert text.index("一、须改正的问题") < text.index("二、请核实、说明的问题")


def test_it_is_a_draft_with_blanks_for_what_a_person_decides() -> None:
    text = text_of(report(form(field("requested_amount", "205000")), pairing_letter()))
    assert text.startswith(f"【{DRAFT}】")
    assert "请于      年    月    日前" in text
    assert text.rstrip().endswith("年    月    日")
    assert CALL.issuer in text


def test_it_is_addressed_to_the_applicant_only_where_the_form_states_it_surely() -> None:
    over = field("requested_amount", "205000")
    sure = report(form(over, field("applicant", "中国林学会")), pairing_letter())
    assert "\n中国林学会：\n" in text_of(sure)
    guess = report(form(over, field("applicant", "中国林学会", confidence=0.5)), pairing_letter())
    assert "\n（申报单位）：\n" in text_of(guess)


def test_what_could_not_be_judged_is_a_reviewers_business_and_a_sound_submission_has_no_letter() -> None:
    assert letter(report(form(), pairing_letter()), CALL) is None
    undetermined = judge(CALL, (form(), pairing_letter()), None)
    assert any(finding.outcome is Outcome.UNDETERMINED for finding in undetermined.findings)
    assert letter(undetermined, CALL) is None


def test_a_file_that_cannot_be_opened_is_asked_for_once() -> None:
    judged = report(form(), pairing_letter(), unreadable())
    name, why = judged.submission.files[2].name, judged.submission.files[2].unreadable
    assert why is not None
    text = text_of(judged)
    assert text.count(why.message.zh) == 1
    assert f"附件3《{name}》" in text


def test_one_rule_that_finds_many_things_is_one_point() -> None:
    judged = report(form(blank("leader_name"), blank("applicant")), pairing_letter())
    missing = [f for f in judged.findings if f.rule == "missing-field" and f.outcome is Outcome.VIOLATED]
    assert len(missing) == 2
    text = text_of(judged)
    assert text.count(missing[0].title.zh) == 1
    assert text.count(missing[0].suggestion.zh) == 1
    assert all(finding.message.zh in text for finding in missing)


def test_the_word_document_says_the_same() -> None:
    drafted = letter(report(form(field("requested_amount", "205000")), pairing_letter()), CALL)
    assert drafted is not None
    document = Document(io.BytesIO(as_docx(drafted)))
    said = [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]
    plain = [line.strip() for line in as_text(drafted).splitlines() if line.strip()]
    assert [line.strip() for line in said] == plain[1:], "all but the first line, which is the header"
    assert document.sections[0].header.paragraphs[0].text == DRAFT


def test_strangers_words_break_neither_the_text_nor_the_document() -> None:
    attack = "a\x00\u202e\n\ud83d" * 300
    judged = report(form(field("requested_amount", "205000"), field("applicant", attack)), pairing_letter())
    evil = replace(judged.findings[0], outcome=Outcome.VIOLATED, evidence=(Evidence(99), Evidence(0)))
    evil = replace(evil, message=replace(evil.message, zh=attack))
    files = tuple(replace(file, name=attack) for file in judged.submission.files)
    hostile = Report(judged.call, replace(judged.submission, files=files), (evil,) * 500)
    drafted = letter(hostile, CALL, attack)
    assert drafted is not None
    assert "\u202e" not in as_text(drafted)
    as_text(drafted).encode()
    Document(io.BytesIO(as_docx(drafted)))


def test_what_a_rule_wants_is_told_apart_from_what_was_found() -> None:
    judged = report(form(field("requested_amount", "205000")), pairing_letter())
    limit = next(finding for finding in judged.findings if finding.rule == "amount-over-limit")
    assert f"要求：{limit.title.zh}。问题：{limit.message.zh}" in text_of(judged)
