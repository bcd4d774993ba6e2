"""What one society does twice, and what a province does: quota, totals, several applications."""

from __future__ import annotations

from extractors.document import Reading
from services.validation.board import Entry
from services.validation.model import File
from tests.services.validation.across.build import application, entry, field, form, see, told
from tests.services.validation.build import BLIND, paper, puzzle, unreadable

ONE = {"organisation": "application_form.applicant"}
TOTAL = {**ONE, "amount": "application_form.requested_amount", "limit": 200000}
QUOTA: dict[str, object] = {
    **ONE,
    "recommender": ["application_form.recommender"],
    "applicant_type": "application_form.applicant_type",
}


def scanned(name: str, applicant: str, confidence: float = 0.95) -> Entry:
    """A form of which only a scan is there."""
    return entry(name, paper("application_form", field("applicant", applicant, confidence, "rapidocr"), scan=True))


# ------------------------------------------------------------------------------------------- several-applications


def test_two_societies_apply_once_each() -> None:
    seen = see("one_application_each", ONE, application("甲", "湖南省林学会"), application("乙", "湖南省农学会"))
    assert told(seen) == [("passed", ())]


def test_a_society_applies_twice_however_it_writes_its_name() -> None:
    seen = see(
        "one_application_each", ONE,
        application("甲", "湖南省林学会"), application("乙", "湖南省农学会"), application("丙", "湖南林学会（盖章）"),
    )  # fmt: skip
    assert told(seen) == [("violated", (0, 2))]
    assert seen[0].message.zh == "“湖南省林学会”提交了 2 份申报：“甲”、“丙”。"
    assert [exhibit.entry for exhibit in seen[0].exhibits] == [0, 2]


def test_a_slip_of_ocr_joins_the_name_that_it_is_a_slip_of() -> None:
    seen = see("one_application_each", ONE, application("甲", "湖南省林学会"), scanned("乙", "湖南省林字会"))
    assert told(seen) == [("violated", (0, 1))]


def test_a_doubt_about_a_scanned_name_is_for_a_person() -> None:
    seen = see("one_application_each", ONE, application("甲", "湖南省林学会"), scanned("乙", "湖南省米学会", 0.7))
    assert told(seen) == [("undetermined", (0, 1))]


def test_typed_names_that_differ_in_a_character_are_two_societies() -> None:
    seen = see(
        "one_application_each", ONE, application("甲", "中国生理卫生协会"), application("乙", "中国心理卫生协会")
    )
    assert told(seen) == [("passed", ())]


def test_an_applicant_that_cannot_be_read_is_told_not_passed() -> None:
    unclear = entry("乙", form(puzzle("applicant", "湖＊省林＊会")))
    seen = see("one_application_each", ONE, application("甲", "湖南省林学会"), unclear, entry("丙", unreadable()))
    assert told(seen) == [("undetermined", (1, 2))]


def test_nothing_stated_is_not_applicable() -> None:
    assert told(see("one_application_each", ONE, entry("甲", paper("other")))) == [("not_applicable", ())]


# --------------------------------------------------------------------------------------- society-total-over-limit


def test_two_applications_up_to_the_limit_pass() -> None:
    seen = see(
        "total_at_most", TOTAL,
        application("甲", "湖南省林学会", field("requested_amount", "100000")),
        application("乙", "湖南省林学会", field("requested_amount", "100000.00")),
    )  # fmt: skip
    assert told(seen) == [("passed", ())]


def test_a_fen_over_the_limit_is_told_with_the_sum() -> None:
    seen = see(
        "total_at_most", TOTAL,
        application("甲", "湖南省林学会", field("requested_amount", "100000")),
        application("乙", "湖南省林学会", field("requested_amount", "100000.01")),
    )  # fmt: skip
    assert told(seen) == [("violated", (0, 1))]
    assert (seen[0].expected, seen[0].actual) == ("≤ 200,000元", "200,000.01元")


def test_a_single_application_over_the_limit_is_the_checks_matter() -> None:
    seen = see("total_at_most", TOTAL, application("甲", "湖南省林学会", field("requested_amount", "300000")))
    assert told(seen) == [("passed", ())]


def test_without_one_amount_there_is_no_total_unless_the_others_exceed_it_alone() -> None:
    unknown = application("丙", "湖南省林学会", puzzle("requested_amount", "2O万"))
    small = application("甲", "湖南省林学会", field("requested_amount", "10000"))
    large = application("乙", "湖南省林学会", field("requested_amount", "200000"))
    assert told(see("total_at_most", TOTAL, small, unknown)) == [("undetermined", (0, 1))]
    assert told(see("total_at_most", TOTAL, small, large, unknown)) == [("violated", (0, 1, 2))]


# ------------------------------------------------------------------------------------------------- province-quota


def test_one_provincial_society_a_province_and_any_national_ones_pass() -> None:
    seen = see(
        "province_quota", QUOTA,
        application("甲", "湖南省林学会"), application("乙", "浙江省林学会"),
        application("丙", "中国林学会"), application("丁", "中国水利学会"),
    )  # fmt: skip
    assert told(seen) == [("passed", ())]


def test_all_rivals_of_a_province_are_listed_and_none_is_picked() -> None:
    seen = see(
        "province_quota", QUOTA,
        application("甲", "湖南省林学会"), application("乙", "湖南省农学会"), application("丙", "湖南药学会"),
    )  # fmt: skip
    assert told(seen) == [("violated", (0, 1, 2))]
    assert (seen[0].expected, seen[0].actual) == ("≤ 1", "3")
    assert all(name in seen[0].message.zh for name in ("湖南省林学会", "湖南省农学会", "湖南药学会"))


def test_two_applications_of_one_society_are_one_society() -> None:
    seen = see("province_quota", QUOTA, application("甲", "湖南省林学会"), application("乙", "湖南林学会"))
    assert told(seen) == [("passed", ())]


def test_the_recommender_says_the_province_where_the_name_does_not() -> None:
    kind, by = field("applicant_type", "provincial"), field("recommender", "湖南省科协科普部")
    seen = see(
        "province_quota", QUOTA, application("甲", "湖南省林学会"), application("乙", "油茶产业研究会", kind, by)
    )
    assert told(seen) == [("violated", (0, 1))]


def test_a_provincial_society_of_no_known_province_is_for_a_person() -> None:
    lost = application("乙", "油茶产业研究会", field("applicant_type", "provincial"))
    assert told(see("province_quota", QUOTA, application("甲", "湖南省林学会"), lost)) == [("undetermined", (1,))]


def test_the_corps_is_a_province_unless_the_switch_says_otherwise() -> None:
    kind = field("applicant_type", "provincial")
    corps = application("甲", "新疆生产建设兵团农学会", kind, field("recommender", "新疆生产建设兵团科协"))
    xinjiang = application("乙", "新疆维吾尔自治区林学会", kind)
    assert told(see("province_quota", QUOTA, corps, xinjiang)) == [("passed", ())]
    assert told(see("province_quota", {**QUOTA, "corps": False}, corps, xinjiang)) == [("violated", (0, 1))]


def test_a_submission_of_which_a_part_was_not_seen_is_told() -> None:
    seen = see(
        "province_quota", QUOTA, application("甲", "湖南省林学会"), entry("乙", paper("other", defects=(BLIND,)))
    )
    assert told(seen) == [("undetermined", (1,))]


def test_superseded_submissions_do_not_count() -> None:
    both = application("甲", "湖南省林学会"), application("乙", "湖南省农学会")
    assert told(see("province_quota", QUOTA, *both, superseded=frozenset({0}))) == [("passed", ())]
    assert isinstance(both[0].submission.files[0], File)
    assert isinstance(both[0].submission.files[0].reading, Reading)
