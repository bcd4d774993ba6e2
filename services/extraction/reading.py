"""The sandbox in which files are read, as the settings say."""

from __future__ import annotations

from extractors.readers.soffice import Office
from services.extraction import worker
from services.extraction.sandbox import Bounds, Sandbox
from services.settings import Settings


def reading_sandbox(settings: Settings) -> Sandbox:
    """Its workers begin to load their models at once."""
    program = settings.soffice_program()
    office = Office(program, min(60.0, settings.file_seconds / 2)) if program else None
    return Sandbox(
        worker.start,
        worker.run,
        argument=worker.WorkerSettings(
            settings.engine, settings.threads, settings.limits, settings.log_level, settings.log_format, office
        ),
        workers=settings.workers,
        bounds=Bounds(
            settings.file_seconds,
            settings.worker_memory_mb,
            settings.worker_tasks,
            settings.page_seconds,
            settings.limits.pages,
        ),
        preload=("services.extraction.worker",),
    )
