"""Signature Version 4, checked with botocore's signer."""

import calendar
import hashlib
import re
import time
from dataclasses import dataclass

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .answers import ApiError, general

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request,"
    r"\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})")
ALLOWED_SKEW_SECONDS = 300
# What has one endpoint in a partition is signed for that endpoint's Region.
ONE_REGION = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1"}
IN_ONE_REGION = {"organizations": {**ONE_REGION, "aws-cn": "cn-northwest-1"}, "iam": {**ONE_REGION, "aws-cn": "cn-north-1"}}
# What has to be signed when it is sent.
MUST_BE_SIGNED = ("host", "content-type", "x-amz-date", "x-amz-security-token", "x-amz-target", "x-amz-content-sha256")


@dataclass(frozen=True)
class Scope:
    """What a request says about who signed it, and for what."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple
    signature: str


def scope_of(request):
    match = AUTHORIZATION.fullmatch(request.header("authorization", ""))
    if not match:
        return None
    return Scope(match["key"], match["date"], match["region"], match["service"].lower(),
                 tuple(match["headers"].split(";")), match["signature"])


def check_time(request, scope, clock_offset, fail):
    """`clock_offset` is by how many seconds the server's clock is ahead of the machine's."""
    stamp = request.header("x-amz-date", "")
    try:
        signed_at = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        raise fail("bad_signature", "Date must be in ISO-8601 'basic format'. Got '{}'.".format(stamp)) from None
    if scope.date != stamp[:8]:
        raise fail("bad_signature", f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
                   f"HTTP: '{scope.date}' != '{stamp[:8]}'.")
    now = time.time() + clock_offset
    text = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    if signed_at < now - ALLOWED_SKEW_SECONDS:
        raise fail("bad_signature", f"Signature expired: {stamp} is now earlier than {text} - 5 min.")
    if signed_at > now + ALLOWED_SKEW_SECONDS:
        raise fail("bad_signature", f"Signature not yet current: {stamp} is still later than {text} + 5 min.")


def signature_of(request, scope, credential):
    """The signature that this request should have."""
    signer_class = S3SigV4Auth if scope.service == "s3" else SigV4Auth
    signer = signer_class(Credentials(credential.access_key, credential.secret), scope.service, scope.region)
    path = request.target.partition("?")[0]
    signed = AWSRequest(request.method, f"http://{request.header('host', '')}{path}", data=request.body)
    if request.query:
        signed.url += "?" + request.query
    for name, value in request.headers:
        if name.lower() in scope.signed_headers:
            signed.headers.add_header(name, value)
    signed.context["timestamp"] = request.header("x-amz-date", "")
    text = signer.string_to_sign(signed, signer.canonical_request(signed))
    return signer.signature(text, signed)


def problems_of(request, scope):
    """What a signer forgot: reported as violations even when the signature itself is right."""
    found = [f"the header {name} is sent but not signed" for name in MUST_BE_SIGNED
             if name in request.lower and name not in scope.signed_headers]
    found += [f"the header {name} is signed but not sent" for name in scope.signed_headers if name not in request.lower]
    if list(scope.signed_headers) != sorted(scope.signed_headers):
        found.append("the signed headers are not sorted")
    stated = request.header("x-amz-content-sha256")
    if stated and stated != "UNSIGNED-PAYLOAD" and stated != hashlib.sha256(request.body).hexdigest():
        found.append("x-amz-content-sha256 is not the body's hash")
    return found


def check(request, scope, credential, clock_offset, service, protocol):
    """Raises the ApiError that AWS answers with when a request is not signed rightly."""
    def fail(kind, message=None):
        return general(kind, service, protocol, message)

    if scope is None:
        if "authorization" in request.lower:
            raise ApiError("IncompleteSignatureException" if protocol == "json" else "IncompleteSignature",
                           "Authorization header is not in the form of Signature Version 4.", 400)
        raise fail("no_token")
    if credential is None or credential.token != request.header("x-amz-security-token", ""):
        raise fail("unknown_client")
    check_time(request, scope, clock_offset, fail)
    wrong = [text for text in problems_of(request, scope) if "hash" in text or "not sent" in text]
    if wrong or signature_of(request, scope, credential) != scope.signature:
        raise fail("bad_signature")
