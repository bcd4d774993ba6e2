"""Which server a command talks to: the one named, the one at the default address, or a private one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from clients.cli import exits
from clients.cli.text import printable
from clients.private_server import PrivateServer, ServerDied, accepts, end_on_signals

TYPE_CHECKING = False
if TYPE_CHECKING:  # not from typing: the module costs a warm `heyan check` nothing that it need not pay
    from collections.abc import Callable
    from typing import Any, TypeVar

    from clients.errors import ClientError
    from clients.sdk import Client

    _F = TypeVar("_F", bound=Callable[..., Any])

DEFAULT_ADDRESS = "127.0.0.1:50551"
# A server that listens is still loading its models at worst; a private one would have to load them too.
_LOADING_SECONDS = 30.0
_START_SECONDS = 120.0

_ACCESS = "heyan.access"  # in the context's meta: file options by name


def server_option(function: _F) -> _F:
    """Which server, and how to show it who calls. The command gets `server`; `connected` and `keeping` get the rest."""
    for name, help in reversed(
        (
            ("--token-file", "访问令牌文件 file with the token"),
            ("--ca-file", "服务证书的签发者 (PEM) who signs the server's certificate; TLS"),
            ("--certificate-file", "客户端证书 (PEM) the client's certificate; mTLS"),
            ("--key-file", "客户端证书的私钥 (PEM) its key"),
        )
    ):
        variable = "HEYAN_" + name[2:].upper().replace("-", "_")
        function = click.option(
            name,
            envvar=variable,
            type=_FILE,
            metavar="FILE",
            expose_value=False,
            callback=_remember,
            help=f"{help} (or {variable})",
        )(function)
    return click.option(
        "--server", metavar="ADDR", help=f"服务地址 host:port 或 unix:/path；默认先试 {DEFAULT_ADDRESS}，再启动私有服务"
    )(function)


def _remember(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.meta.setdefault(_ACCESS, {})[parameter.name] = value


def _client(address: str) -> Client:
    """A client that shows what the options say. Raises UsageError."""
    from clients.access import Access, read_token
    from clients.sdk import Client

    files = click.get_current_context().meta.get(_ACCESS, {})
    if ("certificate_file" in files) != ("key_file" in files):
        raise click.UsageError("--certificate-file, --key-file: 二者须同时给出 they go together")
    try:
        token = read_token(files["token_file"]) if "token_file" in files else ""
        access = Access(
            token, ca=files.get("ca_file"), certificate=files.get("certificate_file"), key=files.get("key_file")
        )
        return Client(address, access=access)
    except (OSError, ValueError) as error:
        raise click.UsageError(printable(str(error))) from None


_FILE = click.Path(path_type=Path, dir_okay=False)
lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 language", show_default=True
)
password_option = click.option(
    "--password",
    default="",
    prompt="密码 password",
    prompt_required=False,
    hide_input=True,
    help="打开文件的密码 to open files that need one；只写 --password 则不回显地询问 alone: asks without showing it",
)


class ServiceFailed(click.ClickException):
    """The service could not be reached, started, or did not answer. Exit code 4."""

    exit_code = exits.SERVICE_FAILED

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


@contextmanager
def connected(server: str | None, lang: str, *, models: bool = True, calls: Path | None = None) -> Iterator[Client]:
    """A client of a server that is ready. Raises ServiceFailed; a private server ends with the block.

    models: whether it must have loaded its models; where nothing is read, that need not be waited for.
    calls: the folder of calls that it must have; then, unless one is named, it is always a private one.
    """
    with ExitStack() as stack:
        private = None
        if server is None and (calls is not None or not accepts(DEFAULT_ADDRESS)):
            end_on_signals()
            private = _start(stack, lang, calls)
        # Imported only now: a private server starts meanwhile.
        import clients.sdk  # noqa: F401

        if private is not None:
            yield _client_of(private, stack, lang, models=models)
            return
        address = server or DEFAULT_ADDRESS
        client = stack.enter_context(_client(address))
        if client.ready() or (client.loading() and (not models or client.ready(_LOADING_SECONDS))):
            yield client
            return
        if server is not None:
            name = printable(server)
            raise ServiceFailed(
                {"zh": f"无法连接核验服务 {name}，或其尚未就绪。", "en": f"No heyan server is ready at {name}."}[lang]
            )
        end_on_signals()  # something else listens at our default address
        yield _client_of(_start(stack, lang), stack, lang, models=models)


class RequestRefused(click.ClickException):
    """The server refused the request; the message says why. Exit code 2."""

    exit_code = exits.USAGE

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


@contextmanager
def keeping(server: str | None, lang: str) -> Iterator[Client]:
    """A client of a server that keeps submissions: never a private one, which would take them with it.

    Raises ServiceFailed, RequestRefused.
    """
    if server is None and not accepts(DEFAULT_ADDRESS):
        raise ServiceFailed(
            {
                "zh": f"{DEFAULT_ADDRESS} 没有核验服务，请先启动：heyan serve（或用 --server 指定）。",
                "en": f"No heyan server at {DEFAULT_ADDRESS}: start one with heyan serve, or name one with --server.",
            }[lang]
        )
    from clients.sdk import ClientError, Refused

    with _client(server or DEFAULT_ADDRESS) as client:
        try:
            yield client
        except Refused as error:
            raise RequestRefused(sentence(error, lang)) from None
        except ClientError as error:
            raise ServiceFailed(sentence(error, lang)) from None


def _start(stack: ExitStack, lang: str, calls: Path | None = None) -> PrivateServer:
    try:
        server = stack.enter_context(PrivateServer(calls))
    except OSError as error:
        raise ServiceFailed(
            {"zh": f"无法启动服务：{error}", "en": f"The server cannot be started: {error}"}[lang]
        ) from None
    if calls is not None:
        return server  # it is meant to be one of our own
    click.echo(
        {
            "zh": f"{DEFAULT_ADDRESS} 没有核验服务，已临时启动一个（pid {server.pid}），用完即关闭。",
            "en": f"No heyan server at {DEFAULT_ADDRESS}: started a private one (pid {server.pid}), ended afterwards.",
        }[lang],
        err=True,
    )
    return server


def _client_of(server: PrivateServer, stack: ExitStack, lang: str, *, models: bool) -> Client:
    from clients.sdk import Client

    try:
        server.wait(_START_SECONDS)
    except ServerDied as error:
        raise _not_started(str(error), error.log, lang) from None
    client = stack.enter_context(Client(server.address))
    for _ in range(int(_START_SECONDS)):
        if client.ready(0.0 if not models else 1.0) or (not models and client.loading()):
            return client
        if not server.alive():
            break
    raise _not_started("the server did not become ready", server.log(), lang)


def _not_started(reason: str, log: str, lang: str) -> ServiceFailed:
    said = "\n".join("  " + printable(line) for line in log.splitlines())
    first = {
        "zh": f"临时服务未能启动（{reason}）。请运行 heyan doctor。",
        "en": f"The private server failed: {reason}. Try: heyan doctor",
    }
    return ServiceFailed(first[lang] + ("\n" + said if said else ""))


def sentence(error: ClientError, lang: str) -> str:
    """An error for people, its violations one a line."""
    said = getattr(error, lang)
    faults = [fault for fault in error.violations if getattr(fault, lang) not in said]  # some sentences name them
    lines = [said, *(f"  {fault.field}: {getattr(fault, lang)}" for fault in faults)]
    return "\n".join(printable(line) for line in lines)
