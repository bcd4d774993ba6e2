from __future__ import annotations

from collections.abc import Iterator

from services.validation.agreement import agreement
from services.validation.check import Observation, OrganisationRef, TrustParams, check
from services.validation.model import Submission
from services.validation.organisations import compare


class OrganisationsEqual(TrustParams):
    """Two papers name the same organisation.

    科协 counts as 科学技术协会, and a leading province may be left out where a county follows. What a scan shows is
    compared tolerantly; where a slip of OCR could explain the difference, it is undetermined.
    """

    left: OrganisationRef
    right: OrganisationRef


@check("organisations_equal", OrganisationsEqual)
def organisations_equal(submission: Submission, params: OrganisationsEqual) -> Iterator[Observation]:
    yield from agreement(submission, (params.left,), (params.right,), params.trust, compare)
