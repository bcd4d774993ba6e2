"""Messages that nobody should send, by a portal that may do everything on its own: nothing breaks, nothing of another
portal comes out, no name becomes a path, and the log keeps its secrets. `make hostile` sends 10,000 of them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import struct
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import grpc
import pytest

from heyan.v1 import intake_service_pb2 as pb
from services.callers.caller import Scope
from services.extraction.sandbox import Sandbox
from services.http.side import methods
from services.settings import Settings
from tests import misbehaving
from tests.reading import reading
from tests.services.callers.fuzz import Fuzz
from tests.services.callers.keys import EVERYTHING, bearer, token
from tests.services.http.web import Web, open_web
from tests.services.intake.house import name, request, sha

COUNT = int(os.environ.get("FUZZED_MESSAGES", "400"))
SEED = int(os.environ.get("FUZZ_SEED", "7"))
METHODS = methods()

LABEL, FILE_NAME, DATA = "机密-王小明-4711", "王小明的承诺书.docx", b"the victim's own words"
CANARY = "canary-in-the-file-system"
SECRETS = (LABEL.encode(), FILE_NAME.encode(), CANARY.encode(), DATA, b"root:x:0:0", b"portal-of-the-victim")

# whatever is sent: the caller's fault, too much, or an answer; never ours
FINE = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.PERMISSION_DENIED,
}


@pytest.fixture(scope="module")
def readers() -> Iterator[Sandbox]:
    with reading(workers=1, how=misbehaving.anything, tasks=100_000) as sandbox:
        yield sandbox


@pytest.fixture
async def web(readers: Sandbox, tmp_path: Path) -> AsyncIterator[Web]:
    settings = Settings(data=tmp_path / "data", authenticate=True, max_message_bytes=1_000_000)
    (tmp_path / "data").mkdir()
    async with open_web(readers, settings, tmp_path / "elsewhere", working=True) as web:
        yield web


def sent(channel: grpc.Channel, path: str, parts: list[bytes], metadata: object) -> tuple[object, bytes]:
    """The status, and everything that came back."""
    method = METHODS[path]
    kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
    request = iter(parts) if method.client_streaming else parts[0]
    came = b""
    try:
        answered = getattr(channel, kind)(path)(request, metadata=metadata, timeout=20)
        came = b"".join(answered) if method.server_streaming else answered
    except grpc.RpcError as error:
        trailers = repr(error.trailing_metadata()).encode() + b"".join(
            value if isinstance(value, bytes) else value.encode() for _, value in error.trailing_metadata() or ()
        )
        came += (error.details() or "").encode() + trailers
        return error.code(), came
    return grpc.StatusCode.OK, came


async def posted(session: aiohttp.ClientSession, web: Web, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
    async with session.post(f"{web.url}{path}", data=body, headers={"Content-Type": kind}) as response:
        return response.status, await response.read()


async def test_fuzzed_messages_break_nothing_and_bring_nothing_out(
    web: Web, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for chatty in ("asyncio", "grpc"):
        caplog.set_level(logging.INFO, chatty)
    (tmp_path / "canary").write_text(CANARY)
    house = web.house
    tokens = {
        "victim": await token(house.database, "portal-of-the-victim"),
        "attacker": await token(house.database, "attacker", *EVERYTHING),
        "reader": await token(house.database, "reader", Scope.READ_OWN),
        "expired": await token(house.database, "attacker", *EVERYTHING, seconds=-1),
    }
    shown = {portal: bearer(made) for portal, made in tokens.items()}
    header = pb.UploadHeader(file_name=FILE_NAME, size_bytes=len(DATA), sha256=sha(DATA))
    uploads = [pb.UploadAttachmentRequest(header=header), pb.UploadAttachmentRequest(chunk=DATA)]
    await house.intake.UploadAttachment(iter(uploads), metadata=shown["victim"], timeout=10)
    mine = request(DATA, label=LABEL, request_id="victims-request", priority=pb.PRIORITY_BATCH)
    kept = (await house.intake.CreateSubmission(mine, metadata=shown["victim"], timeout=10)).submission.name

    worst = [kept, name(DATA), sha(DATA), "victims-request", str(tmp_path / "canary"), "../canary"]
    fuzz = Fuzz(SEED, worst, submission=kept, attachment=name(DATA))
    callers = [shown["attacker"]] * 8 + [shown["reader"], shown["expired"], None]
    paths = sorted(METHODS)
    came_to: Counter[object] = Counter()
    # not grpc.aio: it may lose the status of a refusal while it sends (github.com/grpc/grpc/issues/36066)
    async with aiohttp.ClientSession() as session:
        channel = grpc.insecure_channel(house.address)
        session.headers["Authorization"] = f"Bearer {tokens['attacker'].text}"
        for number in range(COUNT):
            path = paths[number % len(paths)]
            method = METHODS[path]
            parts = fuzz.stream(method)
            if number % 10 == 9:
                streamed = method.client_streaming or method.server_streaming
                body = b"".join(struct.pack(">BI", 0, len(part)) + part for part in parts) if streamed else parts[0]
                kind = f"application/{'connect+' if streamed else ''}{fuzz.random.choice(('json', 'proto'))}"
                http_status, came = await posted(session, web, path, body, kind)
                assert http_status not in (500, 502), (number, path, parts, came)
                assert b'"code": "internal"' not in came
                came_to[http_status] += 1
            else:
                status, came = await asyncio.to_thread(sent, channel, path, parts, fuzz.random.choice(callers))
                assert status in FINE, (number, path, parts, status, came)
                came_to[status] += 1
            for secret in SECRETS:
                assert secret not in came, (number, path, parts)
                assert json.dumps(secret.decode())[1:-1].encode() not in came, (number, path, parts)

        channel.close()
        assert came_to[grpc.StatusCode.OK] > COUNT / 20, came_to
        assert came_to[grpc.StatusCode.NOT_FOUND] > COUNT / 20, came_to
        assert came_to[grpc.StatusCode.INVALID_ARGUMENT] > COUNT / 20, came_to
        asked = pb.GetSubmissionRequest(name=kept)
        answer = await house.intake.GetSubmission(asked, metadata=shown["victim"], timeout=10)
    assert (answer.submission.label, list(answer.submission.file_names)) == (LABEL, [FILE_NAME])
    assert answer.submission.state in (
        pb.SUBMISSION_STATE_QUEUED,
        pb.SUBMISSION_STATE_RUNNING,
        pb.SUBMISSION_STATE_DONE,
    )
    assert house.store.get(sha(DATA)) == DATA

    # nothing was written but what the service writes, under names of its own
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    ours = re.compile(r"canary|data/(heyan\.sqlite(-wal|-shm)?|lock|attachments/[0-9a-f]{2}/[0-9a-f]{64})")
    assert [each for each in files if not ours.fullmatch(each)] == []

    told = caplog.text
    assert "a bug" not in told
    for secret in (LABEL, FILE_NAME, CANARY, *(made.text for made in tokens.values())):
        assert secret not in told
    assert len(told.splitlines()) > 10, "the log was looked at"
