"""What is installed here: facts for `heyan doctor`, printed as one JSON object.

    python -m services.doctor               what is installed
    python -m services.doctor --data DIR    whether what is kept there is whole (services/intake/integrity.py)

Only facts; what to do about them is said by the command line. A thing that is not there is null, an empty list or
false, and never an error: the doctor must speak on a machine where hardly anything works.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from extractors.errors import EngineError
from services.settings import ENGINES, SettingError, Settings
from services.validation.registry import Registry

_PROGRAM_SECONDS = 10
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")  # of a requirement: "opencv-python-headless>=5", "rich[extra]; …"


def facts() -> dict[str, object]:
    """Everything that heyan's work depends on, as plain JSON values. Sizes in MiB."""
    settings, problem = _settings()
    return {
        "heyan": _version("heyan"),
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in _requirements()},
        "settings_problem": problem,
        "engine": settings.engine if settings else None,
        "calls": _calls(settings.calls) if settings else None,
        "rapidocr": {"version": _version("rapidocr"), "models": _models(), "backend": _backend()},
        "tesseract": _tesseract(),
        "trials": {name: _trial(name) for name in ENGINES},
        "fonts": _simulator_fonts(),
        "soffice": shutil.which("soffice"),
        "memory_mb": _memory_mb(),
        "memory_limit_mb": _cgroup_limit_mb(),
        "cores": _cores(),
        "temporary_free_mb": _free_mb(Path("/tmp")),  # noqa: S108 - asked for its room, not written to
    }


def _settings() -> tuple[Settings | None, str | None]:
    """The settings, or what is wrong with them."""
    try:
        return Settings.from_environment(), None
    except SettingError as error:
        return None, str(error)


def _calls(folder: Path) -> dict[str, object]:
    """The calls that can be used, and of the others the first mistake."""
    calls = Registry.from_folder(folder)
    return {
        "folder": str(folder),
        "usable": [call.id for call in calls.usable()],
        "broken": {id: str(error) for id, error in calls.broken().items()},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _requirements() -> list[str]:
    """The packages that heyan names itself, without extras."""
    try:
        lines = requires("heyan") or []
    except PackageNotFoundError:
        return []
    return sorted(found[0] for line in lines if "extra ==" not in line and (found := _NAME.match(line)))


def _package_folder(module: str) -> Path | None:
    spec = find_spec(module)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _models() -> list[str]:
    """The names of RapidOCR's models that lie in its wheel."""
    folder = _package_folder("rapidocr")
    return [] if folder is None else sorted(path.name for path in (folder / "models").glob("*.onnx"))


def _backend() -> str | None:
    """What computes the models: OpenVINO where it is there, else ONNX Runtime."""
    return next((name for name in ("openvino", "onnxruntime") if find_spec(name) is not None), None)


def _tesseract() -> dict[str, object] | None:
    program = shutil.which("tesseract")
    if program is None:
        return None
    first = _said(program, "--version").splitlines()[:1]
    languages = [line.strip() for line in _said(program, "--list-langs").splitlines()[1:]]
    return {"path": program, "version": first[0].removeprefix("tesseract ") if first else "", "languages": languages}


def _said(*command: str) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=_PROGRAM_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout or run.stderr


def _trial(name: str) -> dict[str, object]:
    """Whether the engine reads four digits that are drawn here; seconds with loading; what is wrong if it does not."""
    begun = time.perf_counter()
    problem = ""
    try:
        read = _digits_read_by(name)
        if "2021" not in read.replace(" ", ""):
            problem = f"reads {read!r} instead of 2021"
    except (EngineError, ImportError) as error:
        problem = str(error)
    return {"works": not problem, "seconds": round(time.perf_counter() - begun, 2), "problem": problem}


def _digits_read_by(name: str) -> str:
    """Raises EngineError, or ImportError where a package of the list above is missing."""
    import cv2
    import numpy as np

    from extractors.ocr.engines import make_engine

    page = np.full((300, 600), 255, np.uint8)
    cv2.putText(page, "2021", (150, 180), cv2.FONT_HERSHEY_SIMPLEX, 4.0, 0, 8)
    engine, _ = make_engine(name)
    return " ".join(line.text for line in engine.read(page))


def _simulator_fonts() -> list[str]:
    """The font files of mplfonts, with which the simulator draws letters."""
    folder = _package_folder("mplfonts")
    return [] if folder is None else sorted(path.name for path in folder.rglob("*.?tf"))


def _memory_mb() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError):
        return None


def _cgroup_limit_mb() -> int | None:
    """The memory that a container grants, where one does."""
    try:
        text = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return None
    return int(text) // 2**20 if text.isdigit() else None


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _free_mb(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free // 2**20
    except OSError:
        return None


def kept(folder: Path) -> dict[str, object]:
    """Whether what is kept is whole: of a data folder with the database and store of the settings, or of a backup."""
    from sqlalchemy.exc import DBAPIError

    from services.intake.backup import is_backup, ledger_url
    from services.intake.integrity import looked, problems
    from services.intake.ledger import migrate
    from services.intake.ledger.database import looking
    from services.intake.opening import CannotOpen, open_attachments
    from services.intake.refusals import StorageDown

    try:
        settings = Settings.from_environment().with_arguments(listen=None, data=folder)
        if is_backup(settings.data):
            settings = replace(settings, database="", store="")
        if not settings.database and not (settings.data / "heyan.sqlite").is_file():
            return {"broken": f"there is no ledger in {settings.data} (--data, HEYAN_DATA)"}
        store, engine = open_attachments(settings), looking(ledger_url(settings))
        with engine.connect() as connection:
            current, head = migrate.revisions(connection)
            if current != head:
                return {"schema": current, "schema_of_heyan": head, "newer": migrate.is_newer(connection)}
            found = [asdict(problem) for problem in problems(connection, store)]
            return {"schema": current, "schema_of_heyan": head, **asdict(looked(connection)), "problems": found}
    except (SettingError, CannotOpen, StorageDown) as error:
        return {"broken": str(error)}
    except DBAPIError as error:
        return {"broken": f"the ledger cannot be read: {type(error.orig).__name__}: {error.orig}"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="heyan doctor")
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    told = kept(arguments.data) if arguments.data else facts()
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
