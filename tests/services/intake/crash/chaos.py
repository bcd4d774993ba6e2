"""Submissions come in while everything is killed; each that is acknowledged must come to its end, once and rightly."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from dataclasses import dataclass, field
from typing import Any

import grpc

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import intake_service_pb2_grpc
from services.intake.store import FolderStore
from tests.services.intake.crash.papers import Papers
from tests.services.intake.crash.plant import Plant
from tests.services.intake.house import CALL, name, sha

_CHUNK = 65536
_SUBMITTERS = 4
_STUCK = 300.0  # seconds without a submission that comes to its end: a slow machine is not a lost submission


@dataclass
class Outcome:
    """What came of it. acknowledged: request id → submission."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    problems: list[str] = field(default_factory=list)


class Chaos:
    """pause: seconds between kills, on average. most_kills: at any moment; those at chosen moments come on top.

    away: for how long the database is away once, in seconds; 0 for not at all. aimed: whether the server is killed in
    the middle of uploads and just after a submission was sent, and whoever works when somebody sees that it does.
    """

    def __init__(
        self,
        plant: Plant,
        papers: Papers,
        count: int,
        *,
        pause: float,
        most_kills: int = 1_000_000,
        away: float = 0.0,
        aimed: int = 0,
    ) -> None:
        self.plant, self.papers, self.count = plant, papers, count
        self.outcome = Outcome()
        self._pause, self._most_kills, self._away = pause, most_kills, away
        self._aimed = dict.fromkeys(("in an upload", "at a submission", "at work", "at a report"), aimed)
        self._killing = asyncio.Lock()
        self._were_ended = 0

    async def run(self) -> Outcome:
        options = [("grpc.max_reconnect_backoff_ms", 200), ("grpc.initial_reconnect_backoff_ms", 50)]
        async with grpc.aio.insecure_channel(f"unix:{self.plant.data}/s", options=options) as channel:
            self._stub: Any = intake_service_pb2_grpc.IntakeServiceStub(channel)
            beside = [asyncio.create_task(self._kill()), asyncio.create_task(self._watch())]
            await asyncio.gather(*(self._submit(range(first, self.count, _SUBMITTERS)) for first in range(_SUBMITTERS)))
            await self._settle(beside)
            await self._verify()
        return self.outcome

    # ------------------------------------------------------------------------------------------ kills

    async def _kill(self) -> None:
        if self._away:
            await asyncio.sleep(self._pause)
            async with self._killing:
                await self.plant.without_database(self._away)
        for number in range(self._most_kills):
            await asyncio.sleep(self.plant.chance.uniform(0.5, 1.5) * self._pause)
            await self._some_progress()
            async with self._killing:
                await asyncio.to_thread(self.plant.kill_any)
                self.plant.revive()
                if number == 0 and self.plant.cluster is None:
                    await asyncio.to_thread(self._start_a_second)

    async def _some_progress(self) -> None:
        """Until a submission has ended, or a while: what only ever starts is never killed at anything else."""
        for _ in range(40):
            ended = len(await self._ended())
            if ended > self._were_ended:
                self._were_ended = ended
                return
            await asyncio.sleep(0.5)

    def _start_a_second(self) -> None:
        """A second server over the same folder has to leave at once.

        It is of the first one's kind: where that one has just killed itself, it does its work for a while.
        """
        command = [*self.plant.command("server", deadly=False), "--socket", "second"]
        while True:
            try:
                second = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
                break
            except subprocess.TimeoutExpired:  # the first had just killed itself: this one served in its place
                time.sleep(5)  # until the first has its folder again
                if self.plant.stopped:  # it never will
                    return
        if second.returncode != 1 or "uses the data folder" not in second.stderr:
            self.outcome.problems.append(f"a second server was not refused: {second.returncode} {second.stderr[-300:]}")

    async def _at(self, moment: str, *roles: str) -> None:
        """Kills one of the roles here and now, as often as is wanted for this moment."""
        if self._aimed[moment] and self.plant.chance.random() < 0.15 and not self._killing.locked():
            async with self._killing:
                self._aimed[moment] -= 1
                role = self.plant.chance.choice(roles)
                if role == "reader":
                    self.plant.kill_reader(moment)
                else:
                    self.plant.kill(role, moment)
                self.plant.revive()

    @property
    def _workers(self) -> list[str]:
        return [role for role in self.plant.processes if role.startswith("worker")] or ["server"]

    async def _watch(self) -> None:
        """Sees somebody at work, and a report about to be written."""
        running = pb.ListSubmissionsRequest(state=pb.SUBMISSION_STATE_RUNNING, page_size=1)
        while True:
            await asyncio.sleep(0.02)
            with contextlib.suppress(grpc.aio.AioRpcError):
                for submission in (await self._stub.ListSubmissions(running, timeout=5)).submissions:
                    await self._at("at work", "reader", *self._workers)
                    watched = pb.WatchSubmissionRequest(name=submission.name)
                    async for event in self._stub.WatchSubmission(watched, timeout=10):
                        if event.stage == "judging" and not event.HasField("finding"):
                            await self._at("at a report", *self._workers)

    # ------------------------------------------------------------------------------------------ submitting

    async def _submit(self, numbers: range) -> None:
        for number in numbers:
            files = self.papers.files(number)
            for file_name, data in files:
                await self._again(lambda file_name=file_name, data=data: self._upload(file_name, data))
            request = pb.CreateSubmissionRequest(
                request_id=f"r-{number}",
                call=CALL,
                label=str(number),
                attachments=[name(data) for _, data in files],
                file_names=[file_name for file_name, _ in files],
            )
            answer = await self._again(lambda request=request: self._create(request))
            earlier = self.outcome.acknowledged.setdefault(request.request_id, answer.submission.name)
            if earlier != answer.submission.name:
                self.outcome.problems.append(f"{request.request_id} has two names")

    async def _create(self, request: pb.CreateSubmissionRequest) -> pb.CreateSubmissionResponse:
        answering = asyncio.ensure_future(self._stub.CreateSubmission(request, timeout=20))
        await asyncio.sleep(self.plant.chance.uniform(0, 0.01))
        await self._at("at a submission", "server")
        return await answering

    async def _upload(self, file_name: str, data: bytes) -> None:
        async def requests() -> Any:
            header = pb.UploadHeader(file_name=file_name, size_bytes=len(data), sha256=sha(data))
            yield pb.UploadAttachmentRequest(header=header)
            for start in range(0, len(data), _CHUNK):
                yield pb.UploadAttachmentRequest(chunk=data[start : start + _CHUNK])
                await self._at("in an upload", "server")

        await self._stub.UploadAttachment(requests(), timeout=20)

    async def _again(self, action: Any) -> Any:
        """The answer, however often it takes."""
        while True:
            try:
                return await action()
            except grpc.aio.AioRpcError as error:
                again = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
                if error.code() not in again:
                    raise
            except asyncio.CancelledError:
                # grpc's way to say that the connection broke while the requests were being sent
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise
            self.outcome.refused += 1
            self.plant.revive()
            await asyncio.sleep(0.05)

    # ------------------------------------------------------------------------------------------ looking

    async def _settle(self, beside: list[asyncio.Task[None]]) -> None:
        """Until every submission has come to an end; the kills go on until one in fifty is left."""
        left, since = self.count, time.monotonic()
        while left and time.monotonic() - since < _STUCK:
            now = self.count - len(await self._ended())
            if now < left:
                left, since = now, time.monotonic()
            if left <= self.count // 50 and beside:
                await _end(beside)
                beside = []
            self.plant.revive()
            await asyncio.sleep(0.25)
        await _end(beside)  # what is looked at now is not killed any more
        if left:
            self.outcome.problems.append(f"{left} submissions never came to an end")

    async def _ended(self) -> list[pb.Submission]:
        return [
            submission
            for state in (pb.SUBMISSION_STATE_DONE, pb.SUBMISSION_STATE_FAILED)
            for submission in await self._listed(state)
        ]

    async def _listed(
        self, state: pb.SubmissionState.ValueType = pb.SUBMISSION_STATE_UNSPECIFIED
    ) -> list[pb.Submission]:
        found: list[pb.Submission] = []
        token = ""
        while True:
            query = pb.ListSubmissionsRequest(state=state, page_size=1000, page_token=token)
            answer = await self._again(lambda query=query: self._stub.ListSubmissions(query, timeout=20))
            found += answer.submissions
            token = answer.next_page_token
            if not token:
                return found

    async def _verify(self) -> None:
        kept, acknowledged, problems = await self._listed(), self.outcome.acknowledged, self.outcome.problems
        if len(acknowledged) != self.count or {each.name for each in kept} != set(acknowledged.values()):
            problems.append(f"{self.count} were sent, {len(acknowledged)} acknowledged, {len(kept)} are kept")
        for each in kept:
            request = pb.GetSubmissionRequest(name=each.name)
            answer = await self._again(lambda request=request: self._stub.GetSubmission(request, timeout=20))
            submission = answer.submission
            if submission.state != pb.SUBMISSION_STATE_DONE:
                problems.append(f"{each.name}: state {submission.state} {submission.failure}")
            elif wrong := self.papers.wrong(int(submission.label), submission.report):
                problems.append(f"{each.name}: {wrong}")
            await self._verify_events(each.name)
        hashes = set(FolderStore(self.plant.data / "attachments").hashes(-1))
        if hashes != {sha(data) for number in range(self.count) for _, data in self.papers.files(number)}:
            problems.append("the store does not hold exactly what was uploaded")

    async def _verify_events(self, name: str) -> None:
        async def events() -> list[pb.WatchSubmissionResponse]:
            stream = self._stub.WatchSubmission(pb.WatchSubmissionRequest(name=name), timeout=20)
            return [event async for event in stream]

        found = await self._again(events)
        if [event.sequence for event in found] != list(range(1, len(found) + 1)):
            self.outcome.problems.append(f"{name}: events have gaps")
        reports = [event.stage for event in found].count("done")
        if reports != 1:
            self.outcome.problems.append(f"{name}: {reports} reports")


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
