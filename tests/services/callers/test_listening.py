"""Listeners over real connections: TLS, its renewal without a restart, client certificates, and what is refused."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
import trustme

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import intake_service_pb2_grpc
from services.callers.gate import Gate
from services.callers.listening import Files, is_local, listen, require_safe
from services.extraction.sandbox import Sandbox
from services.settings import SettingError, Settings
from tests.services.callers.keys import bearer, certificate, token, write_certificate
from tests.services.intake.house import House, open_house


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("unix:/run/heyan", True),
        ("127.0.0.1:50551", True),
        ("[::1]:50551", True),
        ("localhost:50551", True),
        ("0.0.0.0:50551", False),
        ("[::]:50551", False),
        ("10.1.2.3:50551", False),
        ("heyan.example.cn:50551", False),
        (":50551", False),
    ],
)
def test_only_loopback_and_unix_sockets_are_local(address: str, local: bool) -> None:
    assert is_local(address) is local


def test_clear_text_on_a_network_is_refused_unless_a_setting_says_so_loudly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data=tmp_path)
    require_safe("127.0.0.1:0", settings)
    with pytest.raises(SettingError, match=r"HEYAN_TLS_CERTIFICATE.*HEYAN_INSECURE_NETWORK"):
        require_safe("0.0.0.0:0", settings)
    require_safe("0.0.0.0:0", replace(settings, insecure_network=True))
    assert "INSECURE" in caplog.text


def test_files_that_do_not_belong_together_are_refused_by_name(tmp_path: Path) -> None:
    authority = trustme.CA()
    chain, _ = write_certificate(tmp_path / "a", authority, "localhost")
    _, key = write_certificate(tmp_path / "b", authority, "localhost")
    with pytest.raises(SettingError, match=r"chain\.pem"):
        Files(chain, key, None).read()
    with pytest.raises(SettingError, match=r"nowhere\.pem"):
        Files(tmp_path / "nowhere.pem", key, None).read()


class Door:
    """A server behind TLS, with the files it uses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers, self.clients = trustme.CA(), trustme.CA()
        chain, key = write_certificate(folder / "server", self.servers, "localhost")
        self.client_ca = folder / "clients.pem"
        self.client_ca.write_bytes(self.clients.cert_pem.bytes())
        self.settings = Settings(data=folder, listen="localhost:0", tls_certificate=chain, tls_key=key)
        self.port = 0

    def open(self, server: grpc.aio.Server, gate: Gate) -> None:
        self.port = listen(server, self.settings)

    def channel(
        self, common_name: str | None = None, *names: str, trusted: trustme.CA | None = None
    ) -> grpc.aio.Channel:
        chain = key = None
        if common_name or names:
            files = write_certificate(self.folder / "client", self.clients, *names, common_name=common_name)
            chain, key = (path.read_bytes() for path in files)
        trusted = trusted or self.servers
        return grpc.aio.secure_channel(
            f"localhost:{self.port}",
            grpc.ssl_channel_credentials(trusted.cert_pem.bytes(), key, chain),
            # each connection is a new one
            options=[("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)],
        )


async def listed(channel: grpc.aio.Channel, metadata: object = None) -> list[str]:
    stub = intake_service_pb2_grpc.IntakeServiceStub(channel)
    answer = await stub.ListSubmissions(pb.ListSubmissionsRequest(), timeout=10, metadata=metadata)
    return [submission.portal for submission in answer.submissions]


async def code(channel: grpc.aio.Channel, metadata: object = None) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await listed(channel, metadata)
    return refused.value.code()


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


@pytest.fixture
async def house(readers: Sandbox, door: Door) -> AsyncIterator[House]:
    async with open_house(readers, door.settings, working=False, doors=door.open) as house:
        yield house


async def test_a_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_not(
    house: House, door: Door
) -> None:
    async with door.channel() as first:
        assert await listed(first) == []
        new = trustme.CA()
        write_certificate(door.folder / "server", new, "localhost")
        async with door.channel(trusted=new) as second:
            assert await listed(second) == []
        assert await listed(first) == [], "connections that are there go on"
        (door.folder / "server" / "key.pem").write_text("no key")
        async with door.channel(trusted=new) as third:
            assert await listed(third) == []
        async with door.channel() as fourth:
            assert await code(fourth) is grpc.StatusCode.UNAVAILABLE, (
                "the old authority's certificate is not used any more"
            )


async def test_tls_is_at_least_1_2(house: House, door: Door) -> None:
    del house
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError):
        await asyncio.wait_for(asyncio.open_connection("localhost", door.port, ssl=old), 10)


async def test_a_client_certificate_says_which_portal_calls(readers: Sandbox, door: Door) -> None:
    door.settings = replace(door.settings, tls_client_ca=door.client_ca)
    async with open_house(readers, door.settings, working=False, doors=door.open) as house:
        await certificate(house.database, "bank", "SAN:bank.example.cn")
        await certificate(house.database, "poor", "CN:poor", "check")
        other = bearer(await token(house.database, "other"))
        async with door.channel("whatever", "bank.example.cn") as channel:
            assert await listed(channel) == []
        async with door.channel("poor") as channel:
            assert await code(channel) is grpc.StatusCode.PERMISSION_DENIED
        async with door.channel("nobody") as channel:
            assert await code(channel) is grpc.StatusCode.UNAUTHENTICATED
            assert await listed(channel, other) == []
        async with door.channel() as channel:
            assert await code(channel) is grpc.StatusCode.UNAVAILABLE, "no certificate, no connection"
        async with door.channel("poor") as channel:
            assert await code(channel, other) is grpc.StatusCode.UNAUTHENTICATED
