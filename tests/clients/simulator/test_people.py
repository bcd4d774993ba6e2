"""The data a make-believe call is drawn from."""

from random import Random

from clients.simulator import people
from clients.simulator.simulation import plans
from extractors.values.societies import national_society


def test_names_of_societies_and_counties_occur_once() -> None:
    societies = [society.name for society in (*people.national_societies(), *people.provincial_societies())]
    assert len(societies) == len(set(societies))
    counties = [county.name for county in people.counties()]
    assert len(counties) == len(set(counties))


def test_every_province_has_counties_and_nothing_else_has() -> None:
    assert {county.province for county in people.counties()} == {province.name for province in people.provinces()}


def test_every_society_has_a_topic_with_projects_that_name_no_county() -> None:
    for society in (*people.national_societies(), *people.provincial_societies()):
        topic = people.topics()[society.topic]
        assert len(topic.content) >= 3
        assert any("某县" not in project for project in topic.projects)


def test_invented_people_write_from_example_domains() -> None:
    society = people.provincial_societies()[0]
    assert society.province is not None
    for seed in range(50):
        person = people.invent_person(Random(seed), society)
        assert person.email.partition("@")[2].endswith(("example.com", "example.org", "example.net"))
        assert len(person.mobile) == 11
        area, _, local = person.landline.partition("-")
        assert (area, len(local)) == (society.province.area_code, society.province.local_digits)


def test_a_sister_is_another_society_of_the_same_kind() -> None:
    for society in (*people.national_societies(), *people.provincial_societies()[:40]):
        sister = people.sister_of(Random(1), society)
        assert sister.name != society.name
        assert sister.kind == society.kind


def test_the_simulator_and_the_roster_agree_on_who_is_a_national_society() -> None:
    listed = {society.name for society in people.national_societies() if society.listed}
    assert listed == {society.name for society in people.national_societies() if national_society(society.name)}
    assert 150 < len(listed) < len(people.national_societies())


def test_a_person_has_to_look_at_an_applicant_that_is_not_in_the_roster() -> None:
    clean = [plan for plan in plans(60, 1001) if plan.form is not None and not plan.flaws]
    assert {plan.verdict for plan in clean if plan.form is not None and plan.form.applicant.listed} == {"acceptable"}
    assert {plan.verdict for plan in clean if plan.form is not None and not plan.form.applicant.listed} == {"review"}
