"""Which service can work now, for load balancers and probes: grpc.health.v1.

    ""                                    reads files: the models are loaded
    heyan.v1.ValidationService            the same
    heyan.v1.ExtractionService            the same
    heyan.v1.IntakeService                accepts: the ledger answers; the models may still be loading

The port for probes (HEYAN_HEALTH_LISTEN) answers this and nothing else, in plain text, to whoever reaches it:
Kubernetes cannot ask by TLS. A worker process has this port only.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import grpc
import sqlalchemy as sa
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from heyan.v1 import extraction_service_pb2, intake_service_pb2, validation_service_pb2
from services.intake.ledger.database import Connection, Database
from services.intake.refusals import StorageDown

log = logging.getLogger(__name__)

VALIDATION = validation_service_pb2.DESCRIPTOR.services_by_name["ValidationService"].full_name
EXTRACTION = extraction_service_pb2.DESCRIPTOR.services_by_name["ExtractionService"].full_name
INTAKE = intake_service_pb2.DESCRIPTOR.services_by_name["IntakeService"].full_name
READING = ("", VALIDATION, EXTRACTION)
_EVERY_SECONDS = 5.0

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Health:
    """The states; all begin with NOT_SERVING. services: those that this process has."""

    def __init__(self, services: tuple[str, ...] = (*READING, INTAKE)) -> None:
        self.states: Any = health.aio.HealthServicer()  # type: ignore[attr-defined]  # the stubs lack it
        self._services = services
        self._port: grpc.aio.Server | None = None
        self._watching: asyncio.Task[None] | None = None

    async def open(self, database: Database, listen: str) -> int:
        """Says what is known, and goes on watching the ledger. The probes' port; 0 for none.

        Raises OSError where it cannot be bound.
        """
        for service in self._services:
            await self.states.set(service, NOT_SERVING)
        port = await self._listen(listen) if listen else 0
        if INTAKE in self._services:
            await self._look(database)
            self._watching = asyncio.create_task(self._watch(database))
        return port

    async def reads(self, state: health_pb2.HealthCheckResponse.ServingStatus.ValueType = SERVING) -> None:
        """The models are loaded, or cannot be."""
        for service in READING:
            if service in self._services:
                await self.states.set(service, state)

    async def leave(self) -> None:
        """NOT_SERVING for good, so that nobody new comes."""
        if self._watching is not None:
            self._watching.cancel()
        await self.states.enter_graceful_shutdown()

    async def close(self) -> None:
        if self._port is not None:
            await self._port.stop(None)

    async def _listen(self, listen: str) -> int:
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        health_pb2_grpc.add_HealthServicer_to_server(self.states, server)
        try:
            port = server.add_insecure_port(listen)
        except RuntimeError as error:
            raise OSError(f"cannot listen on {listen} (HEYAN_HEALTH_LISTEN): {error}") from error
        await server.start()
        self._port = server
        return port

    async def _watch(self, database: Database) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self._look(database)

    async def _look(self, database: Database) -> None:
        try:
            await database.read(_ask)
            await self.states.set(INTAKE, SERVING)
        except StorageDown:
            await self.states.set(INTAKE, NOT_SERVING)


def _ask(connection: Connection) -> None:
    connection.execute(sa.text("SELECT 1"))
