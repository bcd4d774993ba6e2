"""docs/new-call.md, run as it stands: its commands, edits and files make a call that works."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from services.validation.lint import lint

ROOT = Path(__file__).parents[1]
CALL = Path("calls") / "talks-2024"
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}", "HEYAN_WORKERS": "1"}


def blocks() -> Iterator[tuple[str, str]]:
    """(what stands behind the fence, text) of every fenced block."""
    text = (ROOT / "docs" / "new-call.md").read_text("utf-8")
    for match in re.finditer(r"^```([^\n]+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield match[1], match[2]


def run(command: str, folder: Path) -> str:
    program, *arguments = shlex.split(command)
    assert program == "heyan"
    done = subprocess.run(
        [sys.executable, "-P", "-m", "clients.cli.main", *arguments],
        cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_walk_through_works_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "services").symlink_to(ROOT / "services")
    said, before = {}, ""
    for kind, text in blocks():
        language, _, name = kind.partition(" ")
        file = tmp_path / CALL / "call.yaml"
        if language == "sh":
            for command in text.splitlines():
                said[command] = run(command, tmp_path)
        elif name == "before":
            before = text
        elif name == "after":
            draft = file.read_text("utf-8")
            old = before if draft.count(before) == 1 else before.rstrip("\n")
            assert draft.count(old) == 1, f"the draft has no {before!r}"
            file.write_text(draft.replace(old, text if old == before else text.rstrip("\n")), "utf-8")
        else:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
    assert said[f"heyan call lint {CALL}"] == "没有发现问题。\n"
    assert "3 个示例，全部与预期相符。" in said[f"heyan call test {CALL}"]
    finished = (tmp_path / CALL / "call.yaml").read_text("utf-8")
    assert "TODO" not in finished.replace("一处 TODO。", "")
    assert lint(finished, (tmp_path / CALL / "notice.txt").read_text("utf-8"), CALL.name).problems == ()
