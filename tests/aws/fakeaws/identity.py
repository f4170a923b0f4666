"""Who calls: credentials of accounts, sessions of roles, and STS."""

import base64
import fnmatch
import hashlib
import threading
import time
from dataclasses import dataclass

from .answers import ApiError
from .regions import partition_of

# The account of examples/account, and the management account of the organisation.
DEFAULT_ACCOUNT = "111122223333"
CHAINED_SESSION_LIMIT = 3600


@dataclass(frozen=True)
class Credential:
    access_key: str
    secret: str
    account: str
    arn: str
    token: str = ""
    expires: float = 0.0  # 0: never
    user_id: str = ""

    def expired(self):
        return bool(self.expires) and time.time() >= self.expires


def _letters(text, count):
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:count]


def _secret(text):
    return base64.b64encode(hashlib.sha256(("secret " + text).encode()).digest()).decode()[:40]


class Identities:
    """All credentials that were given out. Deterministic, so that logs of two runs can be compared."""

    def __init__(self, settings):
        self.settings = settings
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        with self.lock:
            self.known = {}
            self.sessions = 0

    def user(self, account):
        """The credential of that account's user "tester"."""
        key = "AKIA" + _letters("user " + account, 16)
        with self.lock:
            if key not in self.known:
                partition = partition_of(self.settings["home_region"])
                self.known[key] = Credential(key, _secret(key), account, f"arn:{partition}:iam::{account}:user/tester",
                                             user_id="AIDA" + _letters("id " + account, 17))
            return self.known[key]

    def session(self, account, role, session_name, seconds, partition="aws"):
        """A new temporary credential of a role."""
        with self.lock:
            self.sessions += 1
            key = "ASIA" + _letters(f"session {account} {role} {self.sessions}", 16)
            token = "FwoGZXIvYXdzE" + _secret("token " + key) + _secret("token2 " + key)
            arn = f"arn:{partition}:sts::{account}:assumed-role/{role.rsplit('/', 1)[-1]}/{session_name}"
            role_id = "AROA" + _letters(f"role {account} {role}", 17)
            expires = time.time() + (self.settings["session_seconds"] or seconds)
            self.known[key] = Credential(key, _secret(key), account, arn, token, expires, f"{role_id}:{session_name}")
            return self.known[key]

    def find(self, access_key):
        with self.lock:
            found = self.known.get(access_key)
        if found is None and access_key == self.user(self.settings["account"]).access_key:
            return self.user(self.settings["account"])
        return found

    def expire_all(self):
        """Ends every session now."""
        with self.lock:
            for key, each in self.known.items():
                if each.token:
                    self.known[key] = Credential(**{**each.__dict__, "expires": time.time() - 1})


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Sts:
    """STS. Which roles can be assumed is the setting `roles`: a list of {account, name, external_id, mfa, trusts}, where
    account, name and trusts (ARN of the caller) are patterns. Without the setting every role can be assumed.
    """

    def __init__(self, identities, settings):
        self.identities, self.settings = identities, settings

    def operations(self):
        return {"GetCallerIdentity": self.get_caller_identity, "AssumeRole": self.assume_role,
                "AssumeRoleWithWebIdentity": self.assume_role_with_web_identity, "GetSessionToken": self.get_session_token}

    def get_caller_identity(self, call):
        who = call.caller
        return {"UserId": who.user_id, "Account": who.account, "Arn": who.arn}

    def assume_role(self, call):
        given = call.input
        caller = call.caller
        seconds = given.get("DurationSeconds", 3600)
        if ":assumed-role/" in caller.arn and seconds > CHAINED_SESSION_LIMIT:
            raise ApiError("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                           "assumed by role chaining")
        account, role, partition = self._role_of(given["RoleArn"])
        rule = self._rule_for(account, role, caller)
        allowed = rule is not None
        if allowed and rule.get("external_id") is not None:
            allowed = given.get("ExternalId") == rule["external_id"]
        if allowed and rule.get("mfa") is not None:
            allowed = given.get("TokenCode") == rule["mfa"] and bool(given.get("SerialNumber"))
        if not allowed:
            raise ApiError("AccessDenied", f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: "
                           f"{given['RoleArn']}", 403)
        return self._session(account, role, partition, given, seconds)

    def assume_role_with_web_identity(self, call):
        given = call.input
        account, role, partition = self._role_of(given["RoleArn"])
        if given["WebIdentityToken"].count(".") != 2:
            raise ApiError("InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you "
                           "sent an Access Token)")
        answer = self._session(account, role, partition, given, given.get("DurationSeconds", 3600))
        return {**answer, "SubjectFromWebIdentityToken": "system:serviceaccount:audit:sagewarden",
                "Audience": "sts.amazonaws.com"}

    def get_session_token(self, call):
        seconds = call.input.get("DurationSeconds", 43200)
        made = self.identities.session(call.caller.account, "session", "tester", seconds)
        return {"Credentials": self._credentials(made)}

    def _role_of(self, arn):
        parts = arn.split(":")
        if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("role/"):
            raise ApiError("ValidationError", f"{arn} is invalid")
        return parts[4], parts[5][len("role/"):], parts[1]

    def _rule_for(self, account, role, caller):
        rules = self.settings["roles"]
        if rules is None:
            return {}
        for rule in rules:
            if (fnmatch.fnmatchcase(account, rule.get("account", "*")) and fnmatch.fnmatchcase(role, rule.get("name", "*"))
                    and fnmatch.fnmatchcase(caller.arn, rule.get("trusts", "*"))):
                return rule
        return None

    def _session(self, account, role, partition, given, seconds):
        made = self.identities.session(account, role, given["RoleSessionName"], seconds, partition)
        return {"Credentials": self._credentials(made),
                "AssumedRoleUser": {"AssumedRoleId": made.user_id, "Arn": made.arn}, "PackedPolicySize": 0}

    def _credentials(self, made):
        return {"AccessKeyId": made.access_key, "SecretAccessKey": made.secret, "SessionToken": made.token,
                "Expiration": iso(made.expires)}
