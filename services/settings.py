"""Every setting, read once from the environment by `main()` and handed down by argument.

This is the only module that touches the environment. A wrong value is refused with the variable's name in the message.
Each setting has a default that works; see docs/settings.md for the table.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from extractors.limits import Limits

PREFIX = "HEYAN_"
LIMIT_PREFIX = "HEYAN_LIMIT_"

# Of the command line and the client (clients/cli/connect.py); the service has no use for them.
CLIENT_NAMES = frozenset({"HEYAN_TOKEN_FILE", "HEYAN_CA_FILE", "HEYAN_CERTIFICATE_FILE", "HEYAN_KEY_FILE"})

ENGINES = ("rapidocr", "tesseract")

_PR_SET_DUMPABLE = 4  # of linux/prctl.h

# What a worker's programs (Tesseract) need; everything else of the environment is withheld from them.
KEPT_IN_WORKERS = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX")


class SettingError(ValueError):
    """A setting is wrong; the message names the variable and says what is allowed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's settings. Field x is the environment variable HEYAN_X; limits are HEYAN_LIMIT_<FIELD>.

    listen: "unix:/path" or "host:port". calls: folder of call folders.
    http_listen: the same for Connect, JSON and forms over HTTP; "" for none.
    tls_certificate, tls_key: PEM files of the server; read again when they change. tls_client_ca: PEM of who signs
    client certificates, which are then required. insecure_network: listen without TLS where other machines reach it.
    authenticate: whether every caller must show a token or certificate even while there is none.
    portal_bytes, portal_submissions, portal_checks: of a portal without quotas of its own; by default infinite.
    clock_skew_seconds: how far in the future a submission may say that it was received.
    data: folder for what is kept; one server at a time uses it.
    database: URL of the ledger's PostgreSQL; "" for SQLite in `data`.
    store: URL of the attachment store, s3://bucket/prefix or file:///folder; "" for a folder in `data`.
    store_options: file of KEY=VALUE lines for S3 (endpoint, access_key_id, secret_access_key, region, allow_http).
    reserve_mb: what stays free of the disk of `data`, for the ledger: what would go below is refused.
    work: whether this server works on submissions; without it only `heyan worker` processes do, which need PostgreSQL.
    max_queued: submissions that may wait; more are refused with RESOURCE_EXHAUSTED. attempts: until one is given up.
    retention_days: after so many days from their end submissions are erased; by default never.
    unsubmitted_hours: how long uploads, and readings of checks, are kept that no submission uses.
    keep_checks: whether checks and extractions keep what they read, and use what was read before.
    workers: processes that read files. threads: cores that one of them may take for a page, for lines that are read at
    once and seals beside them: with 1 it is one core, with 2 a page that is alone is read sooner (docs/operation.md).
    engine: "rapidocr" or "tesseract".
    soffice: whether LibreOffice converts text documents that nothing else reads (OpenDocument, Works, damaged .doc).
    file_seconds: longest time to read one file; page_seconds: more for each page of it that is done.
    worker_memory_mb: address space of a worker (RLIMIT_AS).
    worker_tasks: files after which a worker is replaced, so that leaks of parsers stay bounded.
    max_files, max_submission_bytes: of one Check. max_audit_submissions, max_audit_bytes: of one AuditCall.
    max_message_bytes: of one gRPC message, in and out.
    max_waiting: checks and extractions under way at once; more are refused with RESOURCE_EXHAUSTED.
    health_listen: "host:port" where health alone is answered, in plain text, for probes; "" for nowhere else.
    metrics_listen: "host:port" of Prometheus's metrics; "" for none. metrics_anywhere: also where others reach it.
    traces: OTLP collector, "http://host:4317"; "" for no traces. log_format: "text" or "json".
    max_waiting_bytes: of the files that they hold, in sum; more are refused with RESOURCE_EXHAUSTED.
    drain_seconds: how long SIGTERM waits for what is under way. reflection: whether gRPC reflection answers.
    """

    listen: str = "127.0.0.1:50551"
    http_listen: str = ""
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    insecure_network: bool = False
    authenticate: bool = False
    portal_bytes: float = math.inf
    portal_submissions: float = math.inf
    portal_checks: float = math.inf
    clock_skew_seconds: float = 300.0
    data: Path = Path("heyan-data")
    database: str = ""
    store: str = ""
    store_options: Path | None = None
    reserve_mb: int = 256
    work: bool = True
    max_queued: int = 10_000
    attempts: int = 6
    retention_days: float = math.inf
    unsubmitted_hours: float = 24.0
    keep_checks: bool = True
    calls: Path = Path(__file__).parent / "calls"
    workers: int = field(default_factory=lambda: max(1, min(2, os.cpu_count() or 1)))
    threads: int = field(default_factory=lambda: max(1, min(2, os.cpu_count() or 1)))
    engine: str = "rapidocr"
    soffice: bool = False
    file_seconds: float = 120.0
    page_seconds: float = 10.0
    worker_memory_mb: int = 8192
    worker_tasks: int = 200
    max_files: int = 64
    max_submission_bytes: int = 256 * 1024 * 1024
    max_audit_submissions: int = 5000
    max_audit_bytes: int = 1024 * 1024 * 1024
    max_message_bytes: int = 64 * 1024 * 1024
    max_waiting: int = 64
    max_waiting_bytes: int = 1024 * 1024 * 1024
    drain_seconds: float = 30.0
    reflection: bool = True
    log_level: str = "INFO"
    log_format: str = "text"
    health_listen: str = ""
    metrics_listen: str = ""
    metrics_anywhere: bool = False
    traces: str = ""
    limits: Limits = Limits()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings that a mapping (by default the process's environment) states. Raises SettingError."""
        environment = os.environ if environment is None else environment
        given: dict[str, object] = {}
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            if setting.name != "limits" and name in environment:
                given[setting.name] = _parse(name, environment[name], str(setting.type))
        limits = {
            limit.name: _parse(LIMIT_PREFIX + limit.name.upper(), environment[LIMIT_PREFIX + limit.name.upper()], "int")
            for limit in fields(Limits)
            if LIMIT_PREFIX + limit.name.upper() in environment
        }
        settings = cls(**given, limits=Limits(**limits))  # type: ignore[arg-type]
        _known_names(environment)
        return settings.checked()

    def checked(self) -> Settings:
        """Itself, if every value is possible. Raises SettingError."""
        if self.engine not in ENGINES:
            raise SettingError(f"HEYAN_ENGINE must be one of {', '.join(ENGINES)}, not {self.engine!r}")
        if self.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise SettingError(f"HEYAN_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {self.log_level!r}")
        if self.log_format not in ("text", "json"):
            raise SettingError(f"HEYAN_LOG_FORMAT must be text or json, not {self.log_format!r}")
        if self.traces and not self.traces.startswith(("http://", "https://")):
            raise SettingError("HEYAN_TRACES must be the URL of an OTLP collector, http://host:4317")
        if not self.calls.is_dir():
            raise SettingError(f"HEYAN_CALLS must be a folder of calls; {self.calls} is none")
        if not any(self.calls.glob("*/call.yaml")):
            raise SettingError(f"HEYAN_CALLS: there is no call in {self.calls} (no sub-folder with a call.yaml)")
        if self.soffice and self.soffice_program() is None:
            raise SettingError("HEYAN_SOFFICE is on, but LibreOffice's program soffice is not in PATH")
        if self.database and not self.database.startswith(("postgresql://", "postgresql+psycopg://")):
            raise SettingError("HEYAN_DATABASE must be a URL postgresql://user@host/database, or nothing for SQLite")
        if self.database:
            _require_whole(self.database)
        if not self.work and not self.database:
            raise SettingError("HEYAN_WORK is off, but other processes can work only with PostgreSQL (HEYAN_DATABASE)")
        self.store_secrets()
        for name in ("listen", "http_listen", "health_listen"):
            if (address := str(getattr(self, name))) and not address.startswith("unix:"):
                host_and_port(address, PREFIX + name.upper())
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise SettingError("HEYAN_TLS_CERTIFICATE and HEYAN_TLS_KEY go together: one of them is not set")
        if self.tls_client_ca is not None and self.tls_certificate is None:
            raise SettingError("HEYAN_TLS_CLIENT_CA needs HEYAN_TLS_CERTIFICATE and HEYAN_TLS_KEY")
        if self.worker_memory_mb < 1024:
            raise SettingError("HEYAN_WORKER_MEMORY_MB must be at least 1024: the models alone need about 1300")
        return self

    def soffice_program(self) -> str | None:
        """Where LibreOffice is; None where it is off or not installed."""
        return shutil.which("soffice") if self.soffice else None

    def store_secrets(self) -> dict[str, str]:
        """What the file `store_options` states. Raises SettingError, without what the file says."""
        if self.store_options is None:
            return {}
        try:
            lines = self.store_options.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"HEYAN_STORE_OPTIONS: {self.store_options} cannot be read") from error
        stated = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if not all("=" in line for line in stated):
            raise SettingError(f"HEYAN_STORE_OPTIONS: {self.store_options} must have lines KEY=VALUE")
        return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in stated)}

    def with_arguments(
        self,
        *,
        listen: str | None,
        data: Path | None,
        calls: Path | None = None,
        private: bool = False,
    ) -> Settings:
        """Command-line arguments go before the environment. Raises SettingError.

        private: for one caller, who started it and ends it: it keeps nothing of checks, shares nothing, asks nobody.
        """
        given = replace(
            self,
            listen=listen or self.listen,
            data=data or self.data,
            calls=calls or self.calls,
        )
        if private:
            given = replace(given, keep_checks=False, database="", store="", work=True, authenticate=False)
            given = replace(given, tls_certificate=None, tls_key=None, tls_client_ca=None)
            given = replace(given, http_listen="", health_listen="", metrics_listen="", traces="")
        return given.checked()


def _require_whole(database: str) -> None:
    """Raises SettingError where parts of the URL, a password among them, would be taken for others and told as such."""
    try:
        parts = urlsplit(database)
        whole = parts.netloc.count("@") <= 1 and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise SettingError(
            "HEYAN_DATABASE must be a URL postgresql://user@host:port/database, with @ / : # ? % in user "
            "or password written as %40 %2F %3A %23 %3F %25; better a passfile"
        )


def host_and_port(address: str, setting: str) -> tuple[str, int]:
    """Of "host:port", an IPv6 host without its brackets. Raises SettingError."""
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise SettingError(f"{setting} must be host:port, not {address!r}")
    return host.strip("[]"), int(port)


def _parse(name: str, text: str, kind: str) -> object:
    try:
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        if kind in ("int", "float"):
            number = int(text) if kind == "int" else float(text)
            if not 0 < number < float("inf"):
                raise ValueError(text)
            return number
    except (ValueError, KeyError) as error:
        wanted = {"bool": "true or false", "int": "a whole number above 0", "float": "a number above 0"}[kind]
        raise SettingError(f"{name} must be {wanted}, not {text!r}") from error
    return Path(text) if kind.startswith("Path") else text


def _known_names(environment: Mapping[str, str]) -> None:
    """A misspelt setting would silently do nothing: refuse it."""
    known = {PREFIX + f.name.upper() for f in fields(Settings)} - {"HEYAN_LIMITS"}
    known |= {LIMIT_PREFIX + f.name.upper() for f in fields(Limits)}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known | CLIENT_NAMES)
    if unknown:
        raise SettingError(f"unknown setting {', '.join(unknown)}; known: {', '.join(sorted(known))}")


def main() -> int:
    """`python -m services.settings`: the folder of calls that a server here would have, as JSON.

    2 where a setting is wrong. Nothing else is told: other settings may hold secrets.
    """
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps({"calls": str(settings.calls)}))
    return 0


def withhold_environment() -> None:
    """In a worker, and in the process that it is forked from: forget all but what its programs need.

    No credential is within a parser's reach then: not in its environment, nor in the strings that its process was
    started with, which stay in memory and in /proc/self/environ.
    """
    kept = {name: os.environ[name] for name in KEPT_IN_WORKERS if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # Tesseract's threads spin and slow one another
    # proc(5): fields 50 and 51 of stat, counted behind "pid (comm)"; 0 where the kernel does not tell
    start, end = (int(field) for field in Path("/proc/self/stat").read_text().rpartition(")")[2].split()[47:49])
    ctypes.memset(start, 0, end - start)
    shut_memory()


def shut_memory() -> None:
    """No other process of the same user reads this one's memory and first environment; nor does it leave a core.

    A parser that was taken over runs as the server's user. Raises OSError.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE)")


if __name__ == "__main__":
    sys.exit(main())
