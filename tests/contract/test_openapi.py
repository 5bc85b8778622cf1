"""The OpenAPI document and the server that serves it: no request makes the server fail, every answer is as declared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from database import TestServer
from devtime.bootstrap import build_application
from devtime.kernel.settings import Settings
from devtime.server.openapi import PATH
from instances import Instance, Resident, afternoon_zone, run_fresh
from past import make_past

DOCUMENT: dict[str, Any] = build_application(Settings(home=Path("/nonexistent")), "").openapi_schema.to_schema()
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# The same requests in every run, few enough for every run. No answer may steer what is asked next.
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 1,
        "generation": {"max-examples": 12, "deterministic": True, "no-shrink": True, "database": "none"},
        "phases": {"fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}}},
    }
)
schema: Any = cast("Any", schemathesis.openapi).from_dict(DOCUMENT, config=CONFIG)
OPERATIONS: list[Any] = sorted(
    (found.ok() for found in schema.get_all_operations()), key=lambda each: (each.path, each.method)
)
PAST = make_past(51, afternoon_zone(), 2)[-150:]
_IDS = ("key_id", "import_id", "goal_id", "plugin_id", "report_id", "theme_id")
_SOMETHING = {name: str(UUID(int=1)) for name in _IDS}


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with run_fresh(test_server, tmp_path_factory.mktemp("openapi")) as running:
        yield running


@pytest.fixture
def resident(instance: Instance) -> Resident:
    """Whoever asks, with something to tell: another one for each operation, as some of them change the account."""
    made = instance.settle(zone=afternoon_zone())
    instance.send(made, PAST)
    return made


def test_the_document_served_is_the_one_tested(instance: Instance) -> None:
    with instance.client() as client:
        assert client.get(PATH).json() == DOCUMENT


@schema.parametrize()
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_answer_to_a_full_key_is_as_declared(case: Any, instance: Instance, resident: Resident) -> None:
    answer = case.call(base_url=instance.address, headers={"Authorization": f"Bearer {resident.key}"})
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.label for each in OPERATIONS])
def test_without_a_key_nothing_is_told_that_is_not_declared_open(operation: Any, instance: Instance) -> None:
    names = [parameter.name for parameter in operation.path_parameters]
    case = operation.Case(path_parameters={name: _SOMETHING.get(name, "today") for name in names})
    answer = case.call(base_url=instance.address)
    assert (answer.status_code != 401) == (operation.definition.raw.get("security") == [{}])
    case.validate_response(answer, checks=CHECKS)
