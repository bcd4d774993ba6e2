"""What workers tell before their answer arrives whole, at its own job only, and costs the server what it may."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator

import pytest

from services.extraction.post import MOST_BYTES, Post, say


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    yield post
    post.close()


async def heard(post: Post, count: int) -> tuple[bytes, list[tuple[int, int, bytes]], asyncio.Event]:
    told: list[tuple[int, int, bytes]] = []
    complete = asyncio.Event()

    def hear(*part: object) -> None:
        told.append(part)  # type: ignore[arg-type]
        if len(told) == count:
            complete.set()

    return post.expect(hear), told, complete


async def test_parts_of_any_size_arrive_whole_and_in_order(post: Post) -> None:
    parts = [(1, 3, b""), (2, 3, b"a" * 1_000_000), (3, 3, b"b")]
    token, told, complete = await heard(post, 3)
    for part in parts:
        await asyncio.to_thread(say, post.slot, token, *part)
    await asyncio.wait_for(complete.wait(), 5)
    assert told == parts


async def test_jobs_that_tell_at_the_same_time_are_not_mixed_up(post: Post) -> None:
    first, first_told, first_complete = await heard(post, 20)
    second, second_told, second_complete = await heard(post, 20)

    def tell(token: bytes, part: bytes) -> None:
        for number in range(1, 21):
            say(post.slot, token, number, 20, part * number)

    await asyncio.gather(
        asyncio.to_thread(tell, first, b"first" * 9000), asyncio.to_thread(tell, second, b"second" * 9000)
    )
    await asyncio.wait_for(asyncio.gather(first_complete.wait(), second_complete.wait()), 5)
    assert first_told == [(number, 20, b"first" * 9000 * number) for number in range(1, 21)]
    assert second_told == [(number, 20, b"second" * 9000 * number) for number in range(1, 21)]


async def test_a_worker_that_was_killed_in_the_middle_of_a_part_costs_that_part_only(post: Post) -> None:
    token, told, complete = await heard(post, 1)
    post.slot.send(struct.pack("<16sIII", token, 1, 2, 100) + b"only the beginning")
    say(post.slot, token, 2, 2, b"whole")
    await asyncio.wait_for(complete.wait(), 5)
    assert told == [(2, 2, b"whole")]


async def test_what_is_too_large_or_nobodys_is_dropped(post: Post) -> None:
    token, told, complete = await heard(post, 2)
    post.slot.send(b"short")
    post.slot.send(struct.pack("<16sIII", b"a token of nobody", 1, 1, 1) + b"x")
    post.slot.send(struct.pack("<16sIII", token, 1, 1, MOST_BYTES + 1) + b"x")
    post.slot.send(struct.pack("<16sIII", token, 2, 3, 1) + b"more than was said")
    say(post.slot, token, 2, 3, b"x" * (MOST_BYTES + 1))
    say(post.slot, token, 3, 3, b"end")
    await asyncio.wait_for(complete.wait(), 5)
    assert told == [(2, 3, b""), (3, 3, b"end")]


async def test_nothing_is_heard_of_a_job_that_is_over(post: Post) -> None:
    token, told, _ = await heard(post, 1)
    other, _, complete = await heard(post, 1)
    post.forget(token)
    say(post.slot, token, 1, 1, b"late")
    say(post.slot, other, 1, 1, b"next")
    await asyncio.wait_for(complete.wait(), 5)
    assert told == []
