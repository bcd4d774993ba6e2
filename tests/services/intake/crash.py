"""Kills servers, workers, readers and the database while submissions come in, and looks whether anything was lost.

    python -m tests.services.intake.crash --count 500                  # make crash: SQLite
    python -m tests.services.intake.crash --count 500 --postgresql     # with three workers

Every request is sent again until it is acknowledged; from then on it must not be lost, nor answered twice or wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import intake_service_pb2_grpc
from services.intake.store import FolderStore
from tests.postgres import Postgres, postgres
from tests.services.intake.house import CALL, name, sha

LETTER = b"pairing_letter"


@dataclass
class Outcome:
    """What came of it. acknowledged: request id → submission. kills: by what was killed."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


class Plant:
    """The processes that are killed, each started again."""

    def __init__(self, data: Path, cluster: Postgres | None, seed: int) -> None:
        self.data, self.cluster = data, cluster
        self.chance = random.Random(seed)
        self._database = cluster.fresh() if cluster else ""
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        for role in ["server"] if cluster is None else ["server", "worker 1", "worker 2", "worker 3"]:
            self._start(role)

    def _start(self, role: str) -> None:
        command = [sys.executable, "-m", "tests.services.intake.process", str(self.data)]
        if self.cluster is not None:
            command += ["--database", self._database, "--only", "serve" if role == "server" else "work"]
        with (self.data / f"{role}.log").open("ab") as log:
            self._processes[role] = subprocess.Popen(command, stdout=log, stderr=log)

    def kill_one(self) -> str:
        """Kills something, and starts it again. What it was."""
        what = self.chance.choice([*self._processes, "reader", "reader", *(["database"] if self.cluster else [])])
        if what == "database":
            assert self.cluster is not None
            self.cluster.stop()
            self.cluster.start()
        elif what == "reader":
            readers = [pid for process in self._processes.values() for pid in _below(process.pid)]
            if readers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.chance.choice(readers), signal.SIGKILL)
        else:
            self._processes[what].kill()
            self._processes[what].wait()
            self._start(what)
        return what.split()[0]

    def revive(self) -> None:
        """Starts again what has ended by itself, a worker at the start of which the database was away."""
        for role, process in list(self._processes.items()):
            if process.poll() is not None:
                self._start(role)

    def stop(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()


def _below(pid: int) -> list[int]:
    """The readers of a process: what its forkserver has started."""
    found: list[int] = []
    for child in _children(pid):
        with contextlib.suppress(OSError):
            if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes():
                found += _children(child)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


async def crash(
    data: Path, *, count: int, cluster: Postgres | None, seed: int, pause: float, most_kills: int = 1_000_000
) -> Outcome:
    """Submits `count` submissions while something is killed every `pause` seconds or so, at most so many times."""
    plant, outcome = Plant(data, cluster, seed), Outcome()
    try:
        async with grpc.aio.insecure_channel(
            f"unix:{data}/s",
            options=[("grpc.max_reconnect_backoff_ms", 200), ("grpc.initial_reconnect_backoff_ms", 50)],
        ) as channel:
            stub = intake_service_pb2_grpc.IntakeServiceStub(channel)
            killing = asyncio.create_task(_kill(plant, outcome, pause, most_kills))
            await asyncio.gather(*(_submit(stub, range(first, count, 4), outcome) for first in range(4)))
            killing.cancel()
            await asyncio.wait({killing})
            plant.revive()
            await _settle(stub, count, outcome, plant)
            await _verify(stub, count, outcome, data)
    finally:
        plant.stop()
    return outcome


async def _kill(plant: Plant, outcome: Outcome, pause: float, most_kills: int) -> None:
    while outcome.kills.total() < most_kills:
        await asyncio.sleep(plant.chance.uniform(0.5, 1.5) * pause)
        outcome.kills[await asyncio.to_thread(plant.kill_one)] += 1
        plant.revive()


def _file(number: int) -> bytes:
    return b"application_form\n" + f"{number} ".encode() * 20_000


async def _submit(stub: Any, numbers: range, outcome: Outcome) -> None:
    for number in numbers:
        form = _file(number)
        await _again(lambda form=form: _upload(stub, form))
        await _again(lambda: _upload(stub, LETTER))
        request = pb.CreateSubmissionRequest(
            request_id=f"r-{number}", call=CALL, label=str(number), attachments=[name(form), name(LETTER)]
        )
        answer = await _again(lambda request=request: stub.CreateSubmission(request, timeout=10))
        earlier = outcome.acknowledged.setdefault(request.request_id, answer.submission.name)
        if earlier != answer.submission.name:
            outcome.problems.append(f"{request.request_id} has two names")


async def _again(action: Any) -> Any:
    """The answer, however often it takes."""
    while True:
        try:
            return await action()
        except grpc.aio.AioRpcError as error:
            if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise
            await asyncio.sleep(0.05)


async def _upload(stub: Any, data: bytes) -> None:
    requests = [
        pb.UploadAttachmentRequest(header=pb.UploadHeader(file_name="a", size_bytes=len(data), sha256=sha(data)))
    ]
    requests += [pb.UploadAttachmentRequest(chunk=data[i : i + 65536]) for i in range(0, len(data), 65536)]
    await stub.UploadAttachment(iter(requests), timeout=10)


async def _settle(stub: Any, count: int, outcome: Outcome, plant: Plant) -> None:
    """Until every submission has come to an end."""
    for _ in range(1200):
        done = len(await _listed(stub, pb.SUBMISSION_STATE_DONE)) + len(await _listed(stub, pb.SUBMISSION_STATE_FAILED))
        if done >= count:
            return
        plant.revive()
        await asyncio.sleep(0.1)
    outcome.problems.append("some submissions never came to an end")


async def _listed(stub: Any, state: int = 0) -> list[pb.Submission]:
    found, token = [], ""
    while True:
        query = pb.ListSubmissionsRequest(state=state, page_size=1000, page_token=token)
        answer = await _again(lambda query=query: stub.ListSubmissions(query, timeout=10))
        found += answer.submissions
        token = answer.next_page_token
        if not token:
            return found


async def _verify(stub: Any, count: int, outcome: Outcome, data: Path) -> None:
    kept = await _listed(stub)
    problems = outcome.problems
    if len(outcome.acknowledged) != count or {each.name for each in kept} != set(outcome.acknowledged.values()):
        problems.append(f"{count} were sent, {len(outcome.acknowledged)} acknowledged, {len(kept)} are kept")
    answers = set()
    for each in kept:
        request = pb.GetSubmissionRequest(name=each.name)
        submission = (await _again(lambda request=request: stub.GetSubmission(request, timeout=10))).submission
        kinds = [reading.kind for reading in submission.report.documents]
        if submission.state != pb.SUBMISSION_STATE_DONE or kinds != ["application_form", "pairing_letter"]:
            problems.append(f"{each.name}: {submission.state} {submission.failure} {kinds}")
        answers.add(str([(finding.rule, finding.outcome) for finding in submission.report.findings]))
        stream = stub.WatchSubmission(pb.WatchSubmissionRequest(name=each.name), timeout=20)
        events = [event async for event in stream]
        if [event.sequence for event in events] != list(range(1, len(events) + 1)):
            problems.append(f"{each.name}: events have gaps")
        if [event.stage for event in events].count("done") != 1:
            problems.append(f"{each.name}: done {[event.stage for event in events].count('done')} times")
    if len(answers) > 1:
        problems.append(f"the same submission has {len(answers)} answers")
    hashes = set(FolderStore(data / "attachments").hashes(-1))
    if hashes != {sha(LETTER), *(sha(_file(number)) for number in range(count))}:
        problems.append("the store does not hold exactly what was uploaded")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=4.0)
    parser.add_argument("--postgresql", action="store_true")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres() if arguments.postgresql else contextlib.nullcontext() as cluster,
    ):
        outcome = asyncio.run(
            crash(Path(folder), count=arguments.count, cluster=cluster, seed=arguments.seed, pause=arguments.pause)
        )
    print(f"{arguments.count} submissions, killed: {dict(outcome.kills)}, problems: {len(outcome.problems)}")
    for problem in outcome.problems[:20]:
        print(" ", problem)
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
