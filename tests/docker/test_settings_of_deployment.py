"""What compose.yaml, the Kubernetes manifests and the image set is what the service knows, and is set rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.settings import Settings

DOCKER = Path(__file__).parents[2] / "docker"
FILES = [DOCKER / "compose.yaml", *sorted((DOCKER / "kubernetes").glob("*.yaml"))]


def pairs(node: Any) -> Iterator[tuple[str, str]]:
    """Every HEYAN_ name with its value: keys of mappings, and entries {name, value} as Kubernetes writes them."""
    if isinstance(node, dict):
        if str(node.get("name", "")).startswith("HEYAN_") and "value" in node:
            yield node["name"], node["value"]
        for key, value in node.items():
            if str(key).startswith("HEYAN_"):
                yield key, value
            yield from pairs(value)
    elif isinstance(node, list):
        for each in node:
            yield from pairs(each)


def settings_of(file: Path) -> dict[str, str]:
    return dict(pair for document in yaml.safe_load_all(file.read_text()) for pair in pairs(document))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_of_a_deployment_file_is_known_and_parses(file: Path, tmp_path: Path) -> None:
    given = settings_of(file)
    assert given
    assert all(isinstance(value, str) for value in given.values()), "a value without quotes is no text to Kubernetes"
    if file.parent.name == "kubernetes":  # what all of its processes get
        given = settings_of(file.with_name("settings.yaml")) | given
    secret = tmp_path / "secret"
    secret.write_text("region=x\n")
    mounted = {name: str(secret) if value.startswith("/run/") else value for name, value in given.items()}
    assert Settings.from_environment(mounted)


def test_every_setting_of_the_image_is_known_and_parses() -> None:
    given = dict(re.findall(r"(HEYAN_[A-Z_]+)=(\S+)", (DOCKER / "Dockerfile").read_text()))
    assert Settings.from_environment(given).data == Path("/var/lib/heyan")


def test_what_compose_uses_it_declares() -> None:
    compose = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    services = compose["services"].values()
    assert {name for each in services for name in each.get("secrets", [])} == set(compose["secrets"])
    assert {name for each in services for name in each.get("networks", [])} == set(compose["networks"])
    volumes = {name.split(":")[0] for each in services for name in each.get("volumes", []) if ":" in name}
    assert volumes == set(compose["volumes"])
    needed = {name for each in services for name in each.get("depends_on", {})}
    assert needed <= set(compose["services"])


def test_the_image_has_the_versions_that_were_tested() -> None:
    def pins(file: Path) -> set[str]:
        return set(re.findall(r"^([a-z0-9][^ ]*==[^ ;]+)", file.read_text(), re.MULTILINE))

    assert pins(DOCKER / "requirements.txt") <= pins(DOCKER.parent / "constraints.txt")
