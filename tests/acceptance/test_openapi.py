"""The OpenAPI document held against a running server: whatever is sent, no 500, and every answer as declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from database import TestServer
from devtime.bootstrap import build_application
from devtime.kernel.settings import Settings
from instances import Instance, Resident, run_fresh

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_EXAMPLES = 20


@lru_cache(maxsize=1)
def _schema() -> Any:
    application = build_application(Settings(home=Path("/nowhere")), "postgresql:///nowhere")
    return schemathesis.openapi.from_dict(application.openapi_schema.to_schema())


def _operations() -> list[Any]:
    return [found.ok() for found in _schema().get_all_operations()]


def _name(operation: Any) -> str:
    return f"{operation.method.upper()} {operation.path}"


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A server for these tests alone: they leave strange things behind."""
    with run_fresh(test_server, tmp_path_factory.mktemp("instance")) as running:
        yield running


@pytest.fixture(scope="module")
def resident(instance: Instance) -> Resident:
    """Whose key is shown."""
    return instance.settle()


def test_the_served_document_is_the_one_the_tests_use(instance: Instance) -> None:
    with instance.client() as client:
        served = client.get("/api/docs/openapi.json").json()
    assert sorted(served["paths"]) == sorted(_schema().raw_schema["paths"])
    assert len(served["paths"]) > 40


@pytest.mark.parametrize("operation", _operations(), ids=_name)
def test_every_answer_is_as_declared(instance: Instance, resident: Resident, operation: Any) -> None:
    with instance.client(resident) as client:
        _try(instance, client, operation, {"Authorization": f"Bearer {resident.key}"}, _EXAMPLES)
    assert instance.complaints() == ""


@pytest.mark.parametrize("operation", _operations(), ids=_name)
def test_every_answer_to_a_stranger_is_as_declared(instance: Instance, operation: Any) -> None:
    with instance.client() as client:
        _try(instance, client, operation, {}, 3)
    assert instance.complaints() == ""


def _try(instance: Instance, client: httpx.Client, operation: Any, headers: dict[str, str], examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def attempt(case: Any) -> None:
        for name in [name for name in case.headers or {} if name.lower() in ("authorization", "x-api-key")]:
            del case.headers[name]
        for name in ("api_key",):
            (case.query or {}).pop(name, None)
        case.call_and_validate(base_url=instance.address, headers=headers, checks=_CHECKS)

    attempt()
