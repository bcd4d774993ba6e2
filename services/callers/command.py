"""`heyan token`: an operator's command on the ledger itself: create, list, revoke, quota.

It needs what the server needs to open the ledger (HEYAN_DATA or --data, HEYAN_DATABASE), and works beside a running
server, which looks at the ledger again within seconds. Who can run it can read the ledger anyway; nobody can by gRPC.
A token is printed once, alone on standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.callers import token as tokens
from services.callers.caller import Scope
from services.intake.ledger import credentials, portals
from services.intake.ledger.credentials import CERTIFICATE, TOKEN, Credential, Roll, Taken
from services.intake.ledger.database import Database
from services.intake.opening import CannotOpen, open_ledger
from services.intake.refusals import StorageDown, StorageFull
from services.moments import from_micros
from services.settings import SettingError, Settings

_PORTAL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_USUAL = (Scope.CHECK, Scope.SUBMIT, Scope.READ_OWN)
_DAY = 86400.0


class Wrong(Exception):
    """What was asked for cannot be done; the message says why."""


async def create(database: Database, arguments: argparse.Namespace) -> int:
    token = None if arguments.certificate else tokens.make()
    made = await database.write(
        credentials.create,
        token.id if token else tokens.new_id(),
        _portal(arguments.portal),
        TOKEN if token else CERTIFICATE,
        token.sha256 if token else _certificate(arguments.certificate),
        [scope.value for scope in arguments.scope or _USUAL],
        None if arguments.never else arguments.days * _DAY,
    )
    print(_said(made), file=sys.stderr)
    if token:
        print("令牌只显示这一次，请交给平台妥善保管 The token is shown this once:", file=sys.stderr)
        print(token.text)
    return 0


async def show(database: Database, arguments: argparse.Namespace) -> int:
    roll = await database.read(credentials.roll)
    if arguments.json:
        print(json.dumps(_as_json(roll), ensure_ascii=False, indent=2))
        return 0
    for credential in roll.credentials:
        print(_said(credential, roll.moment))
    for portal in roll.portals:
        of = {"bytes": portal.most_bytes, "submissions": portal.most_submissions, "checks": portal.most_checks}
        quotas = ", ".join(f"{name} {most}" for name, most in of.items() if most is not None)
        print(
            f"平台 portal {portal.name}: {portal.submissions} 份申报 submissions, {portal.bytes} bytes"
            + (f"；配额 quotas: {quotas}" if quotas else "")
        )
    if not roll.credentials:
        print("还没有令牌 there is no token yet", file=sys.stderr)
    return 0


async def revoke(database: Database, arguments: argparse.Namespace) -> int:
    for id in arguments.id:
        # a whole token names itself: who found a leaked one need not look for its id
        token = tokens.parse(id)
        if not await database.write(credentials.revoke, token.id if token else id):
            raise Wrong(f"没有编号为 {id[:16]} 的令牌；heyan token list 列出全部。 There is no token {id[:16]}.")
        print(f"已吊销 revoked: {token.id if token else id}", file=sys.stderr)
    return 0


async def quota(database: Database, arguments: argparse.Namespace) -> int:
    given = {name: getattr(arguments, name) for name in ("bytes", "submissions", "checks")}
    changed = {name: (None if most < 0 else most) for name, most in given.items() if most is not None}
    await database.write(portals.set_quotas, _portal(arguments.portal), changed)
    return await show(database, argparse.Namespace(json=False))


def _portal(name: str) -> str:
    if not _PORTAL.fullmatch(name):
        raise Wrong("平台名由小写字母、数字和连字符组成。 A portal's name has lower-case letters, digits and hyphens.")
    return name


def _certificate(name: str) -> str:
    if not re.fullmatch(r"(SAN|CN):[^\s\x00-\x1f]{1,500}", name):
        raise Wrong("证书名形如 SAN:portal.example.cn 或 CN:portal。 A certificate is named SAN:… or CN:….")
    return name


def _state(credential: Credential, moment: int | None) -> str:
    if credential.revoke_time is not None:
        return "revoked"
    if moment is not None and credential.expire_time is not None and credential.expire_time <= moment:
        return "expired"
    return "active"


_STATES = {"active": "有效 active", "expired": "已过期 expired", "revoked": "已吊销 revoked"}


def _said(credential: Credential, moment: int | None = None) -> str:
    until = "不过期 never expires" if credential.expire_time is None else f"至 until {_day(credential.expire_time)}"
    name = f"  {credential.secret}" if credential.kind == CERTIFICATE else ""
    return (
        f"{credential.id}  {credential.portal}  {','.join(credential.scopes)}  {until}  "
        f"{_STATES[_state(credential, moment)]}{name}"
    )


def _day(moment: int) -> str:
    return from_micros(moment).isoformat(timespec="seconds")


def _as_json(roll: Roll) -> dict[str, Any]:
    """Without what could be used in place of a token."""
    return {
        "tokens": [
            {
                "id": each.id,
                "portal": each.portal,
                "kind": each.kind,
                "certificate": each.secret if each.kind == CERTIFICATE else None,
                "scopes": list(each.scopes),
                "created": _day(each.create_time),
                "expires": _day(each.expire_time) if each.expire_time is not None else None,
                "state": _state(each, roll.moment),
            }
            for each in roll.credentials
        ],
        "portals": [
            {
                "portal": each.name,
                "bytes": each.bytes,
                "submissions": each.submissions,
                "most_bytes": each.most_bytes,
                "most_submissions": each.most_submissions,
                "most_checks": each.most_checks,
            }
            for each in roll.portals
        ],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="heyan token", description="平台的访问令牌 who may call: tokens, quotas")
    commands = parser.add_subparsers(required=True, metavar="create|list|revoke|quota")

    def command(name: str, function: Any, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(function=function)
        made.add_argument("--data", type=Path, metavar="DIR", help="数据文件夹 the data folder (or HEYAN_DATA)")
        return made

    creating = command("create", create, "签发令牌，只显示一次 make a token; it is shown once")
    creating.add_argument("portal", help="平台名，如 caict the portal's name")
    creating.add_argument(
        "--scope",
        action="append",
        type=Scope,
        metavar="SCOPE",
        help=f"权限，可重复 one of {', '.join(Scope)}; 默认 default {', '.join(_USUAL)}",
    )
    lifetime = creating.add_mutually_exclusive_group()
    lifetime.add_argument("--days", type=_days, default=365.0, help="有效天数 until it expires; 365")
    lifetime.add_argument("--never", action="store_true", help="不过期 it never expires")
    creating.add_argument(
        "--certificate",
        metavar="NAME",
        help="登记客户端证书而不签发令牌 a client certificate: SAN:portal.example.cn, CN:portal",
    )
    listing = command("list", show, "列出令牌、平台与配额 tokens, portals and quotas; never a secret")
    listing.add_argument("--json", action="store_true", help="JSON")
    revoking = command("revoke", revoke, "吊销令牌 from now on a token counts no more")
    revoking.add_argument("id", nargs="+", help="令牌编号（或令牌本身） its id, or the token itself")
    limiting = command("quota", quota, "平台配额；-1 恢复默认 a portal's own quotas; -1 for those of the settings")
    limiting.add_argument("portal")
    for name in ("bytes", "submissions", "checks"):
        limiting.add_argument(f"--{name}", type=int, metavar="N")
    return parser


def _days(text: str) -> float:
    days = float(text)
    if not 0 < days < 36525:
        raise ValueError(text)
    return days


async def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = open_ledger(settings)
    try:
        code: int = await arguments.function(database, arguments)
        return code
    finally:
        database.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it is done; 2 where what was asked for is wrong; 4 where the ledger cannot be used."""
    asked = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment().with_arguments(listen=None, data=asked.data)
        return asyncio.run(_run(settings, asked))
    except Taken as taken:
        print(f"该证书已登记 the certificate is registered already: {taken}", file=sys.stderr)
        return 2
    except (Wrong, SettingError) as error:
        print(error, file=sys.stderr)
        return 2
    except (CannotOpen, StorageDown, StorageFull, OSError) as error:
        print(error, file=sys.stderr)
        return 4


if __name__ == "__main__":
    sys.exit(main())
