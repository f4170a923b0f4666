"""The way of a request through the server: who and what it is, faults, signature, validation, and the answer."""

import time
import traceback

from . import answers, models, signatures, validation
from .answers import ApiError, general
from .configservice import Config
from .control import Control
from .faults import Faults
from .iam import Iam
from .identity import DEFAULT_ACCOUNT, Identities, Sts
from .motoapp import Moto
from .organizations import Organizations
from .recorder import Recorder
from .regions import Regions, partition_of
from .sagemaker import SageMaker
from .securityhub import SecurityHub
from .store import Store
from .vending import Vending

# What tests can set, by POST /_control/settings.
DEFAULTS = {
    "account": DEFAULT_ACCOUNT,  # of requests whose access key is unknown (while signatures are not checked)
    "home_region": "us-east-1",  # its partition is that of the users' ARNs
    "signatures": False,  # check them
    "clock_offset": 0,  # seconds that this server's clock is ahead
    "session_seconds": 0,  # how long every new session lasts, whatever was asked for; 0: as asked
    "roles": None,  # see identity.Sts
    "opted_in": {},  # see regions.Regions
    "organization": None,  # see organizations.Organizations
    "delegated_administrators": [],
    "aggregators": {},  # see configservice.Config
    "recorders": [],  # see configservice.Config
    "not_queryable": [],  # types that Config records and its queries do not know, such as "Model"
    "role_denies": {},  # see iam.Iam
    "hub_off": [],  # see securityhub.SecurityHub
    "refused_findings": [],  # see there
    "failing_deployments": [],  # names of endpoints whose deployments AWS rolls back
    "transitions": 0,  # how many Describes a status like Pending lasts
    "feature_page": 100,  # feature definitions a page of DescribeFeatureGroup
    "tag_page": 50,  # most tags a page of ListTags
    "moto_only": False,  # leave every operation to moto, to compare it with ours
    "latency": 0.0,  # seconds before every answer
    "seed": "1",  # of what happens by chance
}
JSON_GAP = "application/x-amz-json-1.1"


class App:
    def __init__(self, folder=None):
        self.settings = dict(DEFAULTS)
        self.identities = Identities(self.settings)
        self.store = Store(self.settings)
        self.recorder = Recorder()
        self.regions = Regions(self.settings)
        self.hub = SecurityHub(self.settings)
        self.organizations = Organizations(self.settings, self.store)
        self.faults = Faults(self.settings, self.store, self.identities)
        self.moto = Moto()
        self.vending = Vending(self.identities, self.settings)
        self.control = Control(self)
        self.operations = {
            "sagemaker": SageMaker(self.store, self.settings).operations(),
            "sts": Sts(self.identities, self.settings).operations(),
            "ec2": self.regions.operations(),
            "iam": Iam(self.settings).operations(),
            "organizations": self.organizations.operations(),
            "config": Config(self.store, self.settings).operations(),
            "securityhub": self.hub.operations(),
        }

    def __call__(self, request):
        if request.path.startswith("/_control/"):
            return self.control(request)
        call = self.recorder.begin(request)
        vended = self.vending(request, call)
        if vended is not None:
            self.recorder.end(call, vended)
            return vended
        try:
            answer = self._answer(call)
        except Exception:
            # An error of this server must never look like one of AWS's.
            call.violations.append("the test server failed:\n" + traceback.format_exc())
            answer = answers.json_answer({"__type": "TestServerError", "message": traceback.format_exc()}, 500)
        # Here and not in web.py, so that a call counts as running while its client waits.
        time.sleep(self.settings["latency"] + answer.transport.get("delay", 0))
        self.recorder.end(call, answer)
        return answer

    def _answer(self, call):
        parsed = self._identify(call)
        faults = self.faults.choose(call) if call.service else []
        marked = None
        try:
            answer = self.faults.before(call, faults)
            if answer is None:
                self._authenticate(call)
                if call.model is not None:
                    marked = self.faults.page_before(call, faults)
                self._validate(call, parsed)
                answer = self._operate(call)
        except ApiError as failure:
            model = models.service_model(call.service) if call.service else None
            namespace = model.metadata.get("xmlNamespace", "") if model else ""
            answer = answers.error(call.protocol, failure, namespace)
            if call.fault:
                answer.by = "fault"
        if call.model is not None and faults:
            answer = self.faults.after(call, faults, answer, marked)
        elif marked and answer.status == 200:
            answer = self.faults.after(call, faults, answer, marked)
        return answer

    def _identify(self, call):
        scope = call.scope
        parsed = models.parse(call.request, scope.service if scope else "")
        call.service, call.operation, call.model = parsed.service, parsed.operation, parsed.model
        call.protocol, call.input = parsed.protocol, parsed.input
        call.region = scope.region if scope else self.settings["home_region"]
        known = self.identities.find(scope.access_key) if scope else None
        call.caller = known or self.identities.user(self.settings["account"])
        call.account = call.caller.account
        if scope:
            call.violations += [f"signature: {text}" for text in signatures.problems_of(call.request, scope)]
        elif "authorization" in call.request.lower:
            call.violations.append("signature: the Authorization header is malformed")
        return parsed

    def _authenticate(self, call):
        scope, unsigned = call.scope, call.operation in models.UNSIGNED_ACTIONS
        known = self.identities.find(scope.access_key) if scope else None
        if self.settings["signatures"] and not unsigned:
            signatures.check(call.request, scope, known, self.settings["clock_offset"], call.service, call.protocol)
        elif known and known.token != call.request.header("x-amz-security-token", ""):
            raise general("unknown_client", call.service, call.protocol)
        if known and known.expired():
            raise general("expired_token", call.service, call.protocol)
        wanted = signatures.IN_ONE_REGION.get(call.service, {}).get(partition_of(call.region), call.region)
        if call.region != wanted:
            call.violations.append(f"signature: {call.service} is signed for {call.region}, not {wanted}")
            raise general("bad_signature", call.service, call.protocol, "Credential should be scoped to a valid region.")
        if not self.regions.enabled(call.account, call.region):
            raise general("unknown_client", call.service, call.protocol)

    def _validate(self, call, parsed):
        problems = list(parsed.problems)
        if call.model is None:
            what = f"{call.service}:{call.operation}" if call.service else f"{call.request.method} {call.request.target}"
            call.violations.append(f"no such operation: {what}")
            raise ApiError("UnknownOperationException", "", 404 if call.protocol == "json" else 400)
        if call.model.input_shape is not None:
            problems += validation.validate(call.model.input_shape, call.input)
        if call.operation == "BatchImportFindings":
            single = [each for each in problems if each[0] == "constraint" and each[1].startswith("findings.")]
            call.finding_problems = single
            problems = [each for each in problems if each not in single]
        call.violations += [validation.described(problem) for problem in problems]
        if any(kind == "type" for kind, _, _ in problems):
            raise general("malformed", call.service, call.protocol, "; ".join(
                f"{path}: {text}" if path else text for kind, path, text in problems if kind == "type"))
        if any(kind == "constraint" for kind, _, _ in problems):
            raise general("invalid", call.service, call.protocol, validation.message(problems))

    def _operate(self, call):
        act = None if self.settings["moto_only"] else self.operations.get(call.service, {}).get(call.operation)
        made = act(call) if act else None
        if isinstance(made, dict):
            made = answers.result(call.model, made)
        if made is None:
            made = self.moto.answer(call)
        if made is None:
            call.violations.append(f"the test server has no {call.service}:{call.operation}, and moto has none")
            made = answers.json_answer({"__type": "NotImplementedByTestServer", "message": call.operation}, 501, JSON_GAP)
        return made
