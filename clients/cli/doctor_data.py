"""`heyan doctor --data DIR`: is what is kept whole?"""

from __future__ import annotations

import json
from typing import Any

import click

from clients.cli import exits
from clients.cli.text import printable

_SHOWN = 50


def show_kept(kept: dict[str, Any], *, as_json: bool) -> int:
    """Prints what services/doctor.py says about a data folder; the exit code."""
    if as_json:
        click.echo(json.dumps(kept, ensure_ascii=False, indent=2).encode() + b"\n", nl=False)
    else:
        for line in _lines(kept):
            click.echo(printable(line))
    if "problems" not in kept:
        # an older ledger is upgraded when the server starts
        return exits.REVIEW if kept.get("newer") is False else exits.SERVICE_FAILED
    weights = {problem["weight"] for problem in kept["problems"]}
    if "error" in weights:
        return exits.SERVICE_FAILED
    return exits.REVIEW if weights else exits.DONE


def _lines(kept: dict[str, Any]) -> list[str]:
    if "broken" in kept:
        return [f"✗ 未能核对 could not look: {kept['broken']}"]
    if "problems" not in kept:
        ours, theirs = kept["schema_of_heyan"], kept["schema"] or "–"
        if kept["newer"]:
            return [f"✗ 账本结构 {theirs} 由更新版本的 heyan 建立 made by a newer heyan (this one has {ours})"]
        return [
            f"– 账本结构 {theirs}，启动服务时升级到 {ours}，然后再核对 upgraded when the server starts; look again then"
        ]
    size = f"{kept['bytes'] / 2**20:,.1f} MiB"
    lines = [
        f"  {kept['submissions']} 份申报 submissions，{kept['attachments']} 个附件 attachments（{size}），"
        f"{kept['readings']} 份识别结果 readings，{kept['waiting']} 份排队 waiting，schema {kept['schema']}"
    ]
    problems = kept["problems"]
    for problem in problems[:_SHOWN]:
        mark = "✗" if problem["weight"] == "error" else "–"
        said = problem["message"]
        lines.append(f"{mark} {problem['subject']}  {said['zh']} {said['en']} [{problem['code']}]")
    if len(problems) > _SHOWN:
        lines.append(f"  另有 {len(problems) - _SHOWN} 项 more: --json")
    errors = sum(problem["weight"] == "error" for problem in problems)
    if errors:
        lines.append(f"✗ {errors} 项缺失、损坏或矛盾 things are lost, damaged or contradictory.")
    elif not problems:
        lines.append("✓ 完好 everything is there and whole.")
    return lines
