"""What a request is answered with, and how results and errors look in each of AWS's protocols."""

import json
import uuid
from dataclasses import dataclass, field
from xml.sax.saxutils import escape


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/x-amz-json-1.1"
    headers: list = field(default_factory=list)
    # Who found the answer: "fakeaws", "moto", "fault" or "control". Test results say which part was a third party's.
    by: str = "fakeaws"
    error: str = ""
    # How it goes out when not simply at once: {"kind": "reset" | "hang" | "cut", …}, {"bytes_per_second"}, {"delay"}.
    transport: dict = field(default_factory=dict)


class ApiError(Exception):
    """An error that AWS would answer with."""

    def __init__(self, code, message, status=400):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


class NotImplementedHere(Exception):
    """Neither moto nor we answer this: a gap of the test server, which must not look like one of AWS's answers."""


def request_id():
    return str(uuid.uuid4())


def json_answer(value, status=200, content_type="application/x-amz-json-1.1"):
    text = "" if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Answer(status, text.encode(), content_type)


def result(operation, value):
    """The answer with that result, in the protocol of the operation's service."""
    protocol = operation.service_model.metadata["protocol"]
    if protocol == "json":
        version = operation.service_model.metadata.get("jsonVersion", "1.1")
        has_output = operation.output_shape is not None
        return json_answer(value if has_output else None, 200, f"application/x-amz-json-{version}")
    if protocol == "rest-json":
        return json_answer(value or {}, 200, "application/json")
    return Answer(200, _xml(operation, protocol, value or {}).encode(), "text/xml;charset=UTF-8")


def _xml(operation, protocol, value):
    name = operation.name
    namespace = operation.service_model.metadata.get("xmlNamespace", "")
    if protocol == "ec2":
        version = operation.service_model.metadata["apiVersion"]
        inner = f"<requestId>{request_id()}</requestId>" + _members(operation.output_shape, value)
        return f'<{name}Response xmlns="http://ec2.amazonaws.com/doc/{version}/">{inner}</{name}Response>'
    inner = _members(operation.output_shape, value) if operation.output_shape else ""
    return (f'<{name}Response xmlns="{namespace}"><{name}Result>{inner}</{name}Result>'
            f"<ResponseMetadata><RequestId>{request_id()}</RequestId></ResponseMetadata></{name}Response>")


def _members(shape, value):
    parts = []
    for name, member in shape.members.items():
        if name in value and value[name] is not None:
            tag = member.serialization.get("name", name)
            parts.append(f"<{tag}>{_content(member, value[name])}</{tag}>")
    return "".join(parts)


def _content(shape, value):
    if shape.type_name == "structure":
        return _members(shape, value)
    if shape.type_name == "list":
        tag = shape.member.serialization.get("name", "member")
        return "".join(f"<{tag}>{_content(shape.member, each)}</{tag}>" for each in value)
    if shape.type_name == "boolean":
        return "true" if value else "false"
    return escape(str(value))


def error(protocol, failure, namespace=""):
    """The answer with that ApiError, in a protocol."""
    code, message = failure.code, failure.message
    if protocol in ("query", "ec2", "rest-xml"):
        answer = Answer(failure.status, content_type="text/xml;charset=UTF-8")
        inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        if protocol == "query":
            kind = "Sender" if failure.status < 500 else "Receiver"
            text = (f'<ErrorResponse xmlns="{namespace}"><Error><Type>{kind}</Type>{inner}</Error>'
                    f"<RequestId>{request_id()}</RequestId></ErrorResponse>")
        elif protocol == "ec2":
            text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>{inner}</Error></Errors>'
                    f"<RequestID>{request_id()}</RequestID></Response>")
        else:
            text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}<RequestId>{request_id()}</RequestId>'
                    "</Error>")
        answer.body = text.encode()
    elif protocol == "rest-json":
        answer = json_answer({"Code": code, "Message": message}, failure.status, "application/json")
        answer.headers.append(("x-amzn-ErrorType", code))
    else:
        # AWS itself spells the member both ways: what the gate before the service refuses has a capital M.
        spelling = "Message" if code == "AccessDeniedException" else "message"
        answer = json_answer({"__type": code, spelling: message}, failure.status)
    answer.error = code
    return answer


WRONG_SIGNATURE = ("The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                   "Access Key and signing method. Consult the service documentation for details.")

# What every service may answer, by kind and then by service or protocol: (status, code, message).
GENERAL = {
    "throttling": {
        "json": (400, "ThrottlingException", "Rate exceeded"),
        "organizations": (400, "TooManyRequestsException", "AWS Organizations can't complete your request because another "
                          "request is already in progress. Try again later."),
        "rest-json": (429, "TooManyRequestsException", "Too Many Requests"),
        "query": (400, "Throttling", "Rate exceeded"),
        "ec2": (503, "RequestLimitExceeded", "Request limit exceeded."),
        "rest-xml": (503, "SlowDown", "Please reduce your request rate."),
    },
    "internal": {
        "json": (500, "InternalFailure", "The request processing has failed because of an unknown error."),
        "rest-json": (500, "InternalException", "Internal server error"),
        "query": (500, "InternalFailure", "The request processing has failed because of an unknown error."),
        "ec2": (500, "InternalError", "An internal error has occurred"),
        "rest-xml": (500, "InternalError", "We encountered an internal error. Please try again."),
    },
    "unavailable": {
        "json": (503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
        "query": (503, "ServiceUnavailable", "Service is unable to handle request."),
        "ec2": (503, "Unavailable", "The service is unavailable. Please try again shortly."),
        "rest-xml": (503, "ServiceUnavailable", "Service is unable to handle request."),
    },
    "expired_token": {
        "json": (400, "ExpiredTokenException", "The security token included in the request is expired"),
        "rest-json": (403, "ExpiredTokenException", "The security token included in the request is expired"),
        "query": (403, "ExpiredToken", "The security token included in the request is expired"),
        "ec2": (400, "RequestExpired", "Request has expired."),
        "rest-xml": (400, "ExpiredToken", "The provided token has expired."),
    },
    "unknown_client": {
        "json": (400, "UnrecognizedClientException", "The security token included in the request is invalid."),
        "rest-json": (403, "UnrecognizedClientException", "The security token included in the request is invalid."),
        "query": (403, "InvalidClientTokenId", "The security token included in the request is invalid."),
        "ec2": (401, "AuthFailure", "AWS was not able to validate the provided access credentials"),
        "rest-xml": (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
    },
    "bad_signature": {
        "json": (403, "InvalidSignatureException", WRONG_SIGNATURE),
        "query": (403, "SignatureDoesNotMatch", WRONG_SIGNATURE),
        "ec2": (401, "AuthFailure", "AWS was not able to validate the provided access credentials"),
    },
    "no_token": {
        "json": (403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        "query": (403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
        "ec2": (401, "AuthFailure", "AWS was not able to validate the provided access credentials"),
    },
    "invalid": {
        "json": (400, "ValidationException", ""),
        "rest-json": (400, "InvalidInputException", ""),
        "organizations": (400, "InvalidInputException", ""),
        "query": (400, "ValidationError", ""),
        "ec2": (400, "InvalidParameterValue", ""),
        "rest-xml": (400, "InvalidArgument", ""),
    },
    "malformed": {
        "json": (400, "SerializationException", ""),
        "rest-json": (400, "InvalidInputException", ""),
        "query": (400, "MalformedQueryString", ""),
    },
    "denied": {
        "json": (400, "AccessDeniedException", ""),
        "rest-json": (403, "AccessDeniedException", ""),
        "query": (403, "AccessDenied", ""),
        "ec2": (403, "UnauthorizedOperation", ""),
        "rest-xml": (403, "AccessDenied", "Access Denied"),
    },
}
FALL_BACK = {"rest-json": "json", "ec2": "query", "rest-xml": "query"}


def general(kind, service, protocol, message=None):
    """An error of a kind that every service has, in the words of this one."""
    rows = GENERAL[kind]
    row = rows.get(service) or rows.get(protocol) or rows.get(FALL_BACK.get(protocol, ""), rows["json"])
    status, code, text = row
    return ApiError(code, text if message is None else message, status)
