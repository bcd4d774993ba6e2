"""Whose file is read next."""

from __future__ import annotations

import asyncio

import pytest

from services.extraction.turns import Turns


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """Files that take a second each, one slot; `order` says whose was read when."""

    def __init__(self, slots: int = 1) -> None:
        self.clock = Clock()
        self.turns = Turns(slots, self.clock)
        self.order = ""

    async def read(self, whose: str, seconds: float = 1.0) -> None:
        async with self.turns.turn(whose):
            self.order += whose
            self.clock.now += seconds
            await asyncio.sleep(0)


async def test_who_comes_with_one_file_does_not_wait_for_anothers_flood() -> None:
    desk = Desk()
    async with asyncio.TaskGroup() as group:
        for whose in "aaaaaaaaaab":
            group.create_task(desk.read(whose))
    assert desk.order == "a" + "b" + "a" * 9


async def test_of_two_who_flood_each_gets_half() -> None:
    desk = Desk()
    async with asyncio.TaskGroup() as group:
        for whose in "a" * 20 + "b" * 20:
            group.create_task(desk.read(whose))
    assert abs(desk.order[:20].count("a") - 10) <= 1


async def test_seconds_count_and_not_files() -> None:
    desk = Desk()
    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(desk.read("a", 4.0))
            group.create_task(desk.read("b", 1.0))
    assert desk.order[:10].count("b") >= 7


async def test_what_was_long_ago_counts_no_more() -> None:
    desk = Desk()
    await desk.read("a", 100.0)
    desk.clock.now += 3600
    await desk.read("b")
    async with asyncio.TaskGroup() as group:
        for whose in "cba":
            group.create_task(desk.read(whose))
    assert desk.order == "abcab"


async def test_who_gives_up_waiting_leaves_no_slot_taken() -> None:
    desk = Desk()
    async with desk.turns.turn("a"):
        waiting = [asyncio.create_task(desk.read("b")) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
    waiting[1].cancel()  # in the moment in which it was given the slot
    await asyncio.wait(waiting)
    assert desk.order == "b"
    async with desk.turns.turn("a"):
        late = asyncio.create_task(desk.read("b"))
        await asyncio.sleep(0)
        late.cancel()  # in the moment before the slot comes free
    await asyncio.wait({late})
    assert late.cancelled()
    await asyncio.wait_for(desk.read("c"), 1)


async def test_a_file_that_fails_gives_its_slot_back() -> None:
    desk = Desk()
    with pytest.raises(RuntimeError):
        async with desk.turns.turn("a"):
            raise RuntimeError
    await asyncio.wait_for(desk.read("b"), 1)


async def test_a_long_reading_makes_room_for_who_was_served_less_but_not_the_other_way() -> None:
    desk = Desk(slots=2)
    stopped: list[str] = []
    enough = asyncio.Event()

    async def long(whose: str) -> None:
        def stop() -> None:
            stopped.append(whose)
            enough.set()

        async with desk.turns.turn(whose, stop):
            desk.order += whose
            await enough.wait()

    holders = [asyncio.create_task(long("a")) for _ in range(2)]
    await asyncio.sleep(0)
    desk.clock.now += 0.5
    waiting = asyncio.create_task(desk.read("b"))
    await asyncio.sleep(0.4)
    assert stopped == [], "each turn lasts a while at least"
    desk.clock.now += 10
    await asyncio.wait_for(waiting, 5)
    assert stopped == ["a"], "one for the one that waits"
    await asyncio.wait(holders)


async def test_equals_do_not_interrupt_each_other_all_the_time() -> None:
    desk = Desk()
    stopped: list[str] = []
    await desk.read("b", 5.0)
    async with desk.turns.turn("a", lambda: stopped.append("a")):
        waiting = asyncio.create_task(desk.read("b"))
        desk.clock.now += 9
        await asyncio.sleep(0.4)
        assert stopped == []
        desk.clock.now += 9
        await asyncio.sleep(0.4)
        assert stopped == ["a"]
        await asyncio.sleep(0.4)
        assert stopped == ["a"], "once is enough"
    await waiting


async def test_what_cannot_stop_is_not_asked() -> None:
    desk = Desk()
    async with desk.turns.turn("a"):
        waiting = asyncio.create_task(desk.read("b"))
        desk.clock.now += 100
        await asyncio.sleep(0.4)
        assert not waiting.done()
    await waiting
