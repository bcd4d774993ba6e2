import pytest

import services.validation.checks as checks
from services.validation.check import CHECKS, Observation, Params, check
from services.validation.model import Submission


def test_every_file_registers_the_check_that_it_is_named_after() -> None:
    modules = {name for name in vars(checks) if not name.startswith("_")} - {"import_module", "iter_modules", "module"}
    assert set(CHECKS) == modules


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_has_a_manual_page_that_begins_with_one_sentence(name: str) -> None:
    first = CHECKS[name].manual.strip().split("\n\n")[0]
    assert first.endswith(".")
    assert len(first) < 160


def test_two_checks_never_share_a_name() -> None:
    def again(submission: Submission, params: Params) -> list[Observation]:
        return []

    with pytest.raises(ValueError, match="at_most"):
        check("at_most", Params)(again)  # type: ignore[arg-type]
