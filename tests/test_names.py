"""Our import names are generic: no dependency may bring a package of the same name."""

from __future__ import annotations

from importlib.metadata import distributions

OURS = {"extractors", "services", "clients", "heyan", "benchmarks", "tests"}


def test_no_dependency_brings_a_package_of_our_names() -> None:
    clashes = {
        (distribution.metadata["Name"], top)
        for distribution in distributions()
        if distribution.metadata["Name"] != "heyan"
        for path in distribution.files or ()
        if (top := path.parts[0].removesuffix(".py")) in OURS
    }
    assert clashes == set()
