"""Compares a recorded request with the one that botocore makes of the same input."""

import json
from functools import lru_cache
from urllib.parse import parse_qsl

from botocore.config import Config

from .models import SESSION

# What botocore sends besides and no service needs.
BOTOCORE_ONLY = {"amz-sdk-invocation-id", "amz-sdk-request"}
ENDPOINT = "http://127.0.0.1:1"


class _Captured(Exception):
    def __init__(self, request):
        super().__init__()
        self.request = request


def _capture(request, **_):
    raise _Captured(request)


@lru_cache(maxsize=None)
def _client(service, region, with_token):
    client = SESSION.create_client(
        service, region_name=region, endpoint_url=ENDPOINT, aws_access_key_id="AKIAUNUSEDUNUSED0000",
        aws_secret_access_key="unused", aws_session_token="token" if with_token else None,
        config=Config(retries={"max_attempts": 0}, parameter_validation=False))
    client.meta.events.register("before-send", _capture)
    return client


def botocore_request(service, operation, given, region="us-east-1", with_token=False):
    """What botocore sends: {"method", "path", "headers", "signed_headers", "body"}."""
    client = _client(service, region, with_token)
    try:
        client._make_api_call(operation, given)
    except _Captured as captured:
        request = captured.request
    headers = {name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    body = request.body or b""
    signed = headers.get("authorization", "").partition("SignedHeaders=")[2].partition(",")[0]
    return {"method": request.method, "path": request.url[len(ENDPOINT):] or "/", "headers": headers,
            "signed_headers": signed.split(";") if signed else [],
            "body": body.decode() if isinstance(body, bytes) else body}


def _comparable(content_type, body):
    if "json" in content_type:
        try:
            return json.loads(body) if body else None
        except ValueError:
            return body
    if content_type.startswith("application/x-www-form-urlencoded"):
        return sorted(parse_qsl(body, keep_blank_values=True))
    return body


def of_call(call):
    """The differences of one call, as texts."""
    given = call.input if call.shown is None else call.shown
    ours = call.request
    theirs = botocore_request(call.service, call.operation, given, call.region, "x-amz-security-token" in ours.lower)
    found = []

    def compare(what, one, other):
        if one != other:
            found.append(f"{what}: {one!r}; botocore: {other!r}")

    compare("method", ours.method, theirs["method"])
    compare("path", ours.target, theirs["path"])
    for name in ("x-amz-target", "content-type", "x-amzn-query-mode"):
        compare(name, ours.header(name), theirs["headers"].get(name))
    kind = theirs["headers"].get("content-type", "")
    compare("body", _comparable(kind, ours.body.decode("utf-8", "replace")), _comparable(kind, theirs["body"]))
    compare("signed headers", sorted(call.scope.signed_headers) if call.scope else [],
            sorted(set(theirs["signed_headers"]) - BOTOCORE_ONLY))
    return found


def of_calls(calls):
    rows = []
    for call in calls:
        if call.model is None:
            rows.append({"number": call.number, "operation": call.operation, "differences": ["no such operation"]})
            continue
        found = of_call(call)
        if found:
            rows.append({"number": call.number, "operation": f"{call.service}:{call.operation}", "differences": found})
    return {"compared": len(calls), "different": rows}
