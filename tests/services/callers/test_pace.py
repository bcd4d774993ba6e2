from __future__ import annotations

import asyncio

import pytest

from services.callers import pace as pacing
from services.callers.caller import ANYBODY_HERE, Caller, Scope
from services.callers.pace import Pace, Turn
from services.status import Busy

A, B = (Caller(name, frozenset({Scope.CHECK})) for name in ("a", "b"))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def begun(pace: Pace, caller: Caller) -> Turn:
    turn = pace.turn(caller)
    await turn.begin()
    return turn


async def waits(task: asyncio.Task[Turn]) -> bool:
    for _ in range(3):
        await asyncio.sleep(0)
    return not task.done()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns end only when they are given back."""
    monkeypatch.setattr(pacing, "_TURN_SECONDS", 60.0)


@pytest.mark.usefixtures("patient")
async def test_who_is_alone_waits_for_nothing() -> None:
    pace = Pace()
    await asyncio.gather(*(begun(pace, A) for _ in range(64)))


@pytest.mark.usefixtures("patient")
async def test_beside_others_one_turn_at_a_time_in_the_order_of_coming() -> None:
    pace = Pace()
    await begun(pace, B)
    first = await begun(pace, A)
    second, third = (asyncio.create_task(begun(pace, A)) for _ in range(2))
    assert await waits(second)
    other = await begun(pace, B)  # whatever A has waiting
    other.end()
    first.end()
    turn = await second
    assert await waits(third)
    turn.end()
    (await third).end()


async def test_a_turn_ends_after_a_moment() -> None:
    pace = Pace()
    await begun(pace, B)
    await begun(pace, A)
    async with asyncio.timeout(5):
        await begun(pace, A)


@pytest.mark.usefixtures("patient")
async def test_alone_again_after_a_while() -> None:
    clock = Clock()
    pace = Pace(clock)
    await begun(pace, B)
    await begun(pace, A)
    clock.now += 1.1
    await begun(pace, A)
    await begun(pace, A)


@pytest.mark.usefixtures("patient")
async def test_who_gave_up_does_not_keep_the_turn() -> None:
    pace = Pace()
    await begun(pace, B)
    first = await begun(pace, A)
    waiting, given_up, last = (asyncio.create_task(begun(pace, A)) for _ in range(3))
    assert await waits(last)
    given_up.cancel()
    first.end()
    waiting.cancel()  # in the moment in which it is given the turn
    async with asyncio.timeout(5):
        await last
    assert waiting.cancelled()
    assert given_up.cancelled()


@pytest.mark.usefixtures("patient")
async def test_a_turn_is_given_back_once() -> None:
    pace = Pace()
    await begun(pace, B)
    first = await begun(pace, A)
    second, third = (asyncio.create_task(begun(pace, A)) for _ in range(2))
    assert await waits(second)
    first.end()
    first.end()
    await second
    assert await waits(third)
    third.cancel()


@pytest.mark.usefixtures("patient")
async def test_too_many_that_wait_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_MOST_WAITING", 2)
    pace = Pace()
    await begun(pace, B)
    await begun(pace, A)
    waiting = [asyncio.create_task(begun(pace, A)) for _ in range(2)]
    assert await waits(waiting[1])
    with pytest.raises(Busy):
        await begun(pace, A)
    for task in waiting:
        task.cancel()


@pytest.mark.usefixtures("patient")
async def test_callers_who_cannot_be_told_apart_share_everything() -> None:
    pace = Pace()
    await begun(pace, A)
    await begun(pace, B)
    await asyncio.gather(*(begun(pace, ANYBODY_HERE) for _ in range(8)))
