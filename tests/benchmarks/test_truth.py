"""How planted defects and told ones are counted."""

import math

from benchmarks.truth import Confusion, Tally, as_stated, pairs, stated


def test_each_rule_has_its_own_hits_misses_and_false_alarms() -> None:
    confusion = Confusion()
    confusion.add({"late"}, set(), {"late"}, "1")
    confusion.add({"late"}, set(), set(), "2")
    confusion.add(set(), set(), {"missing-seal"}, "3")
    assert (confusion.hits["late"], confusion.misses["late"], confusion.false["missing-seal"]) == (1, 1, 1)
    assert confusion.precision == confusion.recall == confusion.weakest() == 0.5
    assert confusion.wrong == ["2: late planted, not told", "3: missing-seal told, not planted, clean"]


def test_an_implied_rule_is_expected() -> None:
    confusion = Confusion()
    confusion.add({"letter-reused"}, {"project-mismatch"}, {"letter-reused", "project-mismatch"}, "1")
    assert confusion.precision == confusion.recall == 1
    confusion.add({"letter-reused"}, {"project-mismatch"}, {"letter-reused"}, "2")
    assert confusion.misses["project-mismatch"] == 1


def test_nothing_planted_and_nothing_told_is_no_figure() -> None:
    confusion = Confusion()
    assert math.isnan(confusion.precision)
    assert math.isnan(confusion.weakest())
    assert math.isnan(Tally().rate())


def test_the_table_names_every_rule_once() -> None:
    confusion = Confusion()
    confusion.add({"late"}, set(), {"unit-slip"}, "1")
    lines = confusion.table().splitlines()
    assert [line.split()[0] for line in lines] == ["rule", "late", "unit-slip"]
    assert lines[1].split()[1:] == ["1", "0", "1", "0", "nan", "0.00"]


def test_a_group_is_all_its_pairs() -> None:
    found = pairs([("province-quota", frozenset("abc"))])
    assert found == {("province-quota", frozenset(two)) for two in ("ab", "ac", "bc")}


def test_a_contradicted_field_is_not_asked_for() -> None:
    file = {"fields": {"requested_amount": "20", "applicant": "中国林学会"}, "doubtful": ["requested_amount"]}
    assert list(stated(file)) == [("applicant", "中国林学会")]


def test_columns_that_the_truth_does_not_know_are_left_out() -> None:
    found = [{"item": "交通费", "amount": "5", "quantity": "1"}]
    assert as_stated(found, [{"item": "交通费", "amount": "5"}]) == [{"item": "交通费", "amount": "5"}]
    assert as_stated(None, [{"item": "交通费"}]) is None
    assert as_stated("20", "20") == "20"
