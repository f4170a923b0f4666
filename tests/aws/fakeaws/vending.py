"""Where programs on AWS get their credentials: the container endpoint, the instance metadata (IMDSv2) and IAM Identity
Center's portal. All of them give sessions of the default account, which last as the setting `session_seconds` says.

    AWS_CONTAINER_CREDENTIALS_FULL_URI=URL/_container/credentials  with AWS_CONTAINER_AUTHORIZATION_TOKEN=container-token
    AWS_EC2_METADATA_SERVICE_ENDPOINT=URL
    the SSO portal and its token endpoint at URL; access token sso-token, refresh token sso-refresh
"""

import json
from urllib.parse import parse_qsl

from .answers import Answer, json_answer
from .identity import iso

CONTAINER_TOKEN, METADATA_TOKEN, SSO_TOKEN, SSO_REFRESH = "container-token", "metadata-token", "sso-token", "sso-refresh"
ROLE = "workload"
METADATA = "/latest/meta-data/iam/security-credentials/"


def _text(body, status=200):
    return Answer(status, body.encode(), "text/plain")


class Vending:
    def __init__(self, identities, settings):
        self.identities, self.settings = identities, settings
        self.table = {
            ("GET", "/_container/credentials"): self.container, ("PUT", "/latest/api/token"): self.metadata_token,
            ("GET", METADATA): self.metadata_role, ("GET", METADATA + ROLE): self.metadata_credentials,
            ("GET", "/federation/credentials"): self.portal, ("POST", "/token"): self.token,
        }

    def __call__(self, request, call):
        """The answer to a request for credentials, or None when it is for something else."""
        act = self.table.get((request.method, request.path))
        if act is None or "authorization" in request.lower and request.lower["authorization"].startswith("AWS4"):
            return None
        call.service, call.operation = "credentials", f"{request.method} {request.path}"
        return act(request)

    def _session(self, role):
        return self.identities.session(self.settings["account"], role, "i-0123456789abcdef0", 3600)

    def _credentials(self, role):
        made = self._session(role)
        return {"AccessKeyId": made.access_key, "SecretAccessKey": made.secret, "Token": made.token,
                "Expiration": iso(made.expires), "AccountId": made.account}

    def container(self, request):
        if request.header("authorization") != CONTAINER_TOKEN:
            return json_answer({"code": "AccessDenied", "message": "wrong authorization token"}, 403, "application/json")
        return json_answer(self._credentials("task"), 200, "application/json")

    def metadata_token(self, request):
        seconds = request.header("x-aws-ec2-metadata-token-ttl-seconds", "")
        if not seconds.isdigit() or not 1 <= int(seconds) <= 21600:
            return _text("", 400)
        answer = _text(METADATA_TOKEN)
        answer.headers.append(("X-aws-ec2-metadata-token-ttl-seconds", seconds))
        return answer

    def _has_token(self, request):
        return request.header("x-aws-ec2-metadata-token") == METADATA_TOKEN

    def metadata_role(self, request):
        return _text(ROLE) if self._has_token(request) else _text("", 401)

    def metadata_credentials(self, request):
        if not self._has_token(request):
            return _text("", 401)
        made = {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": iso(0), **self._credentials(ROLE)}
        return _text(json.dumps(made))

    def portal(self, request):
        query = dict(parse_qsl(request.query))
        if request.header("x-amz-sso_bearer_token") != SSO_TOKEN:
            answer = json_answer({"message": "Session token not found or invalid", "__type": "UnauthorizedException"}, 401,
                                 "application/json")
            answer.headers.append(("x-amzn-ErrorType", "UnauthorizedException"))
            return answer
        if not query.get("role_name") or not query.get("account_id"):
            return json_answer({"message": "role_name and account_id are required"}, 400, "application/json")
        made = self.identities.session(query["account_id"], query["role_name"], "tester", 3600)
        return json_answer({"roleCredentials": {
            "accessKeyId": made.access_key, "secretAccessKey": made.secret, "sessionToken": made.token,
            "expiration": int(made.expires * 1000)}}, 200, "application/json")

    def token(self, request):
        given = json.loads(request.body or b"{}")
        if given.get("grantType") != "refresh_token" or given.get("refreshToken") != SSO_REFRESH:
            return json_answer({"error": "invalid_grant", "error_description": "Invalid refresh token provided"}, 400,
                               "application/json")
        return json_answer({"accessToken": SSO_TOKEN, "expiresIn": 28800, "refreshToken": SSO_REFRESH, "tokenType": "Bearer"},
                           200, "application/json")
