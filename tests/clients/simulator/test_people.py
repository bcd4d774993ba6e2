"""The data a make-believe call is drawn from."""

from random import Random

from clients.simulator import people


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
