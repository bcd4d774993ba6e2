"""The operator's command on the ledger itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.callers import command
from services.callers import token as tokens


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEYAN_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "wrong",
    [
        ("create", "Bank"),
        ("create", "bank", "--scope", "everything"),
        ("create", "bank", "--days", "0"),
        ("create", "bank", "--days", "1", "--never"),
        ("create", "bank", "--certificate", "bank"),
        ("revoke", "nothing"),
        ("quota", "bank", "--bytes", "many"),
        ("steal",),
        (),
    ],
)
def test_what_is_asked_for_wrongly_is_told(
    data: Path, wrong: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    del data
    try:
        code = command.main(wrong)
    except SystemExit as error:
        code = int(str(error.code))
    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert told.err


def test_a_token_is_printed_once_and_alone(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["create", "bank"]) == 0
    told = capsys.readouterr()
    token = tokens.parse(told.out.strip())
    assert token is not None
    assert token.text not in told.err
    assert command.main(["list"]) == 0
    assert command.main(["list", "--json"]) == 0
    secret = token.text.split("_")[2]
    shown = capsys.readouterr().out
    assert token.id in shown
    assert secret not in shown
    assert token.sha256 not in shown
    kept = b"".join(path.read_bytes() for path in data.glob("heyan.sqlite*"))
    assert secret.encode() not in kept
    assert token.sha256.encode() in kept


def test_a_leaked_token_is_revoked_by_itself(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    command.main(["create", "bank", "--scope", "check", "--scope", "erase", "--days", "7"])
    token = capsys.readouterr().out.strip()
    assert command.main(["revoke", token]) == 0
    assert command.main(["list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["tokens"]
    assert (row["portal"], row["scopes"], row["state"]) == ("bank", ["check", "erase"], "revoked")


def test_a_certificate_is_one_portals_until_it_is_revoked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    assert command.main(["create", "bank", "--certificate", "SAN:bank.cn", "--never"]) == 0
    told = capsys.readouterr()
    assert told.out == "", "there is no secret to print"
    assert command.main(["create", "other", "--certificate", "SAN:bank.cn"]) == 2
    assert command.main(["revoke", told.err.split()[0]]) == 0
    assert command.main(["create", "other", "--certificate", "SAN:bank.cn"]) == 0


def test_quotas_are_set_and_taken_back(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    command.main(["quota", "bank", "--bytes", "1000", "--checks", "2"])
    command.main(["quota", "bank", "--bytes", "-1"])
    capsys.readouterr()
    command.main(["list", "--json"])
    (portal,) = json.loads(capsys.readouterr().out)["portals"]
    assert (portal["most_bytes"], portal["most_submissions"], portal["most_checks"]) == (None, None, 2)
