"""An IntakeService over real gRPC in this process, with readers that do what the files say (tests/misbehaving.py)."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import grpc

from heyan.v1 import extraction_service_pb2_grpc, intake_service_pb2_grpc, validation_service_pb2_grpc
from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import validation_service_pb2 as validation_pb
from services.admission import Admission
from services.callers.gate import Gate, gate_of
from services.examine import Examiner
from services.extraction.sandbox import Sandbox
from services.extraction.servicer import ExtractionServicer
from services.extraction.version import reader_version
from services.intake.attached import Attached
from services.intake.changes import Changes
from services.intake.kept import Kept
from services.intake.ledger.database import Database
from services.intake.opening import open_attachments, open_ledger, take_over
from services.intake.servicer import IntakeServicer
from services.intake.shelf import LedgerShelf
from services.intake.store import Store
from services.intake.work import Desk, Pace, Work
from services.settings import Settings
from services.validation.registry import Registry
from services.validation.servicer import ValidationServicer

CALL = "calls/zhihui-2021"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def name(data: bytes) -> str:
    return f"attachments/{sha(data)}"


# adds listeners before the server starts
Doors = Callable[[grpc.aio.Server, Gate], None]


@dataclass
class House:
    """A running service; its stubs are asynchronous."""

    intake: Any
    validation: Any
    extraction: Any
    database: Database
    store: Store
    desk: Desk
    changes: Changes
    work: Work
    settings: Settings
    gate: Gate
    server: grpc.aio.Server
    address: str

    async def upload(self, data: bytes, file_name: str = "a.docx", chunk: int = 1000, **declared: Any) -> str:
        header = {"file_name": file_name, "size_bytes": len(data), "sha256": sha(data), **declared}
        requests = [pb.UploadAttachmentRequest(header=pb.UploadHeader(**header))]
        requests += [pb.UploadAttachmentRequest(chunk=data[i : i + chunk]) for i in range(0, len(data), chunk)]
        answer = await self.intake.UploadAttachment(iter(requests), timeout=20)
        return str(answer.attachment)

    async def create(self, *files: bytes, upload: bool = True, **fields: Any) -> pb.Submission:
        if upload:
            for data in files:
                await self.upload(data)
        answer = await self.intake.CreateSubmission(request(*files, **fields), timeout=20)
        return answer.submission  # type: ignore[no-any-return]

    async def get(self, name: str) -> pb.Submission:
        answer = await self.intake.GetSubmission(pb.GetSubmissionRequest(name=name), timeout=20)
        return answer.submission  # type: ignore[no-any-return]

    async def watch(self, name: str, after: int = 0) -> list[pb.WatchSubmissionResponse]:
        """Until it ends."""
        stream = self.intake.WatchSubmission(pb.WatchSubmissionRequest(name=name, after=after), timeout=30)
        return [event async for event in stream]

    async def done(self, *files: bytes, **fields: Any) -> pb.Submission:
        """A submission that has come to its end."""
        submission = await self.create(*files, **fields)
        await self.watch(submission.name)
        return await self.get(submission.name)

    async def check(self, *files: bytes) -> validation_pb.CheckResponse:
        def requests() -> Iterator[validation_pb.CheckRequest]:
            yield validation_pb.CheckRequest(header=validation_pb.CheckHeader(call=CALL))
            for data in files:
                yield validation_pb.CheckRequest(file=validation_pb.FileHeader(name="a.docx"))
                yield validation_pb.CheckRequest(chunk=data)

        return await self.validation.Check(requests(), timeout=20)  # type: ignore[no-any-return]


def request(*files: bytes, **fields: Any) -> pb.CreateSubmissionRequest:
    given: dict[str, Any] = {
        "request_id": str(uuid.uuid4()),
        "call": CALL,
        "attachments": [name(data) for data in files],
        **fields,
    }
    return pb.CreateSubmissionRequest(**given)


@contextlib.asynccontextmanager
async def open_house(
    sandbox: Sandbox,
    settings: Settings,
    *,
    working: bool = True,
    slots: int = 2,
    pace: Pace = Pace(),
    doors: Doors | None = None,
) -> AsyncIterator[House]:
    store, database = open_attachments(settings), open_ledger(settings)
    await take_over(database)
    reader = reader_version(settings)
    calls = Registry.from_folder(settings.calls)
    examiner = Examiner(sandbox, settings.limits, LedgerShelf(database, reader))
    desk = Desk(database, store, examiner, calls, reader, settings.attempts)
    changes = Changes()
    work = Work(desk, changes, slots, pace)
    gate = gate_of(
        database,
        local=settings.tls_client_ca is None,
        authenticate=settings.authenticate,
        certificates=settings.tls_client_ca is not None,
        most_checks=settings.portal_checks,
    )
    server = grpc.aio.server(interceptors=[gate])
    admission = Admission(settings.max_waiting, settings.max_waiting_bytes)
    intake_service_pb2_grpc.add_IntakeServiceServicer_to_server(IntakeServicer(desk, changes, work, settings), server)
    validation_service_pb2_grpc.add_ValidationServiceServicer_to_server(
        ValidationServicer(examiner, calls, settings, admission, Kept(database, reader)), server
    )
    extraction_service_pb2_grpc.add_ExtractionServiceServicer_to_server(
        ExtractionServicer(examiner, calls, settings, admission, Attached(database, store)), server
    )
    address = f"unix:{settings.data / 's'}"
    server.add_insecure_port(address)
    if doors is not None:
        doors(server, gate)
    await server.start()
    at_work = asyncio.create_task(work.run()) if working else None
    async with grpc.aio.insecure_channel(address) as channel:
        intake = intake_service_pb2_grpc.IntakeServiceStub(channel)
        validation = validation_service_pb2_grpc.ValidationServiceStub(channel)
        extraction = extraction_service_pb2_grpc.ExtractionServiceStub(channel)
        try:
            yield House(
                intake, validation, extraction, database, store, desk, changes, work, settings, gate, server, address
            )
        finally:
            if at_work is not None:
                at_work.cancel()
                await asyncio.wait({at_work})
            changes.close()
            await server.stop(1)
            database.close()


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError
