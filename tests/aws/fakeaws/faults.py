"""What goes wrong at AWS and on the way, on demand and the same in every run.

A rule:  {"service": "sagemaker", "operation": "Describe*", "account": "*", "region": "eu-*", "resource": "churn-*",
          "when": {"probability": 0.3}, "fault": {"kind": "throttle"}}

The first five are patterns, all of them optional; `resource` is compared with every text in the input. `when`, also
optional (always), says which of the matching calls are struck: `probability`; or by their number, counted from 1: `calls`
([1, 3]), `first` (n), `every` (n), `after` (n) with `count` (how many then). They are counted for the rule as a whole, or
with "per": "request" for each different request alone (so that "first": 1 strikes each request once and spares its
repetition), or with "per": "operation" for each operation, account and Region. The kinds are in BEFORE, PAGES and AFTER.
"""

import fnmatch
import hashlib
import json
import threading
import time
from collections import defaultdict

from .answers import Answer, ApiError, general, json_answer

JSON = "application/x-amz-json-1.1"
HTML = (b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n")
XML = (b'<?xml version="1.0"?>\n<ErrorResponse><Error><Code>AccessDenied</Code><Message>Denied by a gateway</Message></Error>'
       b"</ErrorResponse>\n")
DENIALS = {
    "identity": "because no identity-based policy allows the {action} action",
    "identity_deny": "with an explicit deny in an identity-based policy",
    "scp": "with an explicit deny in a service control policy",
    "boundary": "because no permissions boundary allows the {action} action",
    "session": "because no session policy allows the {action} action",
}
# What a token of ours begins with when it stands for a page that a fault put in.
MARK = "fault-"


def identity_of(call):
    text = json.dumps([call.account, call.region, call.service, call.operation, call.input], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).digest()


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


class Faults:
    def __init__(self, settings, store, identities):
        self.settings, self.store, self.identities = settings, store, identities
        self.lock = threading.Lock()
        self.rules = []
        self.reset()

    def reset(self):
        with self.lock:
            self.rules = []
            self.forget()

    def forget(self):
        self.attempts = defaultdict(int)
        self.counts = defaultdict(int)
        self.struck = defaultdict(int)
        self.buckets = {}

    def set(self, rules):
        for rule in rules:
            kind = rule["fault"]["kind"]
            if kind not in BEFORE and kind not in PAGES and kind not in AFTER:
                raise ValueError(f"no such fault: {kind}; there are: {', '.join(sorted([*BEFORE, *PAGES, *AFTER]))}")
        with self.lock:
            self.rules = [{"id": str(number), **rule} for number, rule in enumerate(rules)]
            self.forget()

    # Which rules strike a call

    def choose(self, call):
        """The faults of this call; at most one that is no mere delay."""
        identity = identity_of(call)
        chosen = []
        with self.lock:
            self.attempts[identity] += 1
            call.attempt = self.attempts[identity]
            for rule in self.rules:
                fault = rule["fault"]
                is_delay = fault["kind"] in ("delay", "trickle")
                if self._matches(rule, call) and self._strikes(rule, call, identity) \
                        and (is_delay or not any(other["kind"] not in ("delay", "trickle") for other in chosen)):
                    chosen.append(fault)
                    self.struck[rule["id"]] += 1
        call.fault = ",".join(fault["kind"] for fault in chosen)
        return chosen

    def _matches(self, rule, call):
        for name in ("service", "operation", "account", "region"):
            if name in rule and not fnmatch.fnmatchcase(getattr(call, name), rule[name]):
                return False
        return "resource" not in rule or any(fnmatch.fnmatchcase(text, rule["resource"]) for text in _texts(call.input))

    def _strikes(self, rule, call, identity):
        when = rule.get("when", {})
        per = {"request": identity, "operation": (call.operation, call.account, call.region)}.get(when.get("per"), "")
        self.counts[rule["id"], per] += 1
        number = self.counts[rule["id"], per]
        if "probability" in when:
            # By the request and how often it came, not by the order of arrival: threads must not change the outcome.
            seed = f"{self.settings['seed']} {rule['id']} {call.attempt} ".encode() + identity
            return int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") / 2**64 < when["probability"]
        if "calls" in when:
            return number in when["calls"]
        if "first" in when:
            return number <= when["first"]
        if "every" in when:
            return number % when["every"] == 0
        if "after" in when:
            return when["after"] < number <= when["after"] + when.get("count", 10**9)
        return True

    # What they do

    def before(self, call, faults):
        """An answer in place of the operation's, or None. Raises ApiError."""
        for fault in faults:
            act = BEFORE.get(fault["kind"])
            answer = act(self, call, fault) if act else None
            if answer is not None:
                answer.by = "fault"
                return answer
        return None

    def page_before(self, call, faults):
        """What a fault does to a List call's input, and the page it answers itself."""
        token = call.input.get("NextToken")
        if not isinstance(token, str) or not token.startswith(MARK):
            token = None
        for fault in faults:
            if fault["kind"] == "short_page":
                call.shown = dict(call.input)
                name = "MaxResults" if "MaxResults" in call.model.input_shape.members else "Limit"
                call.input[name] = fault.get("size", 1)
        if token:
            call.shown = call.shown or dict(call.input)
            rest = token.split(":", 2)[2]
            if rest:
                call.input["NextToken"] = rest
            else:
                del call.input["NextToken"]
        return token.split(":", 2) if token else None

    def after(self, call, faults, answer, marked):
        """The answer as the faults leave it."""
        for fault in faults:
            if fault["kind"] in PAGES and answer.status == 200 and answer.content_type.startswith("application/"):
                answer = PAGES[fault["kind"]](call, fault, answer, marked)
            elif fault["kind"] in AFTER:
                answer = AFTER[fault["kind"]](fault, answer) or answer
        return answer


# Faults instead of an answer

def _general(kind):
    return lambda faults, call, fault: _raise(general(kind, call.service, call.protocol, fault.get("message")), fault)


def _raise(failure, fault):
    raise ApiError(fault.get("code", failure.code), failure.message, fault.get("status", failure.status))


def _denied(faults, call, fault):
    raise denied(call, fault.get("reason", "identity"), fault.get("resource"))


def denied(call, reason="identity", resource=None):
    """AccessDenied, in AWS's words."""
    action = f"{call.scope.service if call.scope else call.service}:{call.operation}"
    arn = resource or _resource_of(call)
    principal = call.caller.arn if call.caller else "anonymous"
    words = DENIALS[reason].format(action=action)
    return general("denied", call.service, call.protocol,
                   f"User: {principal} is not authorized to perform: {action} on resource: {arn} {words}")


def _resource_of(call):
    if call.service != "sagemaker":
        return "*"
    from .sagemaker_types import ROWS
    if "ResourceArn" in call.input:
        return call.input["ResourceArn"]
    for row in ROWS:
        if call.operation.endswith((row.name, row.name + "s")) and call.operation in (
                "List" + row.name + "s", "Describe" + row.name, "Create" + row.name, "Update" + row.name,
                "Start" + row.name, "Stop" + row.name, "Delete" + row.name):
            name = str(call.input.get(row.key, "*")) if not call.operation.startswith("List") else "*"
            return f"arn:aws:sagemaker:{call.region}:{call.account}:{row.part}/{name.lower()}"
    return "*"


def _error(faults, call, fault):
    raise ApiError(fault["code"], fault.get("message", ""), fault.get("status", 400))


def _expired(faults, call, fault):
    if fault.get("end_sessions"):
        faults.identities.expire_all()
    raise general("expired_token", call.service, call.protocol)


def _vanish(faults, call, fault):
    """The resource that the call names is deleted just before."""
    store = faults.store
    with store.lock:
        named = set(_texts(call.input))
        for record in list(store.by_arn.values()):
            if (record.account, record.region) == (call.account, call.region) and ({record.arn, record.name} & named):
                kind = record.type.name
                if call.operation in ("ListTags", "AddTags") or call.operation.endswith(kind):
                    store.remove(record)


def _rate(faults, call, fault):
    """A token bucket for each account, Region and operation."""
    key = (call.account, call.region, call.operation, fault["per_second"])
    most = fault.get("burst", fault["per_second"])
    with faults.lock:
        tokens, then = faults.buckets.get(key, (most, time.monotonic()))
        moment = time.monotonic()
        tokens = min(most, tokens + (moment - then) * fault["per_second"])
        enough = tokens >= 1
        faults.buckets[key] = (tokens - 1 if enough else tokens, moment)
    if not enough:
        raise general("throttling", call.service, call.protocol)


def _raw(body, content_type, status):
    def make(faults, call, fault):
        return Answer(fault.get("status", status), body, fault.get("content_type", content_type))
    return make


def _huge(faults, call, fault):
    size = fault.get("bytes", 100 * 2**20)
    return Answer(fault.get("status", 200), b'{"Filler":"' + b"x" * size + b'"}')


def _transport(kind):
    def make(faults, call, fault):
        return Answer(0, transport={**fault, "kind": kind})
    return make


BEFORE = {
    "throttle": _general("throttling"), "internal": _general("internal"), "unavailable": _general("unavailable"),
    "region_not_enabled": _general("unknown_client"), "denied": _denied, "error": _error, "expired_token": _expired,
    "vanish": _vanish, "rate": _rate,
    "html": _raw(HTML, "text/html", 502), "xml": _raw(XML, "text/html; charset=utf-8", 403),
    "empty": _raw(b"", JSON, 200), "malformed": _raw(b'{"Models":[{"ModelName":"x",]}', JSON, 200),
    "wrong_shape": _raw(b"[1,2,3]", JSON, 200),
    "huge": _huge, "reset": _transport("reset"), "hang": _transport("hang"),
}


# Faults of pages: these know answers in JSON with one list and a NextToken.

def _list_of(call):
    for name, member in call.model.output_shape.members.items():
        if member.type_name == "list":
            return name
    return None


def _with(answer, value):
    made = json_answer(value, answer.status, answer.content_type)
    made.by, made.headers = answer.by, answer.headers
    return made


def _endless(call, fault, answer, marked):
    """Tokens without end. `style`: fresh tokens with the first page again, "empty" pages, or the "same" token."""
    value = json.loads(answer.body)
    name, style = _list_of(call), fault.get("style", "repeat")
    round_number = int(marked[1]) + 1 if marked else 1
    if style == "empty" and marked:
        value[name] = []
    token = call.input.get("NextToken", "")
    value["NextToken"] = f"{MARK}endless:{1 if style == 'same' else round_number}:{token}"
    return _with(answer, value)


def _again(call, fault, answer, marked):
    """Each page comes twice."""
    if marked:
        return answer
    value = json.loads(answer.body)
    value["NextToken"] = f"{MARK}again:1:{call.input.get('NextToken', '')}"
    return _with(answer, value)


def _empty_first(call, fault, answer, marked):
    """Before each page comes an empty one with a token, as Organizations does."""
    if marked:
        return answer
    value = json.loads(answer.body)
    value[_list_of(call)] = []
    value["NextToken"] = f"{MARK}empty:1:{call.input.get('NextToken', '')}"
    return _with(answer, value)


PAGES = {"endless_token": _endless, "duplicate_page": _again, "empty_page": _empty_first,
         "short_page": lambda call, fault, answer, marked: answer}


# Faults of the answer on its way

def _truncated(fault, answer):
    """The body ends too early, and the length says so: broken JSON in a whole answer."""
    answer.body = answer.body[: int(len(answer.body) * fault.get("keep", 0.5))]


def _cut(fault, answer):
    answer.transport = {"kind": "cut", "keep": fault.get("keep", 0.5)}


def _delay(fault, answer):
    answer.transport = {**answer.transport, "delay": fault.get("seconds", 0.2)}


def _trickle(fault, answer):
    answer.transport = {**answer.transport, "bytes_per_second": fault.get("bytes_per_second", 200)}


def _reset_after(fault, answer):
    """The operation was carried out, but its answer doesn't arrive."""
    answer.transport = {"kind": "reset"}


def _extra(fault, answer):
    """Members that no model knows yet."""
    if answer.status == 200 and answer.body.startswith(b'{"'):
        answer.body = b'{"MemberOfTomorrow":{"Deep":[1,{"x":null}]},' + answer.body[1:]


AFTER = {"truncated": _truncated, "cut": _cut, "delay": _delay, "trickle": _trickle, "reset_after": _reset_after,
         "extra_member": _extra}
