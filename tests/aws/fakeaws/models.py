"""Which operation a request is for, and its input, by botocore's service models."""

import base64
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

import botocore.session

# Where the name in the signature is not that of the model.
SIGNING_NAMES = {"tagging": "resourcegroupstaggingapi", "monitoring": "cloudwatch", "cloudcontrolapi": "cloudcontrol"}
# What is called without a signature.
UNSIGNED_ACTIONS = {"AssumeRoleWithWebIdentity": "sts", "AssumeRoleWithSAML": "sts"}

SESSION = botocore.session.Session()
SESSION.set_credentials("AKIAUNUSEDUNUSED0000", "unused")


@lru_cache(maxsize=None)
def service_model(service):
    """botocore's model of a service, or None if there is no such service."""
    try:
        return SESSION.get_service_model(service)
    except botocore.exceptions.UnknownServiceError:
        return None


@lru_cache(maxsize=None)
def _operations(service):
    return frozenset(service_model(service).operation_names)


@lru_cache(maxsize=None)
def _routes(service):
    """(method, path pattern, operation) of a REST service, literal paths before those with variables."""
    model = service_model(service)
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http["requestUri"].split("?")[0]
        pattern = re.sub(r"\{(\w+)(\+?)\}", lambda m: f"(?P<{m[1]}>{'.+' if m[2] else '[^/]+'})", path.rstrip("/") or "/")
        routes.append((path.count("{"), -len(path), http["method"], re.compile(pattern), name))
    return [(method, pattern, name) for _, _, method, pattern, name in sorted(routes, key=lambda r: r[:2])]


@dataclass
class Parsed:
    """A request as its service understands it. `problems` are (kind, path, message), as validation.py writes them."""

    service: str = ""
    operation: str = ""
    model: object = None
    input: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    @property
    def protocol(self):
        model = service_model(self.service) if self.service else None
        return model.metadata["protocol"] if model else "json"


def parse(request, signing_name):
    """Parses a request. Without a known operation `model` is None."""
    service = SIGNING_NAMES.get(signing_name, signing_name)
    form = None
    if request.header("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        service = service or UNSIGNED_ACTIONS.get(form.get("Action", ""), "")
    parsed = Parsed(service)
    model = service_model(service) if service else None
    if model is None:
        return parsed
    protocol = model.metadata["protocol"]
    if protocol in ("query", "ec2") and form is None:
        form = dict(parse_qsl(request.query, keep_blank_values=True))
    if protocol == "json" or "x-amz-target" in request.lower:
        _parse_json(parsed, model, request)
    elif form is not None:
        _parse_form(parsed, model, form, protocol)
    else:
        _parse_rest(parsed, model, request)
    return parsed


def _choose(parsed, model, name):
    parsed.operation = name
    if name in _operations(parsed.service):
        parsed.model = model.operation_model(name)
    return parsed.model is not None


def _object(parsed, body):
    """The body as a JSON object; what is wrong with it goes to `problems`."""
    def unique(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            parsed.problems.append(("type", "", "a member is given twice"))
        return dict(pairs)

    try:
        value = json.loads(body.decode(), object_pairs_hook=unique)
    except (ValueError, UnicodeDecodeError) as wrong:
        parsed.problems.append(("type", "", f"the body is not JSON: {wrong}"))
        return {}
    if not isinstance(value, dict):
        parsed.problems.append(("type", "", "the body is no JSON object"))
        return {}
    return value


def _parse_json(parsed, model, request):
    prefix, _, name = request.header("x-amz-target", "").rpartition(".")
    if not _choose(parsed, model, name):
        return
    if prefix != model.metadata["targetPrefix"]:
        parsed.problems.append(("protocol", "", f"the target begins with {prefix}, not {model.metadata['targetPrefix']}"))
    wanted = "application/x-amz-json-" + model.metadata.get("jsonVersion", "1.0")
    if request.header("content-type", "") != wanted:
        parsed.problems.append(("protocol", "", f"the content type is {request.header('content-type', '')!r}, not {wanted}"))
    if request.method != "POST" or request.path != "/":
        parsed.problems.append(("protocol", "", f"{request.method} {request.path} instead of POST /"))
    if not request.body:
        parsed.problems.append(("protocol", "", "no body; an empty input is {}"))
    parsed.input = _object(parsed, request.body or b"{}")


def _parse_form(parsed, model, form, protocol):
    if not _choose(parsed, model, form.pop("Action", "")):
        return
    version = form.pop("Version", "")
    if version != model.metadata["apiVersion"]:
        parsed.problems.append(("protocol", "", f"Version {version!r} instead of {model.metadata['apiVersion']}"))
    used = set()
    shape = parsed.model.input_shape
    parsed.input = (_form_structure(shape, form, "", protocol, used) if shape else None) or {}
    for name in form.keys() - used:
        parsed.problems.append(("unknown", name, "no such parameter"))


def _form_name(name, member, protocol):
    serialization = member.serialization
    if protocol == "ec2":
        if "queryName" in serialization:
            return serialization["queryName"]
        location = serialization.get("name", name)
        return location[:1].upper() + location[1:]
    if member.type_name == "list" and serialization.get("flattened"):
        return member.member.serialization.get("name", serialization.get("name", name))
    return serialization.get("name", name)


def _form_structure(shape, form, prefix, protocol, used):
    found = {}
    for name, member in shape.members.items():
        value = _form_value(member, form, prefix + _form_name(name, member, protocol), protocol, used)
        if value is not None:
            found[name] = value
    return found or None


def _form_list(shape, form, prefix, protocol, used):
    if protocol == "query" and not shape.serialization.get("flattened"):
        prefix += "." + shape.member.serialization.get("name", "member")
    found = []
    while True:
        value = _form_value(shape.member, form, f"{prefix}.{len(found) + 1}", protocol, used)
        if value is None:
            return found or None
        found.append(value)


def _form_map(shape, form, prefix, protocol, used):
    if not shape.serialization.get("flattened"):
        prefix += ".entry"
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    found = {}
    while f"{prefix}.{len(found) + 1}.{key_name}" in form:
        entry = f"{prefix}.{len(found) + 1}"
        used.add(f"{entry}.{key_name}")
        found[form[f"{entry}.{key_name}"]] = _form_value(shape.value, form, f"{entry}.{value_name}", protocol, used)
    return found or None


def _form_value(shape, form, name, protocol, used):
    if shape.type_name == "structure":
        return _form_structure(shape, form, name + ".", protocol, used)
    if shape.type_name == "list":
        return _form_list(shape, form, name, protocol, used)
    if shape.type_name == "map":
        return _form_map(shape, form, name, protocol, used)
    if name not in form:
        return None
    used.add(name)
    return _from_text(shape, form[name])


def _from_text(shape, text):
    """A scalar that came as text; what is no value of its type stays text, and validation says so."""
    if shape.type_name == "boolean" and text in ("true", "false"):
        return text == "true"
    if shape.type_name in ("integer", "long") and re.fullmatch(r"-?\d+", text):
        return int(text)
    if shape.type_name in ("float", "double"):
        try:
            return float(text)
        except ValueError:
            return text
    if shape.type_name == "blob":
        return base64.b64decode(text)
    return text


def _parse_rest(parsed, model, request):
    path = unquote(request.path).rstrip("/") or "/"
    candidates = []
    for method, pattern, name in _routes(parsed.service):
        match = pattern.fullmatch(path) if method == request.method else None
        marks = _marks(model, name, request) if match else None
        if marks is not None:
            candidates.append((marks, name, match))
    if not candidates:
        return
    _, name, match = max(candidates, key=lambda candidate: candidate[0])
    _choose(parsed, model, name)
    shape = parsed.model.input_shape
    if shape is None:
        return
    query = parse_qsl(request.query, keep_blank_values=True)
    body = {}
    takes_body = any("location" not in m.serialization for m in shape.members.values())
    if model.metadata["protocol"] == "rest-json" and takes_body and "payload" not in shape.serialization:
        body = _object(parsed, request.body or b"{}")
        if request.body and request.header("content-type", "") != "application/json":
            parsed.problems.append(("protocol", "", "the content type is not application/json"))
    wire_names = set()
    for name, member in shape.members.items():
        location, wire = member.serialization.get("location"), member.serialization.get("name", name)
        wire_names.add(wire if location is None else "")
        value = None
        if location == "uri":
            value = _from_text(member, match.group(wire))
        elif location == "querystring":
            texts = [text for key, text in query if key == wire]
            if texts:
                value = texts if member.type_name == "list" else _from_text(member, texts[0])
        elif location == "header":
            text = request.header(wire.lower())
            value = None if text is None else _from_text(member, text)
        elif wire in body:
            value = body[wire]
        if value is not None:
            parsed.input[name] = value
    parsed.problems += [("unknown", name, "no such member") for name in body.keys() - wire_names]


def _marks(model, name, request):
    """S3 tells operations on one path apart by words in the query and required headers. Returns how many of these the
    request has, or None if one is missing.
    """
    operation = model.operation_model(name)
    words = [word.split("=")[0] for word in operation.http["requestUri"].partition("?")[2].split("&") if word]
    headers = []
    shape = operation.input_shape
    for member in shape.required_members if shape else ():
        serialization = shape.members[member].serialization
        if serialization.get("location") == "header":
            headers.append(serialization["name"].lower())
        elif serialization.get("location") == "querystring":
            words.append(serialization["name"])
    found = (all(re.search(rf"(^|&){re.escape(word)}(=|&|$)", request.query) for word in words)
             and all(header in request.lower for header in headers))
    return len(words) + len(headers) if found else None
