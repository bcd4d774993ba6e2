"""Imported by the forkserver before anything else: what it was started with, no worker inherits."""

from services.settings import withhold_environment

withhold_environment()
