"""The server under load, on this machine: how fast, how much of the processors, how much memory, how fair.

    python -m benchmarks.load                                  # make load: what the figures are promised for
    python -m benchmarks.load --seconds 10 --submissions 500   # a short look
    python -m benchmarks.load --only small --only check

A server of its own (services/server.py, SQLite) in a temporary folder, on a Unix socket; callers in processes of their
own, so that they do not slow one another, each with its share of 64 concurrent callers. They use the same processors as
the server: what each side took is told beside. A caller sends its next request when the last is answered; with a pause,
where one is told, as people and portals do.

    small        GetSubmission, MissingAttachments, GetCall and health in turn, 64 callers
    check        Check of a Word form and a letter that were checked before, 64 callers without a pause
    paced        the same, each caller twice a second: what a person waits
    upload       4 callers, new content of 32 MiB each time
    mixed        all of the above together with submissions, 64 callers, for the whole time: errors, memory
    flood        what a caller waits for small requests and checks, alone and while another sends all it can
    submissions  small submissions in batches, until all are done: CPU of the server a submission, its memory
    rejudged     1,000 kept submissions of a Word form and a letter, when the call's cap is halved
    workers      scans of one page, with one reading process and with two
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import grpc
import numpy as np
import pypdfium2 as pdfium
from grpc_health.v1 import health_pb2, health_pb2_grpc

from benchmarks.flood import access
from benchmarks.truth import cases
from clients.access import Access
from clients.sdk import Client, Upload
from extractors.extract import extract
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.engines import make_engine
from extractors.seals import find_seals
from heyan.v1 import intake_service_pb2 as intake
from heyan.v1 import intake_service_pb2_grpc, validation_service_pb2_grpc
from heyan.v1 import validation_service_pb2 as validation
from services.extraction.worker import Job, Telling

CALL = "calls/zhihui-2021"
CALLERS = 64
PROCESSES = 2
CHUNK = 256 * 1024

Files = list[tuple[str, bytes]]


@dataclass
class Told:
    """What callers came to: seconds of each answer by kind, refusals by status, bytes sent, CPU seconds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    cpu: float = 0.0
    lasted: float = 0.0

    def add(self, other: Told) -> None:
        for kind, seconds in other.seconds.items():
            self.seconds.setdefault(kind, []).extend(seconds)
        self.refused += other.refused
        self.sent += other.sent
        self.cpu += other.cpu
        self.lasted = max(self.lasted, other.lasted)

    @property
    def count(self) -> int:
        return sum(map(len, self.seconds.values()))


# ------------------------------------------------------------------------------------------ callers


class Caller:
    """One channel; every kind of request that the benchmarks send."""

    def __init__(self, channel: grpc.aio.Channel, files: Files, name: str, seed: int, token: str = "") -> None:
        self._intake: Any = intake_service_pb2_grpc.IntakeServiceStub(channel)
        self._validation: Any = validation_service_pb2_grpc.ValidationServiceStub(channel)
        self._health: Any = health_pb2_grpc.HealthStub(channel)
        self._check = _check_requests(files)
        self._name = name
        self._chance = random.Random(seed)
        self._turn = seed
        self._large = os.urandom(32 * 1024 * 1024)
        self._shown = (("authorization", f"Bearer {token}"),) if token else None
        self.sent = 0

    async def small(self) -> None:
        self._turn += 1
        match self._turn % 4:
            case 0:
                await self._intake.GetSubmission(intake.GetSubmissionRequest(name=self._name), metadata=self._shown)
            case 1:
                asked = intake.MissingAttachmentsRequest(attachments=[f"attachments/{'ab' * 32}"])
                await self._intake.MissingAttachments(asked, metadata=self._shown)
            case 2:
                await self._validation.GetCall(validation.GetCallRequest(name=CALL), metadata=self._shown)
            case _:
                await self._health.Check(health_pb2.HealthCheckRequest())

    async def check(self) -> None:
        await self._validation.Check(iter(self._check), metadata=self._shown)

    async def upload(self) -> None:
        """New content each time, whose hash was made before the clock runs."""
        sha256 = self._new_hash()
        await self._send(self._large, sha256)
        self.sent += len(self._large)

    def _new_hash(self) -> str:
        self._large = self._chance.randbytes(64) + self._large[64:]
        return hashlib.sha256(self._large).hexdigest()

    async def _send(self, data: bytes, sha256: str) -> None:
        def requests() -> Iterator[intake.UploadAttachmentRequest]:
            header = intake.UploadHeader(file_name="a.txt", size_bytes=len(data), sha256=sha256)
            yield intake.UploadAttachmentRequest(header=header)
            for start in range(0, len(data), CHUNK):
                yield intake.UploadAttachmentRequest(chunk=data[start : start + CHUNK])

        await self._intake.UploadAttachment(requests(), metadata=self._shown)

    async def submit(self) -> None:
        data = f"项目申报书 {uuid.uuid4()}".encode()
        sha256 = hashlib.sha256(data).hexdigest()
        await self._send(data, sha256)
        asked = intake.CreateSubmissionRequest(
            request_id=str(uuid.uuid4()),
            call=CALL,
            attachments=[f"attachments/{sha256}"],
            priority=intake.PRIORITY_BATCH,
        )
        await self._intake.CreateSubmission(asked, metadata=self._shown)

    async def mixed(self) -> str:
        kind = self._chance.choices(("small", "check", "submit"), (80, 15, 5))[0]
        await getattr(self, kind)()
        return kind


def _check_requests(files: Files) -> list[validation.CheckRequest]:
    requests = [validation.CheckRequest(header=validation.CheckHeader(call=CALL))]
    for name, data in files:
        requests.append(validation.CheckRequest(file=validation.FileHeader(name=name)))
        requests += [validation.CheckRequest(chunk=data[i : i + CHUNK]) for i in range(0, len(data), CHUNK)]
    return requests


async def _call(
    address: str,
    files: Files,
    name: str,
    seed: int,
    kind: str,
    callers: int,
    seconds: float,
    pause: float,
    token: str = "",
) -> Told:
    told = Told()
    options = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", 2**26)]
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        callers_ = [Caller(channel, files, name, seed + number, token) for number in range(callers)]
        await channel.channel_ready()
        end = time.perf_counter() + seconds

        async def loop(caller: Caller) -> None:
            await asyncio.sleep(random.random() * pause)
            while (began := time.perf_counter()) < end:
                try:
                    did = await getattr(caller, kind)() or kind
                except grpc.aio.AioRpcError as error:
                    told.refused[error.code().name] += 1
                    await asyncio.sleep(0.2)
                    continue
                took = time.perf_counter() - began
                told.seconds.setdefault(did, []).append(took)
                if pause:
                    await asyncio.sleep(max(0.0, pause - took))

        cpu, began = time.process_time(), time.perf_counter()
        await asyncio.gather(*map(loop, callers_))
        told.cpu, told.lasted = time.process_time() - cpu, time.perf_counter() - began
        told.sent = sum(caller.sent for caller in callers_)
    return told


def _in_process(*arguments: Any) -> Told:
    return asyncio.run(_call(*arguments))


def load(
    server: Server,
    kind: str,
    seconds: float,
    *,
    callers: int = CALLERS,
    processes: int = PROCESSES,
    pause: float = 0.0,
    token: str = "",
) -> Told:
    """So many callers of a kind, spread over processes, all for so long."""
    told, cpu = Told(), server.cpu()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        jobs = [
            (
                server.address,
                server.files,
                server.name,
                1000 * number,
                kind,
                callers // processes,
                seconds,
                pause,
                token,
            )
            for number in range(processes)
        ]
        for each in pool.starmap(_in_process, jobs):
            told.add(each)
    server.took = server.cpu() - cpu
    return told


# ------------------------------------------------------------------------------------------ the server


class Server:
    """A server of its own. files: of the check that is asked for again and again; name: of a finished submission."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.address = f"unix:{folder}/s"
        given = [f"{name}={value}" for name, value in {"HEYAN_MAX_WAITING": "256", **settings}.items()]
        options = ["--listen", self.address, "--data", str(folder / "data")]
        command = ["env", *given, sys.executable, "-m", "services.server", *options]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log, start_new_session=True)
        self.folder = folder
        self.access = Access()
        self.files: Files = []
        self.name = ""
        self.took = 0.0

    def prepare(self) -> None:
        """Waits until it serves; one submission is done, and its files were checked."""
        with Client(self.address) as client:
            while not client.ready():
                if self.process.poll() is not None:
                    raise RuntimeError("the server has gone")
                time.sleep(0.1)
        with Client(self.address, access=self.access) as client:
            case = next(case for case in cases(1, 12) if case.truth["delivery"] == "word")
            self.files = [(upload.name, Path(case.folder, upload.name).read_bytes()) for upload in case.uploads]
            self.name = client.intake.wait(client.intake.submit(case.uploads, CALL).name).name
            client.check(case.uploads, CALL)

    def submission_of(self, access: Access) -> str:
        """A finished one of that portal."""
        with Client(self.address, access=access) as client:
            uploads = [Upload(name, data) for name, data in self.files]
            return client.intake.wait(client.intake.submit(uploads, CALL).name).name

    def cpu(self) -> float:
        """Seconds that the process itself took; not its reading processes."""
        parts = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MiB that the process itself holds."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise LookupError("no VmRSS")

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def serving(**settings: str) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="heyan-load-") as folder:
        server = Server(Path(folder), **settings)
        if "HEYAN_AUTHENTICATE" in settings:
            server.access = access(Path(folder), "other")
        try:
            server.prepare()
            yield server
        finally:
            server.stop()


# ------------------------------------------------------------------------------------------ what is measured


def _times(seconds: list[float]) -> str:
    p50, p90, p99 = np.percentile(seconds, [50, 90, 99]) * 1000
    return f"p50 {p50:.1f}, p90 {p90:.1f}, p99 {p99:.1f} ms"


def _tell(what: str, server: Server, told: Told) -> None:
    refused = dict(told.refused) or "none"
    each = 1000 / max(1, told.count)
    print(f"{what}: {told.count / told.lasted:.0f} a second; refused: {refused}")
    for kind, seconds in sorted(told.seconds.items()):
        print(f"    {kind}: {len(seconds)}, {_times(seconds)}")
    print(
        f"    CPU a request: server {server.took * each:.2f} ms, callers {told.cpu * each:.2f} ms; the server took "
        f"{server.took / told.lasted:.0%} of a core, the callers {told.cpu / told.lasted:.0%}; "
        f"server memory {server.memory():.0f} MiB",
        flush=True,
    )


def small(server: Server, arguments: argparse.Namespace) -> None:
    _tell("small", server, load(server, "small", arguments.seconds))


def check(server: Server, arguments: argparse.Namespace) -> None:
    _tell("check", server, load(server, "check", arguments.seconds))


def paced(server: Server, arguments: argparse.Namespace) -> None:
    _tell("paced", server, load(server, "check", arguments.seconds, pause=0.5))


def upload(server: Server, arguments: argparse.Namespace) -> None:
    told = load(server, "upload", arguments.seconds, callers=4)
    print(f"upload: {told.sent / told.lasted / 1e6:.0f} MB a second, with what the callers took for hashing their own")
    _tell("    uploads", server, told)


def mixed(server: Server, arguments: argparse.Namespace) -> None:
    before = server.memory()
    told = load(server, "mixed", arguments.mixed_seconds, pause=0.1)
    _tell("mixed", server, told)
    print(f"    server memory {before:.0f} MiB before, {server.memory():.0f} MiB after")


def flood(_: Server, arguments: argparse.Namespace) -> None:
    """Two portals with a token each."""
    with serving(HEYAN_WORKERS="1", HEYAN_THREADS="1", HEYAN_AUTHENTICATE="true") as server:
        flooding = access(server.folder, "flood")
        name = server.submission_of(flooding)
        for kind in ("small", "check"):
            alone = _one(server, kind, arguments.seconds)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                seconds = arguments.seconds + 3
                job = (server.address, server.files, name, 5, kind, CALLERS, seconds, 0.0, flooding.token)
                under_way = pool.apply_async(_in_process, job)
                time.sleep(1.5)
                beside = _one(server, kind, arguments.seconds)
                other = under_way.get()
            _tell_flood(kind, alone.seconds[kind], beside.seconds[kind], other)


def _one(server: Server, kind: str, seconds: float) -> Told:
    return load(server, kind, seconds, callers=1, processes=1, pause=0.1, token=server.access.token)


def _tell_flood(kind: str, alone: list[float], beside: list[float], other: Told) -> None:
    ratios = np.percentile(beside, [50, 90]) / np.percentile(alone, [50, 90])
    print(
        f"flood of {kind}: {other.count / other.lasted:.0f} a second served, {sum(other.refused.values())} refused; "
        f"the other waits {ratios[0]:.2f} × as long, {ratios[1]:.2f} × at its 90 %"
    )
    print(f"    alone {_times(alone)}; beside {_times(beside)}", flush=True)


def submissions(_: Server, arguments: argparse.Namespace) -> None:
    """The files are a line of text each: reading costs next to nothing, and that in the reading process."""
    with serving(HEYAN_WORKERS="1", HEYAN_THREADS="1", HEYAN_MAX_QUEUED="1000000") as server:
        judging = _judging(server)
        asyncio.run(_submissions(server, arguments.submissions, judging))


def _judging(server: Server) -> float:
    """ms of CPU that judging such a submission takes, by Validate: what is not the engine's."""
    with Client(server.address) as client:
        reading = client.extract(Upload("a.txt", "项目申报书".encode()), CALL)
        client.validate([reading], CALL)
        before = server.cpu()
        for _ in range(200):
            client.validate([reading], CALL)
        return (server.cpu() - before) / 200 * 1000


async def _submissions(server: Server, count: int, judging: float) -> None:
    async with grpc.aio.insecure_channel(server.address) as channel:
        caller = Caller(channel, server.files, server.name, 1)
        memory = [server.memory()]
        cpu, began = server.cpu(), time.perf_counter()
        accepted = asyncio.Semaphore(16)

        async def submit() -> None:
            async with accepted:
                await caller.submit()

        for _ in range(10):
            await asyncio.gather(*(submit() for _ in range(count // 10)))
            memory.append(server.memory())
        taken_in = time.perf_counter() - began
        asked = intake.ListSubmissionsRequest(state=intake.SUBMISSION_STATE_QUEUED, page_size=1)
        running = intake.ListSubmissionsRequest(state=intake.SUBMISSION_STATE_RUNNING, page_size=1)
        stub: Any = intake_service_pb2_grpc.IntakeServiceStub(channel)
        while (await stub.ListSubmissions(asked)).submissions or (await stub.ListSubmissions(running)).submissions:
            await asyncio.sleep(1)
            memory.append(server.memory())
        lasted = time.perf_counter() - began
        took = (server.cpu() - cpu) / count * 1000
        failed = (
            await stub.ListSubmissions(intake.ListSubmissionsRequest(state=intake.SUBMISSION_STATE_FAILED))
        ).submissions
    print(f"submissions: {count} taken in within {taken_in:.1f} s, done within {lasted:.1f} s; failed: {len(failed)}")
    print(
        f"    CPU of the server {took:.1f} ms a submission from its upload on, {judging:.1f} ms of them judging: "
        f"{took - judging:.1f} ms for the engine"
    )
    steps = ", ".join(f"{memory[len(memory) * part // 5]:.0f}" for part in range(5))
    print(f"    server memory {steps}, at the end {memory[-1]:.0f} MiB; at the most {max(memory):.0f} MiB", flush=True)


def rejudged(_: Server, arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="heyan-calls-") as folder:
        calls = shutil.copytree("services/calls", Path(folder, "calls"), ignore=shutil.ignore_patterns("__pycache__"))
        rules = calls / "zhihui-2021" / "call.yaml"
        with serving(HEYAN_WORKERS="1", HEYAN_CALLS=str(calls)) as server, Client(server.address) as client:
            uploads = [Upload(name, data) for name, data in server.files]
            for name in [client.intake.submit(uploads, CALL).name for _ in range(arguments.rejudged)]:
                client.intake.wait(name)
            rules.write_text(rules.read_text().replace("limit: 200000", "limit: 100000"))
            cpu, began = server.cpu(), time.perf_counter()
            answers = list(client.intake.rejudge(CALL))
            lasted, cpu = time.perf_counter() - began, server.cpu() - cpu
            changed = sum(bool(each.changes) for each in answers)
            print(
                f"rejudged: {len(answers)} in {lasted:.1f} s, {changed} of them came to something else; "
                f"CPU {1000 * cpu / len(answers):.1f} ms each; server memory {server.memory():.0f} MiB",
                flush=True,
            )


def workers(_: Server, arguments: argparse.Namespace) -> None:
    rates = {}
    for count in (1, 2):
        with serving(HEYAN_WORKERS=str(count), HEYAN_THREADS="1") as server, Client(server.address) as client:
            scans = [Upload(f"{n}.png", data) for n, data in enumerate(_scans(arguments.scans))]
            began = time.perf_counter()
            names = [client.intake.submit([scan], CALL).name for scan in scans]
            for name in names:
                client.intake.wait(name)
            rates[count] = len(names) / (time.perf_counter() - began)
    bare = {count: _bare(count, arguments.scans) for count in (1, 2)}
    print(
        f"workers: {rates[1]:.2f} scans a second with one, {rates[2]:.2f} with two: {rates[2] / rates[1]:.2f} ×; "
        f"what the machine gives: {bare[1]:.2f} and {bare[2]:.2f} in one and two processes without a service: "
        f"{bare[2] / bare[1]:.2f} ×",
        flush=True,
    )


def _bare(processes: int, count: int) -> float:
    """Scans a second that processes read which share nothing; their models are loaded before."""
    scans = list(_scans(count))
    ready = multiprocessing.get_context("spawn").Barrier(processes + 1)
    shares = [scans[number::processes] for number in range(processes)]
    readers = [multiprocessing.get_context("spawn").Process(target=_read, args=(ready, share)) for share in shares]
    for reader in readers:
        reader.start()
    ready.wait()
    began = time.perf_counter()
    for reader in readers:
        reader.join()
    return count / (time.perf_counter() - began)


def _read(ready: Any, scans: list[bytes]) -> None:
    cv2.setNumThreads(1)
    engine, recogniser = make_engine("rapidocr")
    eye = Eye(engine, recogniser, Limits(), find_seals, preview=True)
    extract(scans[0], (), eye.look, Limits())
    ready.wait()
    for scan in scans:
        extract(scan, (), eye.look, Limits(), pages=Telling(Job(scan)))


def _scans(count: int) -> Iterator[bytes]:
    """The first page of a scanned letter, each with another dot in its corner."""
    letter = next(path for case in cases(1, 12) for path in sorted(case.folder.glob("*.pdf")))
    page = pdfium.PdfDocument(letter.read_bytes())[0].render(scale=150 / 72).to_numpy()
    for number in range(count):
        picture = page.copy()
        picture[number, :3] = 0
        yield bytes(cv2.imencode(".png", picture)[1].tobytes())


MEASURES: dict[str, Callable[[Server, argparse.Namespace], None]] = {
    "small": small,
    "check": check,
    "paced": paced,
    "upload": upload,
    "mixed": mixed,
    "flood": flood,
    "submissions": submissions,
    "rejudged": rejudged,
    "workers": workers,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each measure")
    parser.add_argument("--mixed-seconds", type=float, default=0.0, help="of the mixed one (default ten times as long)")
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--rejudged", type=int, default=1000)
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--only", choices=MEASURES, action="append")
    arguments = parser.parse_args()
    arguments.mixed_seconds = arguments.mixed_seconds or 10 * arguments.seconds
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the start", flush=True)
    with serving(HEYAN_WORKERS="1", HEYAN_THREADS="1") as server:
        for name in arguments.only or MEASURES:
            MEASURES[name](server, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
