"""A service with its side port, in this process; curl and others are run beside it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2_grpc

from services.callers.gate import Gate
from services.extraction.sandbox import Sandbox
from services.http.side import Side
from services.settings import Settings
from tests.services.intake.house import House, open_house


@dataclass
class Web:
    house: House
    url: str
    folder: Path

    async def run(self, *program: str, **environment: str) -> tuple[int, str, str]:
        """Its exit code, what it printed and what it complained about; run in a folder of its own."""
        process = await asyncio.create_subprocess_exec(
            *program,
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HEYAN": self.url, **environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode or 0, out.decode(), error.decode()

    async def curl(self, path: str, *arguments: str) -> tuple[int, dict[str, str], str]:
        """The status, the headers in lower case, and the body."""
        code, out, error = await self.run("curl", "-sS", "-i", f"{self.url}{path}", *arguments)
        assert code == 0, error
        head, _, body = out.partition("\r\n\r\n")
        while head.startswith("HTTP/1.1 100"):
            head, _, body = body.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(first.split()[1]), headers, body

    async def post(self, method: str, request: object, *arguments: str) -> tuple[int, Any]:
        """A unary method in JSON: its status and its answer."""
        status, _, body = await self.curl(
            f"/heyan.v1.{method}", "-H", "Content-Type: application/json", "-d", json.dumps(request), *arguments
        )
        return status, json.loads(body)


@contextlib.asynccontextmanager
async def open_web(readers: Sandbox, settings: Settings, folder: Path, *, working: bool = False) -> AsyncIterator[Web]:
    settings = replace(settings, http_listen="127.0.0.1:0")
    side: Side | None = None

    def doors(server: grpc.aio.Server, gate: Gate) -> None:
        nonlocal side
        states: Any = health.aio.HealthServicer()  # type: ignore[attr-defined]
        health_pb2_grpc.add_HealthServicer_to_server(states, server)
        side = Side(server, gate, settings)

    async with open_house(readers, settings, working=working, doors=doors) as house:
        assert side is not None
        await side.open()
        scheme = "https" if settings.tls_certificate else "http"
        host = "localhost" if settings.tls_certificate else "127.0.0.1"
        folder.mkdir(exist_ok=True)
        try:
            yield Web(house, f"{scheme}://{host}:{side.port}", folder)
        finally:
            await side.close(1)
