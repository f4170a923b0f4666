"""The control endpoint: what tests ask of the server, on the same port below /_control/."""

import json
from urllib.parse import parse_qsl

from . import differences, seeding
from .answers import json_answer


class Control:
    def __init__(self, app):
        self.app = app
        self.on_stop = lambda: None
        self.table = {
            ("GET", "ready"): lambda given: {"ready": True},
            ("GET", "calls"): self.calls, ("GET", "summary"): lambda given: app.recorder.summary(),
            ("GET", "violations"): lambda given: app.recorder.violations(),
            ("GET", "differences"): self.differences,
            ("GET", "settings"): lambda given: app.settings, ("POST", "settings"): self.set_settings,
            ("GET", "faults"): lambda given: {"rules": app.faults.rules, "struck": app.faults.struck},
            ("POST", "faults"): self.set_faults,
            ("GET", "resources"): lambda given: app.store.all(), ("GET", "findings"): lambda given: app.hub.all(),
            ("GET", "accounts"): lambda given: app.organizations.members(),
            ("GET", "credentials"): self.credentials, ("POST", "session"): self.session,
            ("POST", "expire"): self.expire, ("POST", "seed"): self.seed, ("POST", "populate"): self.populate,
            ("POST", "remove"): self.remove, ("POST", "reset"): self.reset, ("POST", "stop"): self.stop,
        }

    def __call__(self, request):
        act = self.table.get((request.method, request.path[len("/_control/"):]))
        if act is None:
            names = ", ".join(sorted(f"{method} {name}" for method, name in self.table))
            return self._answer({"error": f"no such request; there are: {names}"}, 404)
        try:
            given = dict(parse_qsl(request.query)) if request.method == "GET" else json.loads(request.body or b"{}")
            return self._answer(act(given), 200)
        except Exception as wrong:
            return self._answer({"error": f"{type(wrong).__name__}: {wrong}"}, 400)

    def _answer(self, value, status):
        answer = json_answer(value, status, "application/json")
        answer.by = "control"
        return answer

    def calls(self, given):
        wanted = {name: value for name, value in given.items() if name != "after"}
        after = int(given.get("after", 0))
        return [call.public() for call in self.app.recorder.find(wanted) if call.number > after]

    def differences(self, given):
        """How the recorded calls differ from what botocore sends for the same input."""
        return differences.of_calls(self.app.recorder.find(given))

    def set_settings(self, given):
        unknown = given.keys() - self.app.settings.keys()
        if unknown:
            raise ValueError(f"no such settings: {sorted(unknown)}")
        self.app.settings.update(given)
        return self.app.settings

    def set_faults(self, given):
        if "seed" in given:
            self.app.settings["seed"] = str(given["seed"])
        self.app.faults.set(given.get("rules", []))
        return {"rules": self.app.faults.rules}

    def credentials(self, given):
        return self._credential(self.app.identities.user(given.get("account", self.app.settings["account"])))

    def session(self, given):
        return self._credential(self.app.identities.session(
            given.get("account", self.app.settings["account"]), given.get("role", "tester"), "test",
            given.get("seconds", 3600)))

    def _credential(self, made):
        return {"AccessKeyId": made.access_key, "SecretAccessKey": made.secret, "SessionToken": made.token,
                "Expiration": made.expires, "Account": made.account, "Arn": made.arn}

    def expire(self, given):
        self.app.identities.expire_all()
        return {}

    def seed(self, given):
        rows = seeding.from_folder(given["folder"]) if "folder" in given else given["rows"]
        return {"stored": seeding.load(self.app.store, rows, given.get("accounts"), given.get("regions"))}

    def populate(self, given):
        return {"made": seeding.populate(self.app.store, given["account"], given["region"], given["counts"])}

    def remove(self, given):
        with self.app.store.lock:
            self.app.store.remove(self.app.store.by_arn[given["arn"]])
        return {}

    def reset(self, given):
        from .app import DEFAULTS
        app = self.app
        acts = {
            "calls": app.recorder.reset, "faults": app.faults.reset, "resources": app.store.clear,
            "findings": app.hub.clear, "identities": app.identities.reset, "moto": app.moto.reset,
            "settings": lambda: app.settings.update(DEFAULTS),
        }
        for name in given.get("what", acts):
            acts[name]()
        return {}

    def stop(self, given):
        self.on_stop()
        return {}
