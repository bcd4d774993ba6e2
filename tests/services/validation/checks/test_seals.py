"""Checks of seals: seal_present, seal_names, seal_own."""

from dataclasses import replace

import pytest

from extractors.document import Box, Line, Page, Place, Presence, Seal, SealColour, SealShape, Slot, Source
from services.validation.check import Observation
from services.validation.model import File, Severity, Text
from tests.services.validation.build import (
    BLIND,
    absent,
    blank,
    field,
    form,
    letter,
    observe,
    outcomes,
    paper,
    puzzle,
    seal,
    unreadable,
)

COUNTY = {"document": "pairing_letter", "of": ["pairing_letter.addressee"], "slots": ["county_reply"]}
SENDER = {
    "document": "pairing_letter",
    "of": ["pairing_letter.sender", "application_form.applicant"],
    "slots": ["sender_signature"],
    "severity": "warning",
}
BOTH = {"seals": [COUNTY, SENDER]}
OURS, THEIRS = seal("湖南省林学会"), seal("桃源县科学技术协会")
CHECKS = ("seal_present", "seal_names", "seal_own")


def framed(seal: Seal, colour: SealColour) -> Seal:
    return replace(seal, shape=SealShape.RECTANGLE, colour=colour)


def judged(params: object, *files: File) -> list[list[str]]:
    """What the three checks say, each of the county's seal first."""
    return [outcomes(observe(check, params, *files)) for check in CHECKS]


P, V, U, N = "passed", "violated", "undetermined", "not_applicable"


@pytest.mark.parametrize(
    ("seals", "present", "names", "own"),
    [
        ((OURS, THEIRS), [P, P], [P, P], [P, P]),
        ((THEIRS, OURS), [P, P], [P, P], [P, P]),
        ((seal("湖南省桃源县科学技术协会"), OURS), [P, P], [P, P], [P, P]),
        ((OURS, seal("桃源县科学技术协会", 0.45)), [P, P], [P, P], [P, P]),  # exactly what is expected
        ((), [V, V], [N, N], [N, N]),
        ((OURS,), [V, P], [N, P], [N, P]),
        ((THEIRS,), [P, V], [P, N], [P, N]),
        # another's seal stands for the one whose name is nearer
        ((OURS, seal("桃源县农业农村局")), [P, P], [V, P], [N, P]),
        ((OURS, seal("桃江县科学技术协会")), [P, P], [V, P], [N, P]),
        ((THEIRS, seal("湖北省林学会")), [P, P], [P, V], [P, N]),
        ((THEIRS, seal("湖南省水利学会")), [P, P], [P, V], [P, N]),
        ((THEIRS, seal("湖南省林业协会")), [P, P], [P, V], [P, N]),
        ((seal("湖南省农学会"),), [V, P], [N, V], [N, N]),
        # parts of an organisation
        ((THEIRS, seal("湖南省林学会财务专用章")), [P, P], [P, P], [P, V]),
        ((THEIRS, seal("湖南省林学会", centre="财务专用章")), [P, P], [P, P], [P, V]),
        ((THEIRS, seal("湖南省林学会", centre="油茶分会")), [P, P], [P, P], [P, V]),
        ((THEIRS, seal("湖南省林学会", centre="组宣部")), [P, P], [P, P], [P, V]),
        ((OURS, seal("桃源县科学技术协会", centre="业务专用章")), [P, P], [P, P], [V, P]),
        ((THEIRS, seal("湖南省林学会", centre="长沙")), [P, P], [P, P], [P, P]),
        ((THEIRS, seal("湖南省林学会油茶分会")), [P, P], [P, P], [P, V]),
        ((THEIRS, seal("湖南省林学会县科", 0.67)), [P, P], [P, P], [P, U]),  # of a seal beside it, perhaps
        ((THEIRS, replace(seal("湖南省林学会", centre="基建部"), centre_confidence=0.6)), [P, P], [P, P], [P, U]),
        ((THEIRS, replace(seal("湖南省林学会", centre="财务专用章"), centre_confidence=0.6)), [P, P], [P, P], [P, V]),
        ((THEIRS, replace(seal("湖南省林学会", centre="务专用章"), centre_confidence=0.6)), [P, P], [P, P], [P, V]),
        ((THEIRS, replace(seal("湖南省林学会", centre="科普"), centre_confidence=0.6)), [P, P], [P, P], [P, U]),
        ((THEIRS, replace(seal("湖南省林学会", centre="普部"), centre_confidence=0.6)), [P, P], [P, P], [P, U]),
        ((THEIRS, seal("湖南省林学会", centre="普部")), [P, P], [P, P], [P, V]),
        ((THEIRS, replace(seal("湖南省林学会", centre="科俯部"), centre_confidence=0.6)), [P, P], [P, P], [P, V]),
        ((THEIRS, replace(seal("湖南省林学会", centre="财务专用章"), centre_confidence=0.2)), [P, P], [P, P], [P, V]),
        ((THEIRS, replace(seal("湖南省林学会", centre="务专用章"), centre_confidence=0.2)), [P, P], [P, P], [P, U]),
        ((THEIRS, replace(seal("湖南省林学会", centre="财务专用章"), centre_confidence=0.05)), [P, P], [P, P], [P, U]),
        ((OURS, seal("桃源县科学技术协会", centre="源县科")), [P, P], [P, P], [P, P]),  # print beneath it
        ((OURS, seal("桃源县科学技术协会办公室")), [P, P], [P, P], [V, P]),
        ((OURS, seal("桃源县科协党支部")), [P, P], [P, P], [V, P]),
        ((OURS, THEIRS, seal("湖南省林学会财务专用章")), [P, P], [P, P], [P, P]),
        ((OURS, seal("桃某县科学技术协会", centre="财务专用章")), [P, P], [U, P], [V, P]),  # whose else it may be
        # another impression of a seal that was found stands for nobody else
        ((OURS, seal("湖南省休学会")), [V, P], [N, P], [N, P]),
        # whose it is cannot be told
        ((THEIRS, seal("南省林学")), [P, P], [P, U], [P, N]),
        ((THEIRS, seal("湖南省林学会", 0.3)), [P, P], [P, U], [P, N]),
        ((THEIRS, seal("湖南省农学会", 0.85)), [P, P], [P, U], [P, N]),  # one character, not surely read
        ((OURS, seal("科学技术协会")), [P, P], [U, P], [N, P]),
        ((OURS, seal("财务专用章")), [P, P], [U, P], [U, P]),
        # a ring that cannot be read may be any seal
        ((OURS, seal("")), [U, P], [U, P], [U, P]),
        ((seal(""),), [U, U], [U, U], [U, U]),
        ((OURS, THEIRS, seal("")), [P, P], [P, P], [P, P]),
        # a printed box around a name looks like a seal in black ink
        ((OURS, framed(THEIRS, SealColour.BLACK)), [P, P], [U, P], [N, P]),
        ((OURS, THEIRS, framed(THEIRS, SealColour.BLACK)), [P, P], [P, P], [P, P]),
        ((OURS, framed(THEIRS, SealColour.RED)), [P, P], [P, P], [P, P]),
        # a signature chop is nobody's seal
        ((OURS, seal("周明印")), [V, P], [N, P], [N, P]),
    ],
)
def test_each_seal_is_told_to_whom_it_belongs(
    seals: tuple[Seal, ...], present: list[str], names: list[str], own: list[str]
) -> None:
    assert judged(BOTH, form(), letter(seals=seals)) == [present, names, own]


@pytest.mark.parametrize(
    ("files", "present", "names"),
    [
        ((form(),), [N, N], [N, N]),
        ((form(), unreadable()), [U, U], [U, U]),
        ((letter(seals=(), defects=(BLIND,)),), [U, U], [U, U]),
        ((letter(seals=()), unreadable()), [U, U], [U, U]),
        ((letter(seals=(OURS,), defects=(BLIND,)),), [U, P], [U, P]),
        ((letter(absent("addressee")),), [P, P], [U, P]),  # the seal that is nobody's else is taken for the county's
        ((letter(absent("addressee"), seals=(OURS,)),), [U, P], [U, P]),
        ((letter(puzzle("addressee", "?")),), [P, P], [U, P]),
        ((form(), letter(blank("sender"))), [P, P], [P, P]),  # the form says who
        ((paper("pairing_letter"), letter()), [P, P], [U, U]),  # the Word letter beside its stamped scan
        ((letter(seals=(seal("湖北省林学会"), THEIRS), defects=(BLIND,)),), [P, P], [P, U]),
    ],
)
def test_what_could_not_be_seen_is_not_judged(files: tuple[File, ...], present: list[str], names: list[str]) -> None:
    seen = judged(BOTH, *files)
    if files[0].reading is not None and not files[0].reading.fields:
        names = [P, P]  # the Word letter states nothing, its scan does
    assert seen[:2] == [present, names]


def test_an_addressee_that_names_no_county_is_named_by_the_form() -> None:
    params = {"seals": [COUNTY | {"of": ["pairing_letter.addressee", "application_form.partner"]}]}
    assert judged(params, form(), letter(field("addressee", "贵县科协"))) == [[P], [P], [P]]
    assert judged(params, form(), letter(field("addressee", "石门县科协")))[1] == [V]


def test_a_name_that_lacks_a_character_beneath_its_seal_is_not_held_against_it() -> None:
    read = field("sender", "湖省林学会", 0.95, "rapidocr")
    assert judged(BOTH, form(), letter(read))[1] == [P, P]
    typed = field("sender", "湖南省农学会")  # in a Word file nothing hides it
    assert judged(BOTH, form(), letter(typed))[1] == [P, V]
    other = field("sender", "湖北省水利学会", 0.95, "rapidocr")
    assert judged(BOTH, form(), letter(other))[1] == [P, V]


def _slot(id: str, *seals: int) -> Slot:
    return Slot(id, Place(1), seals=seals)


@pytest.mark.parametrize(
    ("seals", "slots", "names"),
    [
        ((OURS, THEIRS), (_slot("sender_signature", 0), _slot("county_reply", 1)), [P, P]),
        (
            (OURS, THEIRS),
            (_slot("sender_signature", 1), _slot("county_reply", 0)),
            [P, P],
        ),  # crossed, but both are there
        # by its name it would be the county's; by its slot it is the sender's
        ((seal("桃源县林业局"),), (_slot("sender_signature", 0),), [N, V]),
        ((seal("湖南省农业农村厅"),), (_slot("county_reply", 0),), [V, N]),
        ((seal("湖南省农业农村厅"),), (_slot("sender_signature", 0),), [N, V]),
    ],
)
def test_a_slot_says_for_whom_a_seal_stands(seals: tuple[Seal, ...], slots: tuple[Slot, ...], names: list[str]) -> None:
    assert outcomes(observe("seal_names", BOTH, letter(seals=seals, slots=slots))) == names


CONSENT = {
    "document": "application_form",
    "names": ["{province}科学技术协会"],
    "province_of": "application_form.applicant",
    "departments": ["科普部", "科学技术普及部"],
    "slots": ["provincial_consent"],
}


@pytest.mark.parametrize(
    ("text", "centre", "names", "own"),
    [
        ("湖南省科学技术协会", "", P, P),
        ("湖南省科学技术协会科普部", "", P, P),
        ("湖南省科学技术协会", "科学技术普及部", P, P),
        ("湖南省科协科普部", "", P, P),
        ("湖南省科学技术协会", "普部", P, P),  # the beginning of 科普部 was lost
        ("湖南省科学技术协会办公室", "", P, V),
        ("湖北省科学技术协会", "", V, N),
        ("湖北省科学技术协会科普部", "", V, N),
        ("湖南省科学技术厅", "", V, N),
    ],
)
def test_which_seals_will_do_is_said_for_each_slot(text: str, centre: str, names: str, own: str) -> None:
    file = form(seals=(seal(text, centre=centre),), slots=(_slot("provincial_consent", 0),))
    assert judged({"seals": [CONSENT]}, file)[1:] == [[names], [own]]


def test_an_oval_seal_is_no_organisations_own() -> None:
    oval = replace(seal("湖南省林学会"), shape=SealShape.OVAL)

    def own(pages: tuple[Page, ...], sender: Seal) -> str:
        file = letter(seals=(THEIRS, sender))
        assert file.reading is not None
        document = replace(file.reading.document, pages=pages)
        return outcomes(observe("seal_own", BOTH, replace(file, reading=replace(file.reading, document=document))))[1]

    scanned, photographed = Page(1, Source.OCR, 210.0, 297.0, 200.0), Page(1, Source.OCR)
    assert own((scanned,), oval) == V
    assert own((photographed,), oval) == U  # taken from aside, a round one may look so
    assert own((scanned,), OURS) == P


def test_a_name_with_print_of_its_slot_in_it_is_read_without() -> None:
    spoiled = seal("湖南省（公章林学会", centre="财务专用章")
    assert judged(BOTH, letter(seals=(THEIRS, spoiled))) == [[P, P], [P, P], [P, V]]


def test_a_seal_of_which_nothing_is_required_is_not_missed() -> None:
    params = {"seals": [CONSENT | {"required": False}]}
    assert outcomes(observe("seal_present", params, form())) == ["not_applicable"]
    assert outcomes(observe("seal_names", params, form())) == ["not_applicable"]


def test_a_seal_on_a_file_of_another_kind_is_for_a_person_to_look_at() -> None:
    reply = paper("other", scan=True, seals=(THEIRS,))
    assert judged(BOTH, letter(seals=(OURS,)), reply) == [[U, P], [N, P], [N, P]]
    photo = paper("other", scan=True, seals=(seal("石门县科学技术协会"),))
    assert judged(BOTH, letter(seals=(OURS,)), photo)[0] == [V, P]
    assert judged(BOTH, letter(seals=(OURS,)), form(seals=(THEIRS,)))[0] == [V, P]


def test_a_seal_that_need_not_be_there_is_told_only_where_it_was_read() -> None:
    params = {"seals": [CONSENT | {"required": False, "slots": []}]}
    for text, outcome in (("湖南省科学技术协会", P), ("湖北省科学技术协会", V), ("术协会学湖", N), ("", N)):
        assert outcomes(observe("seal_names", params, form(seals=(seal(text),)))) == [outcome], text


def test_a_missing_seal_is_told_with_whose_it_is_and_what_is_there_instead() -> None:
    county, _ = observe("seal_present", BOTH, letter(seals=(OURS,)))
    assert county.message == Text(
        "“结对函”上没有主送机关“桃源县科协”的印章，只有印章“湖南省林学会”。",
        "The pairing letter bears no seal of the addressee “桃源县科协”; it bears only “湖南省林学会”.",
    )
    assert county.severity is None
    (_, sender) = observe("seal_present", BOTH, letter(seals=(THEIRS,)))
    assert sender.severity is Severity.WARNING


def test_a_seal_of_another_is_told_with_both_names() -> None:
    (_, sender) = observe("seal_names", BOTH, letter(seals=(THEIRS, seal("湖北省林学会"))))
    assert sender.message.zh == "印章为“湖北省林学会”，与署名单位“湖南省林学会”不一致。"
    assert [one.text for one in sender.evidence] == ["湖北省林学会", "湖南省林学会"]
    assert (sender.expected, sender.actual) == ("湖南省林学会", "湖北省林学会")


def test_a_special_seal_is_told_as_one() -> None:
    (_, sender) = observe("seal_own", BOTH, letter(seals=(THEIRS, seal("湖南省林学会", centre="合同专用章"))))
    assert sender.message.zh == "印章“湖南省林学会 合同专用章”是署名单位“湖南省林学会”的专用章，不是单位公章。"


def test_a_seal_as_near_to_another_body_of_the_submission_is_not_judged() -> None:
    stamped = letter(field("sender", "湖南省水土保持学会"), seals=(THEIRS, seal("湖南省水士保持学会")))
    files = form(field("applicant", "湖南省水士保持学会")), stamped
    assert outcomes(observe("seal_names", BOTH, *files)) == ["passed", "undetermined"]
    assert outcomes(observe("seal_names", BOTH, stamped)) == ["passed", "passed"]


def test_a_slot_that_the_paper_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no slot nowhere in pairing_letter; it has: sender_signature, county_reply"):
        observe("seal_names", {"seals": [COUNTY | {"slots": ["nowhere"]}]}, letter())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"of": []}, "say whose seal"),
        ({"of": [], "names": ["{province}科协"]}, "needs the field of `province_of`"),
        ({"document": "poster"}, "no form poster"),
        ({"of": ["pairing_letter.issued_on"]}, "is of type date"),
    ],
)
def test_an_expected_seal_says_whose_it_is(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        observe("seal_names", {"seals": [COUNTY | {"slots": []} | wrong]}, letter())


def test_many_seals_are_judged_in_bounded_time() -> None:
    seals = tuple(seal(f"湖南省第{number}学会") for number in range(30))
    seen: list[Observation] = observe("seal_names", BOTH, letter(seals=seals))
    assert outcomes(seen) == ["violated", "violated"]


def test_a_seal_that_may_read_the_expected_name_is_told_with_both_readings() -> None:
    misread = replace(seal("桃滕县科学技术协会", 0.5), alternatives=("桃源县科学技术协会",))
    seen = observe("seal_names", BOTH, letter(seals=(OURS, misread)))
    assert [each.outcome.value for each in seen] == [P, P]
    assert "桃滕县科学技术协会" in seen[0].message.zh
    assert "桃源县科学技术协会" in seen[0].message.zh
    faint = replace(misread, confidence=0.15)
    assert outcomes(observe("seal_names", BOTH, letter(seals=(OURS, faint)))) == [U, P]


def on_page(seal: Seal, *lines: tuple[str, float]) -> File:
    """A form with one opinion box and a seal elsewhere. lines: text and top."""
    box = Place(1, Box(0.1, 0.1, 0.9, 0.3))
    slot = Slot("applicant_opinion", box, "", Presence.UNSURE, None, "", "", (), 1.0)
    blocks = tuple(Line(text, Place(1, Box(0.5, top, 0.9, top + 0.02)), 1.0, source=Source.OCR) for text, top in lines)
    file = form(scan=True, seals=(seal,), slots=(slot,))
    assert file.reading is not None
    return replace(file, reading=replace(file.reading, document=replace(file.reading.document, blocks=blocks)))


def test_a_seal_on_its_owners_printed_name_and_a_receivers_stamp_are_no_stray_ones() -> None:
    def told(file: File) -> list[str]:
        return outcomes(observe("seals_in_slots", {"documents": ["application_form"]}, file))

    supporter = seal("中国林学会")
    assert told(on_page(supporter, ("支持单位：中国林学会（盖章）", 0.76))) == ["passed"]
    assert told(on_page(supporter, ("支持单位：中国林学会（盖章）", 0.4))) == ["violated"]
    assert told(on_page(supporter, ("本项目由中国林学会和其他学会共同支持并实施开展", 0.76))) == ["violated"]
    assert told(on_page(supporter, ("中国林学会关于商请共同开展", 0.76))) == ["violated"]  # the letter's title
    assert told(on_page(framed(seal("中国农技协收文章收文号日期"), SealColour.BLUE))) == ["passed"]
