"""Is it acceptable? The rules of a call, and the gRPC services in front of them."""

from importlib.metadata import version

__version__ = version("heyan")
