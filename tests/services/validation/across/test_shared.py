"""What two societies have in common: county, letter, contacts; and who is named by whom."""

from __future__ import annotations

from dataclasses import replace

from services.validation.board import Entry
from services.validation.model import File
from tests.services.validation.across.build import absent, application, entry, field, form, letter, see, told
from tests.services.validation.build import puzzle, unreadable

COUNTY: dict[str, object] = {
    "fields": ["application_form.partner", "pairing_letter.addressee"],
    "province": ["application_form.partner_province"],
    "organisation": "application_form.applicant",
}
LETTER: dict[str, object] = {
    "documents": ["pairing_letter"],
    "number": "pairing_letter.document_number",
    "same": ["pairing_letter.sender", "pairing_letter.addressee", "pairing_letter.issued_on"],
}
CONTACT: dict[str, object] = {
    "fields": ["application_form.leader_phone", "application_form.contact_phone", "application_form.contact_email"],
    "weak": ["application_form.leader_name"],
    "organisation": "application_form.applicant",
}
RELATED: dict[str, object] = {"organisation": "application_form.applicant", "documents": ["application_form"]}


def paired(name: str, applicant: str, county: str, province: str = "") -> Entry:
    changes = [field("partner", county)] + ([field("partner_province", province)] if province else [])
    return application(name, applicant, *changes)


def own(file: File, number: int) -> File:
    """With a hash of its own."""
    return replace(file, sha256=f"{number:064x}")


# -------------------------------------------------------------------------------------------- county-paired-twice


def test_different_counties_pass() -> None:
    seen = see(
        "shared_county", COUNTY, paired("甲", "湖南省林学会", "桃源县科协"), paired("乙", "中国农学会", "安吉县科协")
    )
    assert told(seen) == [("passed", ())]


def test_a_county_of_two_societies_is_told_with_both() -> None:
    seen = see(
        "shared_county", COUNTY,
        paired("甲", "湖南省林学会", "桃源县科学技术协会"), paired("乙", "中国农学会", "湖南省常德市桃源县科协"),
    )  # fmt: skip
    assert told(seen) == [("violated", (0, 1))]
    assert [exhibit.evidence.text for exhibit in seen[0].exhibits] == ["桃源县科学技术协会", "湖南省常德市桃源县科协"]


def test_one_society_may_name_a_county_twice() -> None:
    twice = paired("甲", "湖南省林学会", "桃源县科协"), paired("乙", "湖南林学会", "桃源县科协")
    assert told(see("shared_county", COUNTY, *twice)) == [("passed", ())]


def test_a_name_that_several_counties_have_needs_its_province() -> None:
    known = paired("甲", "中国农学会", "鼓楼区科协", "福建省"), paired("乙", "中国林学会", "鼓楼区科协", "江苏省")
    assert told(see("shared_county", COUNTY, *known)) == [("passed", ())]
    doubtful = (known[0], paired("乙", "中国林学会", "鼓楼区科协"))
    assert told(see("shared_county", COUNTY, *doubtful)) == [("undetermined", (0, 1))]


# -------------------------------------------------------------------------------------------------- letter-reused


def test_letters_of_their_own_pass() -> None:
    one = entry("甲", own(letter(field("document_number", "湘林函〔2021〕1号")), 1))
    other = entry(
        "乙", own(letter(field("document_number", "湘林函〔2021〕11号"), field("issued_on", "2021-08-27")), 2)
    )
    assert told(see("letter_reused", LETTER, one, other)) == [("passed", ())]


def test_the_same_file_number_or_facts_make_one_letter() -> None:
    number, day = field("document_number", "湘林函〔2021〕1号"), field("issued_on", "2021-08-27")
    file = see("letter_reused", LETTER, entry("甲", own(letter(), 1)), entry("乙", own(letter(), 1)))
    by_number = see(
        "letter_reused", LETTER, entry("甲", own(letter(number), 1)), entry("乙", own(letter(number, day), 2))
    )
    facts = see("letter_reused", LETTER, entry("甲", own(letter(), 1)), entry("乙", own(letter(), 2)))
    assert [told(seen) for seen in (file, by_number, facts)] == [[("violated", (0, 1))]] * 3
    assert [seen[0].message.zh for seen in (file, by_number, facts)] == [
        "“甲”、“乙”所附的函件是同一个文件。",
        "“甲”、“乙”所附的函件的发文字号相同。",
        "“甲”、“乙”所附的函件的发函单位、主送机关、日期等均相同。",
    ]


def test_the_letter_may_be_in_the_file_that_nobody_could_read() -> None:
    assert told(see("letter_reused", LETTER, entry("甲", own(letter(), 1)), entry("乙", unreadable()))) == [
        ("undetermined", (1,))
    ]


# ------------------------------------------------------------------------------------------------- shared-contact

EMAIL = absent("contact_email")


def contact(name: str, applicant: str, leader: str, phone: str, other: str) -> Entry:
    changes = field("leader_name", leader), field("leader_phone", phone), field("contact_phone", other), EMAIL
    return application(name, applicant, *changes)


def test_contacts_of_their_own_pass() -> None:
    seen = see(
        "shared_values", CONTACT,
        contact("甲", "湖南省林学会", "周明", "13873612345", "0731-85551234"),
        contact("乙", "中国农学会", "李芳", "13873612346", "0731-85551235"),
    )  # fmt: skip
    assert told(seen) == [("passed", ())]


def test_a_leaders_phone_may_be_anothers_contact() -> None:
    seen = see(
        "shared_values", CONTACT,
        contact("甲", "湖南省林学会", "周明", "13873612345", "0731-85551234"),
        contact("乙", "中国农学会", "李芳", "13873612346", "138 7361 2345"),
    )  # fmt: skip
    assert told(seen) == [("violated", (0, 1))]


def test_a_name_alone_may_be_chance_but_not_with_a_phone() -> None:
    one = contact("甲", "湖南省林学会", "周明", "13873612345", "0731-85551234")
    namesake = contact("乙", "中国农学会", "周明", "13873612346", "0731-85551235")
    same = contact("乙", "中国农学会", "周明", "13873612345", "0731-85551235")
    assert told(see("shared_values", CONTACT, one, namesake)) == [("undetermined", (0, 1))]
    both = see("shared_values", CONTACT, one, same)
    assert told(both) == [("violated", (0, 1))]
    assert "周明" in both[0].actual
    assert "13873612345" in both[0].actual


def test_one_society_may_share_everything_with_itself() -> None:
    twice = [contact(name, "湖南省林学会", "周明", "13873612345", "0731-85551234") for name in ("甲", "乙")]
    assert told(see("shared_values", CONTACT, *twice)) == [("passed", ())]


def test_an_unclear_phone_with_nothing_else_is_told() -> None:
    file = form(absent("leader_name"), puzzle("leader_phone", "1387＊"), absent("contact_phone"), EMAIL)
    one = contact("甲", "湖南省林学会", "周明", "13873612345", "0731-85551234")
    assert told(see("shared_values", CONTACT, one, entry("乙", file))) == [("undetermined", (1,))]


# ------------------------------------------------------------------------------------- related-provincial-society


def named(applicant: str, text: str) -> Entry:
    return entry("甲", form(field("applicant", applicant)), texts=(text,))


def test_the_provincial_society_that_a_national_one_names_applies_itself() -> None:
    text = "本项目由我会牵头，协同湖\n南省林学会共同实施。"
    seen = see("related_society", RELATED, named("中国林学会", text), application("乙", "湖南林学会"))
    assert told(seen) == [("violated", (0, 1))]
    short = named("中国林学会", "协同湖南林学会实施。")
    assert told(see("related_society", RELATED, short, application("乙", "湖南省林学会"))) == [("violated", (0, 1))]


def test_a_society_that_is_not_named_or_does_not_apply_is_none() -> None:
    text = "协同湖南省林学会共同实施。"
    assert told(see("related_society", RELATED, named("中国林学会", text), application("乙", "湖南省农学会"))) == [
        ("passed", ())
    ]
    assert told(see("related_society", RELATED, named("湖南省药学会", text), application("乙", "湖南省林学会"))) == [
        ("not_applicable", ())
    ]
