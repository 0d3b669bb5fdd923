"""The API answers any request as its OpenAPI description says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from app.server import create_app
from app.settings import Settings
from tests.cases import cases

pytestmark = pytest.mark.long

APP = create_app(Settings())
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", APP.server)


@schema.parametrize()
@hypothesis_settings(max_examples=cases(0.3), suppress_health_check=list(HealthCheck))
def test_answers_are_as_described(case: Any) -> None:
    """What fits the description may still be refused: its fields bound each other and the work."""
    if isinstance(case.query, dict):
        case.query = {"T": 500, "N": 2} | {
            key: value for key, value in case.query.items() if not (key == "T" and small(value))
        }
    response = case.call(headers={"Accept-Encoding": "identity"})
    checks = [not_a_server_error, status_code_conformance, content_type_conformance,
              response_schema_conformance, unsupported_method]  # fmt: skip
    case.validate_response(response, checks=checks, excluded_checks=[negative_data_rejection])


def small(value: Any) -> bool:
    """Whether a valid number of steps would only take long."""
    return isinstance(value, int) and value > 10_000
