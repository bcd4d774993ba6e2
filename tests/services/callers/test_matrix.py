"""Every method × every scope, over real gRPC: who is let in, and who is not. A method without an entry here fails.

What a method does with an empty request does not matter: PERMISSION_DENIED and UNAUTHENTICATED are the gate's words,
anything else means that the caller was let in.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor

from heyan.v1 import extraction_service_pb2 as extraction_pb
from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import validation_service_pb2 as validation_pb
from services.callers.caller import Scope
from services.callers.scopes import NEEDS, OPEN
from services.extraction.sandbox import Sandbox
from services.http.side import methods
from services.server import SERVICES
from services.settings import Settings
from tests.services.callers.keys import bearer, token
from tests.services.intake.house import House, open_house

READERS = {Scope.READ_OWN, Scope.READ_ALL, Scope.ADMIN}
CHECKERS = {Scope.CHECK, Scope.ADMIN}
SUBMITTERS = {Scope.SUBMIT, Scope.ADMIN}

# what each method should need, written a second time by hand
ALLOWED: dict[str, set[Scope]] = {
    "ValidationService/Check": CHECKERS,
    "ValidationService/WatchCheck": CHECKERS,
    "ValidationService/Validate": CHECKERS,
    "ValidationService/ListCalls": set(Scope),
    "ValidationService/GetCall": set(Scope),
    "ValidationService/LintCall": CHECKERS,
    "ValidationService/DraftCall": CHECKERS,
    "ValidationService/AuditCall": CHECKERS,
    "ValidationService/GetRoster": READERS,
    "ValidationService/GetEvidence": READERS,
    "ValidationService/DraftCorrection": READERS,
    "ExtractionService/Extract": CHECKERS,
    "ExtractionService/RenderPage": READERS,
    "IntakeService/UploadAttachment": SUBMITTERS,
    "IntakeService/MissingAttachments": SUBMITTERS,
    "IntakeService/CreateSubmission": SUBMITTERS,
    "IntakeService/BatchCreateSubmissions": SUBMITTERS,
    "IntakeService/CancelSubmission": SUBMITTERS,
    "IntakeService/GetSubmission": READERS,
    "IntakeService/ListSubmissions": READERS,
    "IntakeService/WatchSubmission": READERS,
    "IntakeService/EraseSubmission": {Scope.ERASE, Scope.ADMIN},
    "IntakeService/RejudgeCall": {Scope.ADMIN},
}
METHODS = methods()


def test_every_method_of_the_contract_has_its_entry() -> None:
    assert {path.removeprefix("/heyan.v1.") for path in METHODS} == set(ALLOWED)
    assert {path for path in NEEDS if path.startswith("/heyan.")} == set(METHODS)
    assert {method.containing_service.full_name for method in METHODS.values()} == set(SERVICES)
    assert {"/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"} == OPEN


@pytest.fixture
async def house(readers: Sandbox, settings: Settings) -> AsyncIterator[House]:
    async with open_house(readers, settings, working=False) as house:
        yield house


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    return Settings(data=tmp_path, authenticate=True)  # type: ignore[arg-type]


async def code(channel: grpc.aio.Channel, path: str, method: MethodDescriptor, metadata: object) -> grpc.StatusCode:
    """What an empty request, or an empty stream, comes to."""
    empty = message_factory.GetMessageClass(method.input_type)().SerializeToString()
    request = iter([empty]) if method.client_streaming else empty
    kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
    call = getattr(channel, kind)(path)(request, metadata=metadata, timeout=10)
    try:
        if method.server_streaming:
            async for _ in call:
                pass
        else:
            await call
    except grpc.aio.AioRpcError as error:
        # gRPC's own client says so where the answer came before the stream's first message was out (_call.py, _write);
        # a stranger's is not waited for.
        if (
            metadata is None
            and method.client_streaming
            and (error.details() or "").startswith('Failed "execute_batch"')
        ):
            return await code(channel, path, method, metadata)
        return error.code()
    return grpc.StatusCode.OK


async def test_every_method_with_every_scope_alone(house: House) -> None:
    shown = {scope: bearer(await token(house.database, "a", scope)) for scope in Scope}
    async with grpc.aio.insecure_channel(house.address) as channel:
        for path, method in METHODS.items():
            assert await code(channel, path, method, None) is grpc.StatusCode.UNAUTHENTICATED, path
            for scope in Scope:
                allowed = scope in ALLOWED[path.removeprefix("/heyan.v1.")]
                came_to = await code(channel, path, method, shown[scope])
                assert (came_to is not grpc.StatusCode.PERMISSION_DENIED) is allowed, (path, scope, came_to)
                assert came_to is not grpc.StatusCode.UNAUTHENTICATED, (path, scope)


# ------------------------------------------------------------------------------- each portal sees its own only


async def answer(house: House, name: str, metadata: object, request: object) -> object:
    """The answer of a method of IntakeService, or the status of its refusal."""
    call = getattr(house.intake, name)(request, metadata=metadata, timeout=10)
    try:
        if name in ("WatchSubmission", "RejudgeCall"):
            async for event in call:
                return event
            return None
        return await call
    except grpc.aio.AioRpcError as error:
        return error.code()


NAMED = {
    "GetSubmission": pb.GetSubmissionRequest,
    "WatchSubmission": pb.WatchSubmissionRequest,
    "CancelSubmission": pb.CancelSubmissionRequest,
    "EraseSubmission": pb.EraseSubmissionRequest,
}


async def upload(house: House, metadata: object, data: bytes) -> None:
    from tests.services.intake.house import sha

    header = pb.UploadHeader(file_name="a.docx", size_bytes=len(data), sha256=sha(data))
    parts = [pb.UploadAttachmentRequest(header=header), pb.UploadAttachmentRequest(chunk=data)]
    await house.intake.UploadAttachment(iter(parts), metadata=metadata, timeout=10)


async def submit(house: House, metadata: object, data: bytes, **more: object) -> str:
    from tests.services.intake.house import request

    created = await house.intake.CreateSubmission(request(data, **more), metadata=metadata, timeout=10)
    return str(created.submission.name)


async def test_a_portal_knows_nothing_of_anothers_submissions_whatever_it_asks(house: House) -> None:
    from tests.services.intake.house import name, request

    mine, other = bearer(await token(house.database, "mine")), bearer(await token(house.database, "other"))
    await upload(house, mine, b"secret of mine")
    kept = await submit(house, mine, b"secret of mine", label="机密", request_id="r-1")

    for method, kind in NAMED.items():
        assert await answer(house, method, other, kind(name=kept)) is grpc.StatusCode.NOT_FOUND, method
    listed = await answer(house, "ListSubmissions", other, pb.ListSubmissionsRequest(label="机密"))
    assert listed == pb.ListSubmissionsResponse()
    missing = pb.MissingAttachmentsRequest(attachments=[name(b"secret of mine")])
    assert (await answer(house, "MissingAttachments", other, missing)).attachments == missing.attachments  # type: ignore[attr-defined]
    borrowed = await answer(house, "CreateSubmission", other, request(b"secret of mine"))
    assert borrowed is grpc.StatusCode.NOT_FOUND, "to know a hash is not to have the file"
    # the same request id is another request; the page token of mine is no key to mine
    await upload(house, other, b"of other")
    assert await submit(house, other, b"of other", request_id="r-1") != kept
    assert (await answer(house, "GetSubmission", mine, pb.GetSubmissionRequest(name=kept))).submission.label == "机密"  # type: ignore[attr-defined]


async def test_what_is_shown_of_submissions_is_shown_to_their_portal_only(house: House) -> None:
    from tests.services.intake.house import CALL, name

    mine, other = bearer(await token(house.database, "mine")), bearer(await token(house.database, "other"))
    await upload(house, mine, b"secret of mine")
    kept = await submit(house, mine, b"secret of mine", label="机密")

    asked = (
        ("/heyan.v1.ValidationService/GetEvidence", validation_pb.GetEvidenceRequest(submission=kept)),
        ("/heyan.v1.ValidationService/DraftCorrection", validation_pb.DraftCorrectionRequest(submission=kept)),
        (
            "/heyan.v1.ExtractionService/RenderPage",
            extraction_pb.RenderPageRequest(attachment=name(b"secret of mine"), page=1),
        ),
    )
    async with grpc.aio.insecure_channel(house.address) as channel:
        for path, request in asked:
            call = channel.unary_unary(path, request_serializer=lambda message: message.SerializeToString())
            for shown, found in ((other, False), (mine, True)):
                try:
                    await call(request, metadata=shown, timeout=10)
                    came_to = "found"
                except grpc.aio.AioRpcError as error:
                    came_to = str(error.details())
                assert ("There is no" not in came_to) is found, (path, found, came_to)
    roster = validation_pb.GetRosterRequest(call=CALL)
    theirs = await house.validation.GetRoster(roster, metadata=other, timeout=10)
    own = await house.validation.GetRoster(roster, metadata=mine, timeout=10)
    assert "机密" not in strings(theirs.xlsx)
    assert "机密" in strings(own.xlsx)


def strings(xlsx: bytes) -> str:
    """Every text of a workbook."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as parts:
        return parts.read("xl/sharedStrings.xml").decode()


async def test_who_reads_all_reads_and_changes_nothing_and_an_admin_may_both(house: House) -> None:
    mine = bearer(await token(house.database, "mine"))
    auditor = bearer(await token(house.database, "auditor", Scope.READ_ALL, Scope.ERASE, Scope.SUBMIT))
    admin = bearer(await token(house.database, "admin", Scope.ADMIN))
    await upload(house, mine, b"x")
    kept = await submit(house, mine, b"x")

    found = await answer(house, "ListSubmissions", auditor, pb.ListSubmissionsRequest())
    assert [(each.name, each.portal) for each in found.submissions] == [(kept, "mine")]  # type: ignore[attr-defined]
    assert (await answer(house, "WatchSubmission", auditor, pb.WatchSubmissionRequest(name=kept))).stage == "queued"  # type: ignore[attr-defined]
    for method in ("CancelSubmission", "EraseSubmission"):
        assert await answer(house, method, auditor, NAMED[method](name=kept)) is grpc.StatusCode.NOT_FOUND
    cancelled = await answer(house, "CancelSubmission", admin, pb.CancelSubmissionRequest(name=kept))
    assert cancelled.submission.state == pb.SUBMISSION_STATE_CANCELLED  # type: ignore[attr-defined]
    assert await answer(house, "EraseSubmission", admin, pb.EraseSubmissionRequest(name=kept)) == (
        pb.EraseSubmissionResponse()
    )
    assert await answer(house, "RejudgeCall", admin, pb.RejudgeCallRequest(call="calls/zhihui-2021")) is None


async def test_health_needs_no_token_and_reflection_does(readers: Sandbox, settings: Settings) -> None:
    from grpc_health.v1 import health, health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha import reflection, reflection_pb2, reflection_pb2_grpc

    def add(server: grpc.aio.Server, gate: object) -> None:
        health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)  # type: ignore[attr-defined]
        reflection.enable_server_reflection((reflection.SERVICE_NAME,), server)

    async with open_house(readers, settings, working=False, doors=add) as house:
        shown = bearer(await token(house.database, "a", Scope.CHECK))
        async with grpc.aio.insecure_channel(house.address) as channel:
            alive = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
            assert alive.status == health_pb2.HealthCheckResponse.SERVING
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            asked = reflection_pb2.ServerReflectionRequest(list_services="")
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                async for _ in stub.ServerReflectionInfo(iter([asked]), timeout=10):
                    pass
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
            answers = [each async for each in stub.ServerReflectionInfo(iter([asked]), metadata=shown, timeout=10)]
            assert answers[0].list_services_response.service
