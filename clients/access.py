"""How a client shows who it is: a bearer token, a client certificate, TLS.

A token is never sent in clear text to another machine, unless the caller says that the network may see it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import grpc


@dataclass(frozen=True, slots=True)
class Access:
    """token: "heyan_…", "" for none. tls: whether the server has it; so it is where ca or certificate is given.

    ca: PEM of who signs the server's certificate, None for those that gRPC knows. certificate, key: PEM of the client's
    own. insecure_network: a token may go to another machine without TLS.
    """

    token: str = field(default="", repr=False)
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    insecure_network: bool = False

    @property
    def encrypted(self) -> bool:
        return self.tls or self.ca is not None or self.certificate is not None

    def channel(self, address: str, options: list[tuple[str, Any]]) -> grpc.Channel:
        """Raises OSError (a file cannot be read), ValueError (a token would travel in clear text)."""
        if self.token and not self.encrypted and not self.insecure_network and not is_local(address):
            raise ValueError(f"the token would be sent to {address} in clear text: give ca or tls")
        if not self.encrypted or address.startswith("unix:"):
            channel = grpc.insecure_channel(address, options=options)
        else:
            channel = grpc.secure_channel(address, self._credentials(), options=options)
        return grpc.intercept_channel(channel, _Showing(self.token)) if self.token else channel

    def _credentials(self) -> grpc.ChannelCredentials:
        return grpc.ssl_channel_credentials(
            root_certificates=self.ca.read_bytes() if self.ca else None,
            private_key=self.key.read_bytes() if self.key else None,
            certificate_chain=self.certificate.read_bytes() if self.certificate else None,
        )


def read_token(file: Path) -> str:
    """The token that a file holds. Raises OSError, ValueError where it holds none."""
    text = file.read_text(encoding="utf-8", errors="replace").strip()
    if not text.startswith("heyan_") or not text.isascii() or any(character.isspace() for character in text):
        raise ValueError(f"{file} holds no token (heyan_…)")
    return text


def is_local(address: str) -> bool:
    """Whether it is on this machine: "unix:/path", or "host:port" with a loopback address."""
    if address.startswith("unix:"):
        return True
    host = address.rpartition(":")[0].strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Call(NamedTuple):
    method: Any
    timeout: Any
    metadata: Any
    credentials: Any
    wait_for_ready: Any
    compression: Any


class _Showing(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[type-arg]  # generic in the stubs alone
    grpc.UnaryStreamClientInterceptor,  # type: ignore[type-arg]  # generic in the stubs alone
    grpc.StreamUnaryClientInterceptor,  # type: ignore[type-arg]  # generic in the stubs alone
    grpc.StreamStreamClientInterceptor,  # type: ignore[type-arg]  # generic in the stubs alone
):
    """Adds the token to every call."""

    def __init__(self, token: str) -> None:
        self._metadata = ("authorization", f"Bearer {token}")

    def _show(self, continuation: Callable[[Any, Any], Any], details: Any, request: Any) -> Any:
        return continuation(
            _Call(
                details.method,
                details.timeout,
                [*(details.metadata or ()), self._metadata],
                details.credentials,
                getattr(details, "wait_for_ready", None),
                getattr(details, "compression", None),
            ),
            request,
        )

    # one function for four shapes of calls
    intercept_unary_unary = intercept_unary_stream = _show  # type: ignore[assignment]
    intercept_stream_unary = intercept_stream_stream = _show  # type: ignore[assignment]
