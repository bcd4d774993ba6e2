"""`heyan token` beside a running server, and the command line that shows a token."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.private_server import accepts

SECONDS = 60


def heyan(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clients.cli.main", *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a server that listens at a Unix socket."""
    folder = tmp_path_factory.mktemp("server")
    data = folder / "data"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.server", "--listen", f"unix:{folder}/s", "--data", str(data)],
            stderr=log,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "HEYAN_HTTP_LISTEN": f"unix:{folder}/h",
            },
        )
    end = time.monotonic() + SECONDS
    while not accepts(f"unix:{folder}/s"):
        assert process.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < end
        time.sleep(0.05)
    yield data
    process.terminate()
    assert process.wait(30) == 0


def listed(data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return heyan("list", "--json", "--server", f"unix:{data.parent}/s", "--lang", "en", **environment)


def test_from_the_first_token_on_everybody_needs_one(data: Path) -> None:
    assert listed(data).returncode == 0
    assert "no token is asked for" in (data.parent / "log").read_text()

    made = heyan("token", "create", "caict", "--scope", "read-own", "--days", "1", "--data", str(data))
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    assert re.fullmatch(r"heyan_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}", token)
    assert token not in made.stderr

    file = data.parent / "token"
    file.write_text(token + "\n")
    shown = {"HEYAN_TOKEN_FILE": str(file)}
    assert listed(data, **shown).returncode == 0
    refused = listed(data)
    assert refused.returncode == 2
    assert "A token is needed" in refused.stderr
    erased = heyan("erase", "submissions/x", "--yes", "--server", f"unix:{data.parent}/s", **shown)
    assert erased.returncode == 2
    assert "erase" in erased.stderr

    (row,) = json.loads(heyan("token", "list", "--json", "--data", str(data)).stdout)["tokens"]
    assert (row["portal"], row["scopes"], row["state"]) == ("caict", ["read-own"], "active")
    assert token.split("_")[2] not in json.dumps(row)
    assert heyan("token", "revoke", row["id"], "--data", str(data)).returncode == 0
    time.sleep(5.1)  # so long the server may not know it
    revoked = listed(data, **shown)
    assert revoked.returncode == 2
    assert "revoked" in revoked.stderr
    log = (data.parent / "log").read_text()
    assert token not in log
    assert token.split("_")[2] not in log
    assert "TOKEN_REVOKED" in log
    ledger = b"".join(path.read_bytes() for path in data.glob("heyan.sqlite*"))
    assert token.split("_")[2].encode() not in ledger, "only its hash is kept"


def test_the_server_answers_over_http_too(data: Path) -> None:
    for path, status in (("v1/health", ("200", "503")), ("openapi.json", ("200",)), ("v1/check", ("405",))):
        asked = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", f"{data.parent}/h"]
        told = subprocess.run([*asked, f"http://x/{path}"], capture_output=True, text=True, timeout=SECONDS, check=True)
        assert told.stdout in status, path


def test_a_token_file_that_holds_none_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("no token")
    for file in ("empty", "nowhere"):
        told = heyan("list", "--server", "unix:/nowhere", "--token-file", str(tmp_path / file))
        assert told.returncode == 2
        assert file in told.stderr


def test_a_token_never_travels_in_clear_text_to_another_machine(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("heyan_x")
    told = heyan("list", "--server", "192.0.2.1:50551", "--token-file", str(tmp_path / "token"))
    assert told.returncode == 2
    assert "clear text" in told.stderr
