"""Too much at once is refused at once, with the time after which to try again."""

from __future__ import annotations

import pytest
from google.rpc import error_details_pb2

from services.admission import Admission
from services.status import Busy


def test_over_the_limit_is_busy_with_the_time_to_try_again() -> None:
    admission = Admission(2)
    with admission.admit(), admission.admit():
        with pytest.raises(Busy) as busy, admission.admit():
            pass
        (detail,) = busy.value.details
        assert isinstance(detail, error_details_pb2.RetryInfo)
        assert detail.retry_delay.seconds > 0
        assert str(detail.retry_delay.seconds) in busy.value.zh


def test_a_request_that_ends_makes_room_however_it_ends() -> None:
    admission = Admission(1)
    with pytest.raises(ValueError, match="its own"), admission.admit():
        raise ValueError("its own")
    with admission.admit():
        pass


def test_a_refused_request_takes_no_room() -> None:
    admission = Admission(1)
    with admission.admit(), pytest.raises(Busy), admission.admit():
        pass
    with admission.admit():
        pass
