from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from clients.cli.doctor import examined
from services import doctor

WELL: dict[str, Any] = {
    "heyan": "0.1.0",
    "python": "3.11.7",
    "packages": {"click": "8.5.1", "grpcio": "1.85.1"},
    "settings_problem": None,
    "engine": "rapidocr",
    "calls": {"folder": "/calls", "usable": ["zhihui-2021"], "broken": {}},
    "rapidocr": {"version": "3.10.0", "models": ["det.onnx", "rec.onnx"], "backend": "openvino"},
    "tesseract": {"path": "/usr/bin/tesseract", "version": "5.3.0", "languages": ["chi_sim", "eng"]},
    "trials": {
        "rapidocr": {"works": True, "seconds": 1.0, "problem": ""},
        "tesseract": {"works": True, "seconds": 0.2, "problem": ""},
    },
    "fonts": ["NotoSansCJKsc-Regular.otf"],
    "soffice": None,
    "memory_mb": 8000,
    "memory_limit_mb": None,
    "cores": 2,
    "temporary_free_mb": 5000,
    "default_server": {"address": "127.0.0.1:50551", "ready": True},
}


def states(**changed: Any) -> dict[str, str]:
    return {item.name: item.state for item in examined(WELL | changed) if item.state != "ok"}


def test_a_healthy_machine_has_nothing_to_do() -> None:
    assert states() == {}
    assert [item.todo for item in examined(WELL) if item.todo] == []


def test_what_heyan_cannot_work_without_is_missing() -> None:
    assert states(packages={"click": None}) == {"软件包 packages": "missing"}
    assert states(settings_problem="HEYAN_ENGINE must be one of ...", engine=None) == {"设置 settings": "missing"}
    broken = {"works": False, "seconds": 0.0, "problem": "no model"}
    assert states(trials=WELL["trials"] | {"rapidocr": broken}) == {"RapidOCR": "missing"}
    assert states(trials=WELL["trials"] | {"tesseract": broken}) == {"Tesseract": "optional"}
    assert states(engine="tesseract", tesseract=None) == {"Tesseract": "missing"}
    assert "heyan" in states(broken="no module named services")


def test_a_required_version_is_no_part_of_a_packages_name(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["click", "opencv-python-headless>=5", "rich[all]==1; python_version>'3'", "pytest>=8; extra == 'test'"]
    monkeypatch.setattr(doctor, "requires", lambda name: lines)
    packages = doctor.facts()["packages"]
    assert isinstance(packages, dict)
    assert list(packages) == ["click", "opencv-python-headless", "rich"]


def test_a_call_with_a_mistake_is_told_and_without_any_call_nothing_works() -> None:
    broken = {"folder": "/calls", "usable": ["zhihui-2021"], "broken": {"talks": "/calls/talks/call.yaml:3:1: ..."}}
    assert states(calls=broken) == {"通知 calls": "optional"}
    assert states(calls=broken | {"usable": []}) == {"通知 calls": "missing"}
    assert [item.todo for item in examined(WELL | {"calls": broken}) if item.todo] == ["heyan call lint /calls/talks"]
    wrong = states(settings_problem="HEYAN_CALLS: there is no call in /calls", engine=None, calls=None)
    assert wrong == {"设置 settings": "missing"}


def test_rapidocr_is_needed_for_seals_even_where_tesseract_is_chosen() -> None:
    broken = {"works": False, "seconds": 0.0, "problem": "no model"}
    assert states(engine="tesseract", trials=WELL["trials"] | {"rapidocr": broken}) == {"RapidOCR": "missing"}


def test_what_it_can_work_without_is_optional_and_has_its_remedy() -> None:
    assert states(tesseract=None) == {"Tesseract": "optional"}
    assert states(fonts=[]) == {"模拟器字体 fonts": "optional"}
    assert states(memory_limit_mb=512) == {"内存 memory": "optional"}
    changes: list[dict[str, Any]] = [{"tesseract": None}, {"fonts": []}, {"memory_mb": 512}, {"temporary_free_mb": 1}]
    for changed in changes:
        assert [bool(item.todo) for item in examined(WELL | changed) if item.state == "optional"] == [True]


def test_the_services_facts_are_one_json_object_that_can_be_judged() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "services.doctor"], capture_output=True, text=True, timeout=60, check=True
    )
    facts = json.loads(run.stdout)
    assert WELL.keys() - facts.keys() == {"default_server"}
    assert examined(facts | {"default_server": WELL["default_server"]})
