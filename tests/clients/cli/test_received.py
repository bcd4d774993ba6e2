from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from clients.cli.received import parse_received

SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2021-9-1", "2021-02-30", "2021/09/01", "9999-12-31T23:59-12:00", "1"]
)
def test_what_is_no_iso_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_received(text)


@pytest.mark.parametrize(
    ("text", "moment", "day_end"),
    [
        ("2021-09-03", datetime(2021, 9, 3, 23, 59, 59, tzinfo=SHANGHAI), True),
        ("20210903", datetime(2021, 9, 3, 23, 59, 59, tzinfo=SHANGHAI), True),
        ("2021-09-03T10:30", datetime(2021, 9, 3, 10, 30, tzinfo=SHANGHAI), False),
        ("2021-09-03 10:30:15", datetime(2021, 9, 3, 10, 30, 15, tzinfo=SHANGHAI), False),
        ("2021-09-03T10:30Z", datetime(2021, 9, 3, 10, 30, tzinfo=UTC), False),
        ("2021-09-03T10:30:00+02:00", datetime(2021, 9, 3, 8, 30, tzinfo=UTC), False),
        (" 2021-09-03T10:30+08:00 ", datetime(2021, 9, 3, 10, 30, tzinfo=SHANGHAI), False),
    ],
)
def test_a_time_is_that_of_shanghai_unless_it_says_otherwise(text: str, moment: datetime, day_end: bool) -> None:
    assert parse_received(text) == (moment, day_end)
