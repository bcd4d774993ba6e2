from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Parameter

from services.validation.agreement import agreement
from services.validation.check import Observation, PlaceRef, TrustParams, check
from services.validation.model import Submission
from services.validation.organisations import compare_places


class PlacesEqual(TrustParams):
    """Two papers are about the same place: fields that name it, or an organisation of it (桃源县科协).

    left, right: fields in order of preference; the first that is stated counts. The innermost place is compared, and
    the provinces where both are named.
    """

    left: tuple[PlaceRef, ...] = Parameter(min_length=1)
    right: tuple[PlaceRef, ...] = Parameter(min_length=1)


@check("places_equal", PlacesEqual)
def places_equal(submission: Submission, params: PlacesEqual) -> Iterator[Observation]:
    yield from agreement(submission, params.left, params.right, params.trust, compare_places)
