"""docs/calls.md: its example is a call, and its reference is what the code says."""

import re

from extractors.forms.spec import FieldType, Finder
from scripts.manual import MARK, PAGE, page
from services.validation.call import load_call
from services.validation.check import CHECKS
from services.validation.judge import validate_rules


def test_the_reference_is_made_from_the_checks() -> None:
    assert PAGE.read_text("utf-8") == page(), "run make manual"


def test_it_names_every_type_finder_check_and_parameter() -> None:
    reference = PAGE.read_text("utf-8").partition(MARK)[2]
    for name in (*FieldType, *Finder, *CHECKS):
        assert f"`{name}`" in reference
    for check in CHECKS.values():
        for parameter in check.params.model_fields:
            assert f"| `{parameter}` |" in reference.partition(f"### `{check.name}`")[2]


def test_the_example_is_a_call() -> None:
    text = re.search(r"```yaml\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert text is not None
    call = load_call(text[1])
    assert validate_rules(call) == ()
