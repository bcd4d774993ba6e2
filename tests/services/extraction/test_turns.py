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
    await asyncio.wait_for(desk.read("c"), 1)


async def test_a_file_that_fails_gives_its_slot_back() -> None:
    desk = Desk()
    with pytest.raises(RuntimeError):
        async with desk.turns.turn("a"):
            raise RuntimeError
    await asyncio.wait_for(desk.read("b"), 1)
