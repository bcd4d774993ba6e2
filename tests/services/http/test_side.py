"""The side port over real HTTP: Connect in JSON and protobuf, streams, forms, TLS, and everything that is refused."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme
from google.rpc import error_details_pb2

from heyan.v1 import validation_service_pb2 as validation_pb
from services.callers.caller import Scope
from services.extraction.sandbox import Sandbox
from services.http import side
from services.http.side import peer_names
from services.settings import Settings
from tests.services.callers.keys import certificate, token, write_certificate
from tests.services.http.web import Web, open_web
from tests.services.intake.house import CALL, sha, until

JSON, PROTO = {"Content-Type": "application/json"}, {"Content-Type": "application/proto"}
STREAM = {"Content-Type": "application/connect+json"}


@pytest.fixture
async def web(readers: Sandbox, tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(readers, Settings(data=tmp_path, max_message_bytes=100_000), tmp_path / "f") as web:
        yield web


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def enveloped(*messages: object) -> bytes:
    sent = b""
    for message in messages:
        data = json.dumps(message).encode()
        sent += struct.pack(">BI", 0, len(data)) + data
    return sent


def opened(body: bytes) -> tuple[list[Any], Any]:
    """The messages of an answer, and what its last envelope says."""
    messages, end = [], None
    while body:
        flags, size = struct.unpack(">BI", body[:5])
        message, body = json.loads(body[5 : 5 + size]), body[5 + size :]
        if flags & 2:
            assert not body, "the end is the last"
            end = message
        else:
            messages.append(message)
    assert end is not None
    return messages, end


def detail(error: Any, kind: type[Any]) -> Any:
    for each in error["details"]:
        if each["type"] == kind.DESCRIPTOR.full_name:
            return kind.FromString(base64.b64decode(each["value"] + "=="))
    raise AssertionError(f"no {kind.__name__} in {error}")


def languages(error: Any) -> set[str]:
    return {each["debug"]["locale"] for each in error["details"] if each["type"] == "google.rpc.LocalizedMessage"}


# ------------------------------------------------------------------------------------------------------- Connect


async def test_a_unary_method_in_json_writes_every_field_under_the_contracts_names(web: Web) -> None:
    status, answer = await web.post("ValidationService/GetCall", {"name": CALL})
    assert status == 200
    assert answer["call"]["name"] == CALL
    status, answer = await web.post("IntakeService/ListSubmissions", {"pageSize": 3})
    assert (status, answer) == (200, {"submissions": [], "next_page_token": ""})


@pytest.mark.parametrize("wrong", ["2021-09-01", "2021-09-01T10:00:00", "2021-09-01 10:00", "x", 1630461600])
async def test_a_moment_that_is_none_is_refused_with_how_it_is_written(
    web: Web, http: aiohttp.ClientSession, wrong: str | int
) -> None:
    status, error = await web.post(
        "IntakeService/BatchCreateSubmissions", {"requests": [{"request_id": "a", "receiveTime": wrong}]}
    )
    assert status == 400
    assert error["message"].endswith(
        "BatchCreateSubmissionsRequest.requests[0].receiveTime must be a moment with its time zone, like "
        "2021-09-01T10:00:00+08:00"
    )
    status, error = await form(http, web, "/v1/check", ("call", "zhihui-2021"), ("receive_time", str(wrong)))
    assert status == 400
    assert error["message"] == "receive_time must be a moment with its time zone, like 2021-09-01T10:00:00+08:00."


async def test_a_misspelt_field_is_refused_with_those_that_there_are(web: Web) -> None:
    status, error = await web.post("IntakeService/CreateSubmission", {"atachments": []})
    assert status == 400
    assert "atachments" in error["message"]
    assert "'fileNames', 'priority'" in error["message"]


async def test_a_unary_method_in_protobuf(web: Web, http: aiohttp.ClientSession) -> None:
    request = validation_pb.GetCallRequest(name=CALL).SerializeToString()
    url = f"{web.url}/heyan.v1.ValidationService/GetCall"
    async with http.post(url, data=request, headers=PROTO) as response:
        assert response.content_type == "application/proto"
        assert validation_pb.GetCallResponse.FromString(await response.read()).call.name == CALL
    async with http.post(url, data=b"\xff\xff\xff", headers=PROTO) as response:
        assert (response.status, (await response.json())["code"]) == (400, "invalid_argument")


async def test_streams_go_in_and_out_in_envelopes(web: Web, http: aiohttp.ClientSession) -> None:
    chunk = base64.b64encode(b"application_form").decode()
    requests = enveloped({"header": {"call": CALL}}, {"file": {"name": "a.docx"}}, {"chunk": chunk})
    async with http.post(f"{web.url}/heyan.v1.ValidationService/Check", data=requests, headers=STREAM) as response:
        assert response.status == 200
        (answer,), end = opened(await response.read())
    assert end == {}
    assert answer["report"]["documents"][0]["kind"] == "application_form"

    submission = await web.house.create(b"x")
    url = f"{web.url}/heyan.v1.IntakeService/WatchSubmission"
    async with http.post(url, data=enveloped({"name": submission.name}), headers=STREAM) as response:
        head = await response.content.readexactly(5)
        first = json.loads(await response.content.readexactly(struct.unpack(">BI", head)[1]))
    assert (first["stage"], first["sequence"]) == ("queued", "1")


async def test_an_audit_streams_both_ways(web: Web, http: aiohttp.ClientSession) -> None:
    requests = enveloped({"header": {"call": CALL}}, {"submission": {"name": "one"}})
    async with http.post(f"{web.url}/heyan.v1.ValidationService/AuditCall", data=requests, headers=STREAM) as response:
        findings, end = opened(await response.read())
    assert end == {}
    assert findings


async def test_an_error_of_a_stream_is_in_its_last_envelope(web: Web, http: aiohttp.ClientSession) -> None:
    for body, code in (
        (enveloped({"header": {"call": "calls/none"}}), "not_found"),
        (enveloped({"header": {"call": CALL}})[:-3], "invalid_argument"),
        (b"\x01" + enveloped({})[1:], "invalid_argument"),
        (b"\x00\xff\xff\xff\xff", "invalid_argument"),
        (b"", "invalid_argument"),
    ):
        async with http.post(f"{web.url}/heyan.v1.ValidationService/Check", data=body, headers=STREAM) as response:
            assert response.status == 200
            messages, end = opened(await response.read())
        assert (messages, end["error"]["code"]) == ([], code), body
        assert languages(end["error"]) == {"zh-CN", "en"}


async def test_an_error_has_its_http_status_its_details_and_both_languages(web: Web) -> None:
    status, error = await web.post("IntakeService/GetSubmission", {"name": "submissions/none"})
    assert (status, error["code"]) == (404, "not_found")
    assert detail(error, error_details_pb2.ResourceInfo).resource_name == "submissions/none"
    assert languages(error) == {"zh-CN", "en"}
    status, error = await web.post("IntakeService/GetSubmission", {"name": "../../etc/passwd"})
    assert (status, error["code"]) == (400, "invalid_argument")
    assert detail(error, error_details_pb2.BadRequest).field_violations[0].field == "name"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("{", "JSON"),
        ("3", "JSON"),
        ('{"name": 3}', "JSON"),
        ('{"nome": "x"}', "JSON"),
        ("[" * 5000, "JSON"),
        ('{"documents": ' + '[{"a": ' * 2000 + "1", "JSON"),
        ("\udcff", "JSON"),
    ],
)
async def test_what_is_no_request_is_told(web: Web, http: aiohttp.ClientSession, body: str, what: str) -> None:
    data = body.encode("utf-8", "surrogateescape")
    async with http.post(f"{web.url}/heyan.v1.ValidationService/GetCall", data=data, headers=JSON) as response:
        error = await response.json()
    assert (response.status, error["code"]) == (400, "invalid_argument")
    assert what in error["message"]
    assert languages(error) == {"zh-CN", "en"}


async def test_too_big_a_message_an_unknown_method_and_another_type_are_refused(
    web: Web, http: aiohttp.ClientSession
) -> None:
    for path, headers, size, status in (
        ("/heyan.v1.ValidationService/GetCall", JSON, 200_000, 413),
        ("/heyan.v1.ValidationService/NoSuch", JSON, 2, 404),
        ("/heyan.v1.ValidationService/GetCall", {"Content-Type": "text/plain"}, 2, 415),
        ("/heyan.v1.ValidationService/Check", JSON, 2, 415),
    ):
        async with http.post(f"{web.url}{path}", data=b" " * (size - 2) + b"{}", headers=headers) as response:
            assert response.status == status, path
            assert "code" in await response.json()
    for method, path in (("GET", "/heyan.v1.ValidationService/GetCall"), ("GET", "/../../etc/passwd"), ("PUT", "/x")):
        async with http.request(method, f"{web.url}{path}") as response:
            assert response.status in (404, 405)


async def test_a_deadline_counts(web: Web, http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"call": CALL})
    form.add_field("file", b"do hang", filename="a.docx")
    async with http.post(f"{web.url}/v1/check", data=form, headers={"Connect-Timeout-Ms": "700"}) as response:
        assert (response.status, (await response.json())["code"]) == (504, "deadline_exceeded")
    async with http.post(f"{web.url}/v1/check", data=form, headers={"Connect-Timeout-Ms": "soon"}) as response:
        assert response.status == 400


async def test_who_hangs_up_ends_the_work(web: Web, http: aiohttp.ClientSession, tmp_path: Path) -> None:
    form = aiohttp.FormData({"call": CALL})
    form.add_field("file", f"do hang\nnote {tmp_path}/pid".encode(), filename="a.docx")
    asking = asyncio.create_task(http.post(f"{web.url}/v1/check", data=form))
    await until((tmp_path / "pid").exists)
    pid = int((tmp_path / "pid").read_text())
    asking.cancel()
    await asyncio.wait({asking})
    await until(lambda: not Path(f"/proc/{pid}").exists())


async def test_who_sends_nothing_keeps_no_place(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side, "_IDLE_SECONDS", 0.3)
    host, _, port = web.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        b"Content-Length: 1000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=call\r\n\r\nzhi"
    )
    assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 400")
    writer.close()


# --------------------------------------------------------------------------------------------------------- forms


async def form(http: aiohttp.ClientSession, web: Web, path: str, *parts: tuple[str, Any]) -> tuple[int, Any]:
    """Parts in their order; bytes are files named a.docx."""
    data = aiohttp.FormData(default_to_multipart=True)
    for name, value in parts:
        if isinstance(value, bytes):
            data.add_field(name, value, filename="a.docx")
        else:
            data.add_field(name, value)
    async with http.post(f"{web.url}{path}", data=data) as response:
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("申报书.docx".encode(), "申报书.docx"),
        ("申报书.docx".encode("gb18030"), "申报书.docx"),  # curl and PHP on Chinese Windows
        (b"a\xff.docx", "a\ufffd.docx"),
    ],
)
async def test_a_file_name_may_be_in_gb_18030(web: Web, http: aiohttp.ClientSession, written: bytes, read: str) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="call"\r\n\r\nzhihui-2021\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + written + b'"\r\n\r\nx\r\n--b--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    async with http.post(f"{web.url}/v1/check", data=body, headers=headers) as response:
        answer = await response.json()
    assert response.status == 200, answer
    assert [each["file_name"] for each in answer["report"]["documents"]] == [read]


async def test_a_bug_is_told_as_one(web: Web, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object) -> None:
        raise RuntimeError("张三")

    monkeypatch.setattr(side.forms, "_file_name", bug)
    status, error = await form(http, web, "/v1/check", ("call", "zhihui-2021"), ("file", b"x"))
    assert (status, error["code"]) == (500, "internal")
    assert languages(error) == {"zh-CN", "en"}
    assert "张三" not in str(error)


async def test_a_form_with_every_field(web: Web, http: aiohttp.ClientSession) -> None:
    status, answer = await form(
        http,
        web,
        "/v1/check",
        ("call", "zhihui-2021"),
        ("label", "甲"),
        ("evidence", "true"),
        ("pictures", "0"),
        ("view", "READING_VIEW_FULL"),
        ("password", ""),
        ("anything", b"application_form"),
        ("password", "x"),
        ("files[]", b"pairing_letter"),
    )
    assert status == 200
    assert answer["evidence_html"].lstrip().lower().startswith("<!doctype html>")
    assert [each["document"]["text"] for each in answer["report"]["documents"]] == [
        "application_form",
        "pairing_letter",
    ]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ([("file", b"x")], "call"),
        ([("call", "zhihui-2021")], "file"),
        ([("recieve_time", "2021-09-01T10:00:00Z")], "recieve_time"),
        ([("call", "zhihui-2021"), ("receive_time", "2021-09-01 10:00")], "receive_time"),
        ([("call", "zhihui-2021"), ("evidence", "maybe")], "evidence"),
        ([("file", b"x"), ("call", "zhihui-2021")], "call"),
        ([("call", "x" * 20_000)], "call"),
        ([(f"f{number}", "") for number in range(40)], "f0"),
    ],
)
async def test_a_form_that_is_wrong_is_refused_with_the_field(
    web: Web, http: aiohttp.ClientSession, parts: list[tuple[str, Any]], field: str
) -> None:
    status, error = await form(http, web, "/v1/check", *parts)
    assert (status, error["code"]) == (400, "invalid_argument"), error
    assert detail(error, error_details_pb2.BadRequest).field_violations[0].field == field
    assert languages(error) == {"zh-CN", "en"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"no form"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=a"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf a file',
        ),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--"),
        ("application/x-www-form-urlencoded", b"call=zhihui-2021"),
    ],
)
async def test_what_is_no_form_is_refused(web: Web, http: aiohttp.ClientSession, kind: str, body: bytes) -> None:
    async with http.post(f"{web.url}/v1/check", data=body, headers={"Content-Type": kind}) as response:
        assert (response.status, (await response.json())["code"]) == (400, "invalid_argument")


async def test_an_attachment_is_the_body_and_its_hash_the_path(web: Web, http: aiohttp.ClientSession) -> None:
    data = b"some bytes"
    url = f"{web.url}/v1/attachments/{sha(data)}"
    async with http.put(url, data=data, params={"file_name": "函.pdf"}) as response:
        assert (response.status, await response.json()) == (200, {"attachment": f"attachments/{sha(data)}"})
    assert web.house.store.get(sha(data)) == data
    async with http.put(url, data=b"other bytes") as response:
        assert (response.status, (await response.json())["code"]) == (400, "invalid_argument")
    async with http.put(f"{web.url}/v1/attachments/..%2f..%2fx", data=b"") as response:
        assert response.status == 400


# ------------------------------------------------------------------------------------------------------ who calls


async def test_tokens_and_scopes_count_as_over_grpc(readers: Sandbox, tmp_path: Path) -> None:
    async with open_web(readers, Settings(data=tmp_path, authenticate=True), tmp_path / "f") as web:
        mine = f"Authorization: Bearer {(await token(web.house.database, 'mine', Scope.READ_OWN)).text}"
        status, headers, body = await web.curl("/v1/check", "-F", "file=@/dev/null;filename=a")
        assert (status, json.loads(body)["code"]) == (401, "unauthenticated")
        assert headers["www-authenticate"] == "Bearer"
        status, _, body = await web.curl("/v1/check", "-H", mine, "-F", "file=@/dev/null;filename=a")
        assert (status, json.loads(body)["code"]) == (403, "permission_denied")
        assert (await web.post("IntakeService/ListSubmissions", {}))[0] == 401
        assert (await web.post("IntakeService/ListSubmissions", {}, "-H", mine))[0] == 200
        assert (await web.post("IntakeService/ListSubmissions", {}, "-H", "heyan-ticket: x"))[0] == 401
        assert (await web.curl("/v1/health"))[0] == 200
        assert (await web.curl("/openapi.json"))[0] == 200


async def test_a_stranger_is_refused_before_his_body_is_read(readers: Sandbox, tmp_path: Path) -> None:
    async with open_web(readers, Settings(data=tmp_path, authenticate=True), tmp_path / "f") as web:
        host, _, port = web.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /heyan.v1.ValidationService/Validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000000\r\n\r\n{"
        )
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 401")
        writer.close()


async def test_waiting_is_told_in_a_header(readers: Sandbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, max_waiting_bytes=3)
    async with open_web(readers, settings, tmp_path / "f") as web:
        (web.folder / "a.docx").write_bytes(b"application_form")
        status, headers, body = await web.curl("/v1/check", "-F", "call=zhihui-2021", "-F", "file=@a.docx")
        assert (status, json.loads(body)["code"], headers["retry-after"]) == (429, "resource_exhausted", "5")


async def test_tls_client_certificates_and_renewal(readers: Sandbox, tmp_path: Path) -> None:
    servers, clients = trustme.CA(), trustme.CA()
    chain, key = write_certificate(tmp_path / "server", servers, "localhost")
    for name, authority in (("servers.pem", servers), ("clients.pem", clients)):
        (tmp_path / name).write_bytes(authority.cert_pem.bytes())
    settings = Settings(data=tmp_path, tls_certificate=chain, tls_key=key, tls_client_ca=tmp_path / "clients.pem")
    mine = write_certificate(tmp_path / "client", clients, "bank.example.cn", common_name="bank")
    async with open_web(readers, settings, tmp_path / "f") as web:
        await certificate(web.house.database, "bank", "SAN:bank.example.cn", Scope.READ_OWN)
        shown = ["--cert", str(mine[0]), "--key", str(mine[1])]
        trusting = ["--cacert", str(tmp_path / "servers.pem")]
        assert (await web.post("IntakeService/ListSubmissions", {}, *shown, *trusting))[0] == 200
        assert (await web.post("IntakeService/CreateSubmission", {}, *shown, *trusting))[0] == 403
        code, _, _ = await web.run("curl", "-sS", *trusting, f"{web.url}/v1/health")
        assert code != 0, "no certificate, no connection"
        renewed = trustme.CA()
        write_certificate(tmp_path / "server", renewed, "localhost")
        (tmp_path / "servers.pem").write_bytes(renewed.cert_pem.bytes())
        assert (await web.post("IntakeService/ListSubmissions", {}, *shown, *trusting))[0] == 200


def test_names_of_a_certificate() -> None:
    shown = {
        "subject": ((("organizationName", "x"),), (("commonName", "bank"),)),
        "subjectAltName": (("DNS", "bank.cn"), ("URI", "spiffe://bank")),
    }
    assert peer_names(shown) == ("SAN:bank.cn", "SAN:spiffe://bank", "CN:bank")
    assert peer_names(None) == ()
