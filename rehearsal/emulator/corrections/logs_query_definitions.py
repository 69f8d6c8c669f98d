"""CloudWatch Logs PutQueryDefinition, DescribeQueryDefinitions, DeleteQueryDefinition: moto has none of them."""

import json
import time
from typing import Any, Dict

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse
from moto.moto_api._internal import mock_random


def _definitions(self: LogsResponse) -> Dict[str, Any]:
    return self.logs_backend.__dict__.setdefault("query_definitions", {})


def _put(self: LogsResponse) -> str:
    given = json.loads(self.body)
    given.pop("clientToken", None)
    known = given.setdefault("queryDefinitionId", str(mock_random.uuid4()))
    _definitions(self)[known] = {
        "logGroupNames": [],
        **given,
        "lastModified": int(time.time() * 1000),
    }
    return json.dumps({"queryDefinitionId": known})


def _describe(self: LogsResponse) -> str:
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    found = [d for d in _definitions(self).values() if d["name"].startswith(prefix)]
    return json.dumps({"queryDefinitions": found})


def _delete(self: LogsResponse) -> str:
    if _definitions(self).pop(self._get_param("queryDefinitionId"), None) is None:
        raise ResourceNotFoundException("The specified query definition does not exist.")
    return json.dumps({"success": True})


def apply() -> None:
    LogsResponse.put_query_definition = _put
    LogsResponse.describe_query_definitions = _describe
    LogsResponse.delete_query_definition = _delete
