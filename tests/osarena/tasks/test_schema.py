"""The JSON Schema of a task file."""

from __future__ import annotations

import json

from osarena.tasks.model import Task


def test_the_schema_names_every_key_of_a_task_file() -> None:
    schema = Task.model_json_schema(by_alias=True)
    assert set(schema["properties"]) >= {"schema", "id", "version", "instruction", "values", "setup", "check", "solution"}
    assert schema["required"] == ["schema", "id", "version", "instruction", "apps", "check"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["schema"]["const"] == "osarena/task@1"


def test_the_schema_describes_the_kinds_of_values() -> None:
    kinds = Task.model_json_schema(by_alias=True)["properties"]["values"]["additionalProperties"]["anyOf"]
    assert [[*kind["properties"]] for kind in kinds if "properties" in kind] == [
        ["choice"], ["sample", "count"], ["int"], ["date"], ["maker"], ["download"], ["literal"],
    ]  # fmt: skip


def test_the_schema_is_json() -> None:
    assert json.loads(json.dumps(Task.model_json_schema(by_alias=True)))["title"] == "Task"
