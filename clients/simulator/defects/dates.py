"""Defects of dates: sent too late, dated before the call or after the mail, a period that ends too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from clients.simulator.defects.defect import FORM, LETTER, Defect, flawed, papers_of
from clients.simulator.plan import CHINA, DEADLINE, Plan


def _late(rng: Random, plan: Plan) -> Plan:
    """After the deadline; or on its last day, which a person is to look at (于…日前 may leave the day out)."""
    if rng.random() < 0.25:
        last_day = datetime(2021, 9, 3, rng.randint(9, 23), rng.randint(0, 59), rng.randint(0, 59), tzinfo=CHINA)
        return replace(flawed(plan, "late", "", "warning"), received=last_day)
    return replace(flawed(plan, "late", ""), received=DEADLINE + timedelta(seconds=rng.randint(1, 3 * 86_400)))


def _letter_date(rng: Random, plan: Plan) -> Plan:
    """The letter is older than the notice, of a wrong year, or dated after it was sent."""
    _, letter = papers_of(plan)
    sent = plan.received.date()
    wrong = rng.choice(
        (
            date(2021, rng.randint(6, 7), rng.randint(1, 28)),
            date(2021, 8, rng.randint(1, 20)),
            _of_year(letter.issued_on, rng.choice((2020, 2012, 2031))),
            sent + timedelta(days=rng.randint(2, 9)),
        )
    )
    changed = replace(letter, issued_on=wrong, reply_by=None, replied_on=max(letter.replied_on, min(wrong, sent)))
    return flawed(plan, "date-out-of-range", LETTER, "warning", letter=changed)


def _of_year(day: date, year: int) -> date:
    """The same day of another year; 29 February does not occur here."""
    return day.replace(year=year)


def _period(rng: Random, plan: Plan) -> Plan:
    form, _ = papers_of(plan)
    begins, ends = rng.choice(
        (
            (form.begins, date(2022, rng.randint(10, 12), 30)),
            (form.begins, date(2023, rng.randint(1, 6), 28)),
            (date(2021, rng.randint(1, 6), 1), form.ends),
        )
    )
    return flawed(plan, "period-out-of-range", FORM, "warning", form=replace(form, begins=begins, ends=ends))


DEFECTS = {
    "late": Defect(_late),
    "date-out-of-range": Defect(_letter_date),
    "period-out-of-range": Defect(_period),
}
