"""Where the server listens, and behind which TLS. Certificates are read again when their files change: no restart.

Without TLS only loopback and Unix sockets are listened on, unless HEYAN_INSECURE_NETWORK says so.
"""

from __future__ import annotations

import ipaddress
import logging
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from services.settings import SettingError, Settings

log = logging.getLogger(__name__)


def is_local(address: str) -> bool:
    """Whether only this machine reaches it: "unix:/path", or "host:port" with a loopback address."""
    if address.startswith("unix:"):
        return True
    host = address.rpartition(":")[0].strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_safe(address: str, settings: Settings) -> None:
    """Raises SettingError where an address would be listened on in clear text without the operator's word."""
    if settings.tls_certificate is not None or is_local(address):
        return
    if not settings.insecure_network:
        raise SettingError(
            f"{address} can be reached from other machines, and there is no TLS: set HEYAN_TLS_CERTIFICATE and "
            "HEYAN_TLS_KEY; or HEYAN_INSECURE_NETWORK=true, where a proxy or the network itself encrypts"
        )
    log.warning(
        "INSECURE: %s is listened on WITHOUT TLS (HEYAN_INSECURE_NETWORK): tokens and files can be read on the way",
        address,
    )


@dataclass(frozen=True, slots=True)
class Files:
    """PEM: the server's certificate chain and its key; client_ca: who signs client certificates, None for no mTLS."""

    certificate: Path
    key: Path
    client_ca: Path | None

    @classmethod
    def of(cls, settings: Settings) -> Files | None:
        """None where there is no TLS."""
        if settings.tls_certificate is None or settings.tls_key is None:
            return None
        return cls(settings.tls_certificate, settings.tls_key, settings.tls_client_ca)

    def read(self) -> tuple[bytes, bytes, bytes | None]:
        """The chain, the key, the client CA; proved to belong together. Raises SettingError."""
        self.context()
        try:
            return (
                self.certificate.read_bytes(),
                self.key.read_bytes(),
                self.client_ca.read_bytes() if self.client_ca else None,
            )
        except OSError as error:
            raise SettingError(f"HEYAN_TLS_…: {error.filename} cannot be read: {error.strerror}") from error

    def context(self) -> ssl.SSLContext:
        """For servers that are not gRPC's. Raises SettingError."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.load_into(context)
        if self.client_ca is not None:
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def load_into(self, context: ssl.SSLContext) -> None:
        """What the files say now, for connections from now on. Raises SettingError."""
        try:
            context.load_cert_chain(self.certificate, self.key, password=_no_password)
            if self.client_ca is not None:
                context.load_verify_locations(self.client_ca)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise SettingError(
                f"HEYAN_TLS_CERTIFICATE, HEYAN_TLS_KEY, HEYAN_TLS_CLIENT_CA: {self.certificate}, {self.key}"
                f"{f', {self.client_ca}' if self.client_ca else ''} are no PEM files that belong together: {error}"
            ) from error

    def stamp(self) -> tuple[tuple[int, int, int], ...]:
        """Changes when a file does, also where a link is turned, as Kubernetes does. Raises OSError."""
        stats = [path.stat() for path in (self.certificate, self.key, self.client_ca) if path is not None]
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)


def _no_password() -> bytes:
    raise ValueError("the key is encrypted; heyan asks nobody for its password")


class Renewal:
    """Says when files have changed and are whole; a broken new certificate leaves the old one in use, and is logged."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._stamp = files.stamp()
        self._lock = threading.Lock()  # gRPC asks from threads of its own

    def due(self) -> bool:
        """Whether the files are others than at the last time, and can be used."""
        with self._lock:
            try:
                stamp = self._files.stamp()
                if stamp == self._stamp:
                    return False
                self._stamp = stamp
                self._files.read()
            except (OSError, SettingError) as error:
                log.error("the new certificate cannot be used, the old one stays: %s", error)
                return False
        log.info("TLS: the certificate was read again")
        return True


def credentials_of(files: Files) -> grpc.ServerCredentials:
    """They follow the files: they are looked at before each handshake. Raises SettingError."""
    initial = _configuration(files)
    renewal = Renewal(files)

    def renewed() -> Any:  # None for no change, which the stubs do not know
        try:
            return _configuration(files) if renewal.due() else None
        except SettingError as error:  # written in between
            log.error("the new certificate cannot be used, the old one stays: %s", error)
            return None

    return grpc.dynamic_ssl_server_credentials(initial, renewed, files.client_ca is not None)


def _configuration(files: Files) -> grpc.ServerCertificateConfiguration:
    chain, key, client_ca = files.read()
    return grpc.ssl_server_certificate_configuration([(key, chain)], client_ca)


def listen(server: grpc.aio.Server, settings: Settings) -> int:
    """The port; 0 for a Unix socket. `require_safe` was asked before.

    Raises SettingError, OSError where the address cannot be bound.
    """
    address = settings.listen
    files = Files.of(settings)
    try:
        if files is not None and not address.startswith("unix:"):
            return server.add_secure_port(address, credentials_of(files))
        port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise OSError(f"cannot listen on {address}: {error}") from error
    return 0 if address.startswith("unix:") else port
