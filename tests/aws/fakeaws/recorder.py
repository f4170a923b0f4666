"""What was called: every request with what came of it."""

import threading
import time
from dataclasses import dataclass, field

from . import signatures

# A test that makes more calls has to fetch them in between; the oldest go first.
MOST_CALLS = 500_000


@dataclass(eq=False)
class Call:
    """One request on its way through the server."""

    request: object
    number: int = 0
    started: float = 0.0
    seconds: float = 0.0
    service: str = ""
    operation: str = ""
    model: object = None
    protocol: str = "json"
    account: str = ""
    region: str = ""
    scope: object = None
    caller: object = None
    input: dict = field(default_factory=dict)
    # The input as it came, where a fault gives the operation another one.
    shown: dict = None
    # How often this very request (caller's account, Region, operation, input) has come, this time included.
    attempt: int = 1
    violations: list = field(default_factory=list)
    # What is wrong with single findings of a BatchImportFindings: these are refused one by one.
    finding_problems: list = field(default_factory=list)
    fault: str = ""
    status: int = 0
    error: str = ""
    by: str = ""
    size: int = 0

    def public(self):
        """As the control endpoint shows it."""
        scope = self.scope
        return {
            "number": self.number, "time": self.started, "seconds": round(self.seconds, 6),
            "service": self.service, "operation": self.operation, "account": self.account, "region": self.region,
            "access_key": scope.access_key if scope else "", "principal": self.caller.arn if self.caller else "",
            "input": self.input if self.shown is None else self.shown, "attempt": self.attempt,
            "method": self.request.method, "path": self.request.target,
            "headers": [list(pair) for pair in self.request.headers],
            "signed_headers": list(scope.signed_headers) if scope else [],
            "user_agent": self.request.header("user-agent", ""), "connection": self.request.connection,
            "body": self.request.body.decode("utf-8", "replace"),
            "status": self.status, "error": self.error, "answered_by": self.by, "fault": self.fault,
            "answer_bytes": self.size, "violations": self.violations,
        }

    def matches(self, wanted):
        return all(str(getattr(self, name)) == value for name, value in wanted.items())


class Recorder:
    def __init__(self):
        self.lock = threading.Lock()
        self.under_way = set()
        self.reset()

    def reset(self):
        with self.lock:
            # A call that hangs since before is none of the next test's.
            self.under_way.clear()
            self.calls, self.count, self.running, self.most_running = [], 0, 0, 0

    def begin(self, request):
        call = Call(request, started=time.time(), scope=signatures.scope_of(request))
        with self.lock:
            self.count += 1
            call.number = self.count
            self.under_way.add(call)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        return call

    def end(self, call, answer):
        call.seconds = time.time() - call.started
        call.status, call.error, call.by, call.size = answer.status, answer.error, answer.by, len(answer.body)
        with self.lock:
            if call not in self.under_way:
                return
            self.under_way.remove(call)
            self.running -= 1
            self.calls.append(call)
            if len(self.calls) > MOST_CALLS:
                del self.calls[: MOST_CALLS // 10]

    def find(self, wanted):
        with self.lock:
            return [call for call in self.calls if call.matches(wanted)]

    def violations(self):
        with self.lock:
            return [{"number": call.number, "service": call.service, "operation": call.operation, "account": call.account,
                     "region": call.region, "input": call.public()["input"], "violations": call.violations}
                    for call in self.calls if call.violations]

    def summary(self):
        with self.lock:
            rows = {}
            for call in self.calls:
                row = rows.setdefault(f"{call.service}:{call.operation}", {"calls": 0, "errors": {}, "answered_by": {}})
                row["calls"] += 1
                row["answered_by"][call.by] = row["answered_by"].get(call.by, 0) + 1
                if call.error:
                    row["errors"][call.error] = row["errors"].get(call.error, 0) + 1
            connections = {call.request.connection for call in self.calls}
            return {"calls": len(self.calls), "operations": rows, "connections": len(connections),
                    "most_at_once": self.most_running, "violations": sum(bool(c.violations) for c in self.calls)}
