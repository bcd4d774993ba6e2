"""`python -m services.backup backup|restore FOLDER`: `heyan backup` and `heyan restore`. The work: intake/backup.py."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from services.intake.backup import BackupError, Done, backup, restore
from services.intake.opening import CannotOpen
from services.intake.refusals import StorageDown, StorageFull
from services.log import log_to_stderr
from services.settings import SettingError, Settings


def main() -> int:
    """0 when all is copied; 3 where the source had lost attachments (the rest is copied); 2 and 4 where it failed."""
    parser = argparse.ArgumentParser(prog="heyan backup")
    parser.add_argument("what", choices=["backup", "restore"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        settings = Settings.from_environment().with_arguments(listen=None, data=arguments.data)
        log_to_stderr("WARNING")
        folder = arguments.folder
        done = backup(settings, folder) if arguments.what == "backup" else restore(folder, settings)
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    except (BackupError, CannotOpen, StorageDown, StorageFull) as error:
        print(error, file=sys.stderr)
        return 4
    print(json.dumps(dataclasses.asdict(done)) if arguments.json else _told(arguments.what, done))
    for name in done.missing:
        print(f"附件缺失或损坏 lost or damaged: {name}", file=sys.stderr)
    return 3 if done.missing else 0


def _told(what: str, done: Done) -> str:
    size = f"{done.bytes / 2**20:,.1f} MiB"
    if what == "backup":
        return (
            f"备份完成：{done.submissions} 份申报，{done.attachments} 个附件（{size}），"
            f"本次新增 {done.copied} 个，移除 {done.removed} 个。\n"
            f"backed up: {done.submissions} submissions, {done.attachments} attachments ({size}), "
            f"{done.copied} new, {done.removed} removed."
        )
    return (
        f"恢复完成：{done.submissions} 份申报，{done.attachments} 个附件（{size}）。"
        "请运行 heyan doctor --data 核对后启动服务。\n"
        f"restored: {done.submissions} submissions, {done.attachments} attachments ({size}). "
        "Look with heyan doctor --data, then start the server."
    )


if __name__ == "__main__":
    sys.exit(main())
