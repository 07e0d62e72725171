"""The interface as it is promised: docs/api/openapi.json is what the code says, and what it says is fit for others."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from ninja import Schema

from yifa.site.api import api

SNAPSHOT = Path(__file__).resolve().parent.parent / "docs" / "api" / "openapi.json"
COMMAND = ".venv/bin/yifa manage export_openapi_schema --api yifa.site.api.api --indent 1 --output docs/api/openapi.json"


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return found


def test_the_committed_document_is_what_the_code_answers() -> None:
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == document(), f"the interface changed; if it should, run: {COMMAND}"


def test_every_operation_has_chinese_words_and_english_names() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    for path, operations in found["paths"].items():
        for operation in operations.values():
            assert operation["operationId"].isascii(), path
            assert not operation["summary"].isascii(), path
            named = {each["name"]: each["schema"] for each in operation["parameters"]}
            assert all(name.isascii() and not schema["title"].isascii() for name, schema in named.items() if name != "If-Match"), path
    for name, schema in found["components"]["schemas"].items():
        for key, each in schema.get("properties", {}).items():
            assert key.isascii(), f"{name}.{key}"
            assert not each["title"].isascii() or each["title"] == "SHA-256", f"{name}.{key}"


def test_every_refusal_is_a_problem_and_every_list_is_paged() -> None:
    for path, operations in document()["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (path, status)
            names = {each["name"] for each in operation["parameters"]}
            if operation["operationId"] in {"list_cases", "list_due", "list_items", "list_counted"}:
                assert "cursor" in names, path


def test_no_two_shapes_have_one_name() -> None:
    """The document names a shape by its class: of two that share a name it would describe only one."""
    waiting, names = [Schema], Counter[str]()
    while waiting:
        found = waiting.pop().__subclasses__()
        waiting += found
        names.update(each.__name__ for each in found if each.__module__.startswith("yifa."))
    assert [name for name, n in names.items() if n > 1] == []
