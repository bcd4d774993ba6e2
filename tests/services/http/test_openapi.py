"""OpenAPI is the contract's: made from it, complete, and what is served."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from services.http.openapi import text
from services.http.side import OPENAPI, methods

HOUSE = Path(__file__).parents[3]
SERVED = json.loads(OPENAPI.read_text())


def test_it_is_not_stale(tmp_path: Path) -> None:
    buf = Path(sys.executable).parent / "buf"
    image = tmp_path / "contract.binpb"
    subprocess.run([buf, "build", "-o", image], cwd=HOUSE / "proto", check=True)
    assert OPENAPI.read_text() == text(FileDescriptorSet.FromString(image.read_bytes())), "run make openapi"


def test_every_method_is_there_and_says_what_it_needs() -> None:
    paths = {path for path in SERVED["paths"] if path.startswith("/heyan.v1.")}
    assert paths == set(methods())
    for path in paths:
        assert "Scope: " in SERVED["paths"][path]["post"]["description"], path


def test_every_reference_leads_somewhere() -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [node["$ref"]] if "$ref" in node else [found for each in node.values() for found in references(each)]
        return [found for each in node for found in references(each)] if isinstance(node, list) else []

    for reference in references(SERVED):
        assert reference.removeprefix("#/components/schemas/") in SERVED["components"]["schemas"]


@pytest.mark.parametrize("path", sorted(methods()))
def test_every_field_of_a_method_is_described_as_it_is(path: str) -> None:
    method = methods()[path]
    for message in (method.input_type, method.output_type):
        schema = SERVED["components"]["schemas"][message.name]
        assert list(schema["properties"]) == [field.name for field in message.fields]
        for field in message.fields:
            described = schema["properties"][field.name]
            assert described.get("description"), f"{message.name}.{field.name}"
            kind = described["items"] if field.is_repeated else described
            if field.type == FieldDescriptor.TYPE_STRING:
                assert kind["type"] == "string"


def test_limits_of_the_contract_are_told() -> None:
    schemas = SERVED["components"]["schemas"]
    assert schemas["CheckHeader"]["properties"]["label"]["maxLength"] == 256
    assert schemas["GetCallRequest"]["properties"]["name"]["pattern"].startswith("^calls/")
    assert schemas["ListCallsRequest"]["properties"]["page_size"]["maximum"] == 1000
    assert schemas["SubmissionState"]["enum"][3] == "SUBMISSION_STATE_DONE"
    form = SERVED["paths"]["/v1/check"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(form["properties"]) == {*schemas["CheckHeader"]["properties"], "password", "file"}
