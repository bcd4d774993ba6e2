"""Too much at once is refused at once, with the time after which to try again; and nobody takes everything."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from google.rpc import error_details_pb2

from services.admission import Admission
from services.callers.caller import ANYBODY_HERE, Caller, Scope
from services.callers.refusals import OverQuota
from services.status import Busy


def portal(name: str, **more: float) -> Caller:
    return Caller(name, frozenset({Scope.CHECK}), **more)  # type: ignore[arg-type]


def admitted(admission: Admission, caller: Caller, stack: ExitStack) -> int:
    """How many requests of one caller are let in at once."""
    for count in range(1000):
        try:
            stack.enter_context(admission.admit(caller))
        except Busy:
            return count
    raise AssertionError("no limit")


def test_over_the_limit_is_busy_with_the_time_to_try_again() -> None:
    admission = Admission(2)
    with admission.admit(ANYBODY_HERE), admission.admit(ANYBODY_HERE):
        with pytest.raises(Busy) as busy, admission.admit(ANYBODY_HERE):
            pass
        (detail,) = busy.value.details
        assert isinstance(detail, error_details_pb2.RetryInfo)
        assert detail.retry_delay.seconds > 0
        assert str(detail.retry_delay.seconds) in busy.value.zh


def test_a_request_that_ends_makes_room_however_it_ends() -> None:
    admission = Admission(1)
    with pytest.raises(ValueError, match="its own"), admission.admit(ANYBODY_HERE):
        raise ValueError("its own")
    with admission.admit(ANYBODY_HERE):
        pass


def test_a_refused_request_takes_no_room() -> None:
    admission = Admission(1)
    with admission.admit(ANYBODY_HERE), pytest.raises(Busy), admission.admit(ANYBODY_HERE):
        pass
    with admission.admit(ANYBODY_HERE):
        pass


def test_however_many_portals_flood_a_new_one_gets_in() -> None:
    with ExitStack() as stack:
        admission = Admission(64)
        assert [admitted(admission, portal(name), stack) for name in "abc"] == [48, 12, 3]
        assert admitted(admission, portal("d"), stack) == 1


def test_callers_whom_nobody_tells_apart_share_everything() -> None:
    with ExitStack() as stack:
        assert admitted(Admission(64), ANYBODY_HERE, stack) == 64


def test_a_portal_may_have_so_many_checks_under_way() -> None:
    admission = Admission(64)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(admission.admit(portal("a", most_checks=2)))
        with pytest.raises(OverQuota) as refused, admission.admit(portal("a", most_checks=2)):
            pass
        assert {type(detail) for detail in refused.value.details} == {
            error_details_pb2.QuotaFailure,
            error_details_pb2.RetryInfo,
        }
        with admission.admit(portal("b", most_checks=2)):
            pass


def test_bytes_under_way_are_bounded_in_sum_and_come_free_with_their_request() -> None:
    admission = Admission(64, 100)
    with admission.admit(ANYBODY_HERE) as first, admission.admit(ANYBODY_HERE) as second:
        first.hold(60)
        with pytest.raises(Busy):
            second.hold(41)
        second.hold(40)
    with admission.admit(ANYBODY_HERE) as third:
        third.hold(100)


def test_one_portals_bytes_leave_room_for_anothers() -> None:
    admission = Admission(64, 100)
    with admission.admit(portal("a")) as flood, admission.admit(portal("b")) as other:
        flood.hold(75)
        with pytest.raises(Busy):
            flood.hold(1)
        other.hold(15)
