"""Settings come from one place; a wrong value is refused by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extractors.limits import Limits
from services.settings import SettingError, Settings, host_and_port


def test_every_default_works() -> None:
    assert Settings.from_environment({}) == Settings()


def test_values_are_read() -> None:
    settings = Settings.from_environment(
        {
            "HEYAN_LISTEN": "unix:/run/heyan.sock",
            "HEYAN_WORKERS": "3",
            "HEYAN_FILE_SECONDS": "7.5",
            "HEYAN_REFLECTION": "false",
            "HEYAN_DATA": "/var/lib/heyan",
            "HEYAN_LIMIT_PAGES": "12",
            "PATH": "/bin",
        }
    )
    assert settings == Settings(
        listen="unix:/run/heyan.sock",
        workers=3,
        file_seconds=7.5,
        reflection=False,
        data=Path("/var/lib/heyan"),
        limits=Limits(pages=12),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEYAN_WORKERS", "two"),
        ("HEYAN_WORKERS", "0"),
        ("HEYAN_WORKERS", "-1"),
        ("HEYAN_FILE_SECONDS", "inf"),
        ("HEYAN_FILE_SECONDS", "nan"),
        ("HEYAN_REFLECTION", "maybe"),
        ("HEYAN_ENGINE", "magic"),
        ("HEYAN_LOG_LEVEL", "LOUD"),
        ("HEYAN_CALLS", "/nowhere"),
        ("HEYAN_LIMIT_PIXELS", "many"),
        ("HEYAN_WORKER_MEMORY_MB", "100"),
        ("HEYAN_WOKRERS", "2"),
        ("HEYAN_LIMITS", "2"),
        ("HEYAN_DATABASE", "mysql://localhost/heyan"),
        ("HEYAN_DATABASE", "postgresql://heyan@host:port/heyan"),
        ("HEYAN_WORK", "false"),
        ("HEYAN_RETENTION_DAYS", "-1"),
        ("HEYAN_STORE_OPTIONS", "/nowhere"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        Settings.from_environment({name: value})


@pytest.mark.parametrize("password", ["sec@ret", "sec/ret", "sec#ret", "sec?ret"])
def test_a_password_that_would_be_taken_for_the_host_is_refused_and_not_told(password: str) -> None:
    with pytest.raises(SettingError, match="%40") as refusal:
        Settings.from_environment({"HEYAN_DATABASE": f"postgresql://heyan:{password}@host/heyan"})
    assert "ret@host" not in str(refusal.value)


def test_arguments_go_before_the_environment() -> None:
    settings = Settings.from_environment({"HEYAN_LISTEN": "127.0.0.1:1"})
    assert settings.with_arguments(listen="127.0.0.1:2", data=None).listen == "127.0.0.1:2"
    assert settings.with_arguments(listen=None, data=None).listen == "127.0.0.1:1"
    assert settings.with_arguments(listen=None, data=None).keep_checks
    assert not settings.with_arguments(listen=None, data=None, private=True).keep_checks


def test_a_private_server_opens_none_of_the_ports_of_the_server_beside_it() -> None:
    ports = ("http_listen", "health_listen", "metrics_listen")
    settings = Settings.from_environment({f"HEYAN_{port.upper()}": "127.0.0.1:1" for port in ports})
    private = settings.with_arguments(listen="unix:/tmp/s", data=None, private=True)
    assert [getattr(private, port) for port in ports] == ["", "", ""]


@pytest.mark.parametrize("name", ["HEYAN_LISTEN", "HEYAN_HTTP_LISTEN", "HEYAN_HEALTH_LISTEN"])
@pytest.mark.parametrize("wrong", ["9464", "host:", ":1", "host:99999", "host:²"])
def test_an_address_is_a_host_and_a_port(name: str, wrong: str) -> None:
    with pytest.raises(SettingError, match=f"{name} must be host:port"):
        Settings.from_environment({name: wrong})
    assert Settings.from_environment({name: "unix:/run/heyan"})
    assert host_and_port("[::1]:80", name) == ("::1", 80)


def test_an_address_of_the_command_line_is_looked_at_too() -> None:
    with pytest.raises(SettingError, match="HEYAN_LISTEN"):
        Settings().with_arguments(listen="50551", data=None)


def test_libreoffice_that_is_asked_for_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Settings.from_environment({}).soffice_program() is None
    with pytest.raises(SettingError, match="HEYAN_SOFFICE"):
        Settings.from_environment({"HEYAN_SOFFICE": "true"})
    (tmp_path / "soffice").write_text("#!/bin/sh\n")
    (tmp_path / "soffice").chmod(0o755)
    assert Settings.from_environment({"HEYAN_SOFFICE": "true"}).soffice_program() == str(tmp_path / "soffice")


def test_options_of_the_store_come_from_a_file_and_are_never_told(tmp_path: Path) -> None:
    file = tmp_path / "s3"
    file.write_text("# of the store\n\nendpoint = http://10.0.0.1:9000\nsecret_access_key=a=b\n")
    settings = Settings.from_environment({"HEYAN_STORE_OPTIONS": str(file)})
    assert settings.store_secrets() == {"endpoint": "http://10.0.0.1:9000", "secret_access_key": "a=b"}
    file.write_text("endpoint=x\nwoodpecker\n")
    with pytest.raises(SettingError, match="KEY=VALUE") as wrong:
        Settings.from_environment({"HEYAN_STORE_OPTIONS": str(file)})
    assert "woodpecker" not in str(wrong.value)


_READ_BY_ANOTHER = """
import ctypes, os
from services.settings import shut_memory
if os.geteuid() == 0:  # who may read everything
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # open again, as a process is that was started by this user

def readable():
    server, other = os.getpid(), os.fork()
    if other == 0:
        try:
            open(f"/proc/{server}/environ", "rb").close()
            open(f"/proc/{server}/mem", "rb").close()
        except PermissionError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]) == 0

before = readable()
shut_memory()
print(before, readable())
"""


def test_no_other_process_of_the_user_reads_the_servers_memory() -> None:
    command = [sys.executable, "-c", _READ_BY_ANOTHER]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split() == ["True", "False"]
