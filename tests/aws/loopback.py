#!/usr/bin/env python3
"""Runs a command against a stand-in for AWS that holds the resources of a folder of Describe output.

usage: loopback.py [OPTION]... FOLDER -- COMMAND...

  --deny OPERATION[@REGION]   AccessDeniedException
  --fail OPERATION            HTTP 500, always
  --throttle PERCENT          of all calls, ThrottlingException with status 400
  --not-enabled REGION        the credentials are not known there
  --vanish NAME               listed, and gone when it is described
  --endless OPERATION         gives the same NextToken for ever
  --html OPERATION            a web page instead of an answer
  --empty OPERATION           the answer {}
  --expire N                  the token that was given first is no good after N calls
  --page N                    at most so many in a page (default: as many as are asked for)
  --calls FILE                writes "REGION OPERATION" of each call to FILE at the end

The command finds the endpoint and credentials in its environment. Its exit status is handed on. Nothing but Python's own
library is used; the server in fakeaws/ is the one that checks what is asked.
"""
import argparse
import http.server
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import parse_qs

ACCOUNT = "111122223333"
# type: folder, list member, name in the summary, ARN in the summary, name in Describe, other members of the summary
JOBS = ("JobDefinitionSummaries", "MonitoringJobDefinitionName", "MonitoringJobDefinitionArn", "JobDefinitionName")
TYPES = {
    "AppImageConfig": ("app-image-configs", "AppImageConfigs", "AppImageConfigName", "AppImageConfigArn", "AppImageConfigName"),
    "DataQualityJobDefinition": ("data-quality-job-definitions", *JOBS),
    "Domain": ("domains", "Domains", "DomainId", "DomainArn", "DomainId"),
    "Endpoint": ("endpoints", "Endpoints", "EndpointName", "EndpointArn", "EndpointName"),
    "EndpointConfig": ("endpoint-configs", "EndpointConfigs", "EndpointConfigName", "EndpointConfigArn", "EndpointConfigName"),
    "FeatureGroup": ("feature-groups", "FeatureGroupSummaries", "FeatureGroupName", "FeatureGroupArn", "FeatureGroupName"),
    "Image": ("images", "Images", "ImageName", "ImageArn", "ImageName"),
    "InferenceExperiment": ("inference-experiments", "InferenceExperiments", "Name", None, "Name"),
    "Model": ("models", "Models", "ModelName", "ModelArn", "ModelName"),
    "ModelBiasJobDefinition": ("model-bias-job-definitions", *JOBS),
    "ModelExplainabilityJobDefinition": ("model-explainability-job-definitions", *JOBS),
    "ModelQualityJobDefinition": ("model-quality-job-definitions", *JOBS),
    "MonitoringSchedule": ("monitoring-schedules", "MonitoringScheduleSummaries", "MonitoringScheduleName",
                           "MonitoringScheduleArn", "MonitoringScheduleName"),
    "NotebookInstance": ("notebook-instances", "NotebookInstances", "NotebookInstanceName", "NotebookInstanceArn",
                         "NotebookInstanceName"),
}
# Summaries of these two are whole; of others they hold the status.
WHOLE = ("AppImageConfig", "Image")
STATUSES = ("NotebookInstanceStatus", "FeatureGroupStatus", "ImageStatus", "Status")


class Refused(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(code, message, status)


class Account:
    """The resources, by Region and type."""

    def __init__(self, folder):
        self.regions = sorted(path.name for path in folder.iterdir() if path.is_dir())
        self.found = {}
        self.tags = {}
        for region in self.regions:
            for kind, (name, *_) in TYPES.items():
                paths = sorted((folder / region / name).glob("*.json"))
                described = [json.loads(path.read_text()) for path in paths if ".tags." not in path.name]
                self.found[region, kind] = described
                for path, one in zip([p for p in paths if ".tags." not in p.name], described):
                    beside = path.with_suffix(".tags.json")
                    arn = next(one[member] for member in one if member in ("Arn", kind + "Arn", "JobDefinitionArn"))
                    self.tags[arn] = json.loads(beside.read_text())["Tags"] if beside.exists() else []


class Aws:
    def __init__(self, account, faults):
        self.account = account
        self.faults = faults
        self.random = random.Random(7)
        self.lock = threading.Lock()
        self.calls = []

    def call(self, region, operation, given, token):
        """The answer; raises Refused."""
        with self.lock:
            self.calls.append(f"{region} {operation}")
            count = len(self.calls)
            unlucky = self.random.random() * 100 < self.faults.throttle
        if self.faults.expire and count > self.faults.expire and token == "first":
            raise Refused("ExpiredTokenException", "The security token included in the request is expired")
        if unlucky:
            raise Refused("ThrottlingException", "Rate exceeded")
        if region in self.faults.not_enabled:
            raise Refused("UnrecognizedClientException", "The security token included in the request is invalid.")
        if operation in self.faults.deny or f"{operation}@{region}" in self.faults.deny:
            raise Refused("AccessDeniedException", f"User: scanner is not authorized to perform: sagemaker:{operation}")
        if operation in self.faults.fail:
            raise Refused("InternalFailure", "", 500)
        if operation == "ListTags":
            if given["MaxResults"] < 50:
                raise Refused("ValidationException", "MaxResults must be at least 50")
            return {"Tags": self.account.tags[given["ResourceArn"]]}
        if operation.startswith("List"):
            return self.list(region, operation, given)
        return self.describe(region, operation.removeprefix("Describe"), given)

    def list(self, region, operation, given):
        kind = next(kind for kind in TYPES if kind + "s" == operation.removeprefix("List"))
        _, member, name, arn, described_name = TYPES[kind]
        summaries = []
        for one in self.account.found.get((region, kind), []):
            summary = dict(one) if kind in WHOLE else {status: one[status] for status in STATUSES if status in one}
            summary.pop("RoleArn", None)
            summary[name] = one[described_name]
            if arn:
                summary[arn] = next(one[key] for key in one if key in (kind + "Arn", "JobDefinitionArn"))
            summaries.append(summary)
        if operation in self.faults.endless:
            return {member: summaries, "NextToken": "again"}
        start = int(given.get("NextToken", "0"))
        end = start + min(given["MaxResults"], self.faults.page)
        return {member: summaries[start:end], **({"NextToken": str(end)} if end < len(summaries) else {})}

    def describe(self, region, kind, given):
        name = TYPES[kind][4]
        for one in self.account.found.get((region, kind), []):
            if one[name] == given[name] and given[name] not in self.faults.vanish:
                return one
        if kind in ("NotebookInstance", "Model", "EndpointConfig"):
            raise Refused("ValidationException", f"Could not find it: RecordNotFound {given[name]}")
        raise Refused("ResourceNotFound", f"{given[name]} does not exist")


def xml(operation, account, regions):
    if operation == "GetCallerIdentity":
        return (f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/scanner</Arn>"
                f"<UserId>AIDA</UserId><Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
    items = "".join(f"<item><regionName>{region}</regionName></item>" for region in regions)
    return f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"


def assumed(account):
    return ("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA" + account + "</AccessKeyId>"
            "<SecretAccessKey>secret</SecretAccessKey><SessionToken>role</SessionToken>"
            "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    aws = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", self.headers.get("Authorization", ""))
        region = scope[1] if scope else ""
        target = self.headers.get("X-Amz-Target", "")
        if not target:
            return self.query(region, parse_qs(body.decode()))
        operation = target.split(".")[1]
        faults = self.aws.faults
        try:
            answer = self.aws.call(region, operation, json.loads(body), self.headers.get("X-Amz-Security-Token", ""))
            if operation in faults.html:
                return self.reply(200, "<html>Please log in</html>", "text/html")
            self.reply(200, json.dumps({} if operation in faults.empty else answer))
        except Refused as refused:
            code, message, status = refused.args
            self.reply(status, json.dumps({"__type": "com.amazonaws#" + code, "Message": message}))

    def query(self, region, given):
        operation = given["Action"][0]
        with self.aws.lock:
            self.aws.calls.append(f"{region} {operation}")
        if operation in self.aws.faults.deny:
            code = "UnauthorizedOperation" if operation == "DescribeRegions" else "AccessDenied"
            return self.reply(403, f"<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors></Response>"
                              if operation == "DescribeRegions" else
                              f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>", "text/xml")
        if operation == "AssumeRole":
            return self.reply(200, assumed(given["RoleArn"][0].split(":")[4]), "text/xml")
        self.reply(200, xml(operation, ACCOUNT, self.aws.account.regions), "text/xml")

    def reply(self, status, text, media="application/x-amz-json-1.1"):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def environment(port, expire):
    """Credentials come from a program where they are to be renewed."""
    out = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    out |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_EC2_METADATA_DISABLED": "true"}
    if not expire:
        return out | {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
                      "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}
    return out | {"AWS_CONFIG_FILE": expire, "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}


def renewing_config(folder):
    """A profile whose first token is "first" and whose later ones are "second"."""
    program = Path(folder, "credentials.sh")
    program.write_text('token=first; [ -e "$0.used" ] && token=second; touch "$0.used"\n'
                       'echo "{\\"Version\\":1,\\"AccessKeyId\\":\\"ASIAEXAMPLE\\",\\"SecretAccessKey\\":\\"secret\\",'
                       '\\"SessionToken\\":\\"$token\\",\\"Expiration\\":\\"2099-01-01T00:00:00Z\\"}"\n')
    config = Path(folder, "config")
    config.write_text(f"[default]\ncredential_process = bash {program}\n")
    return str(config)


def arguments(words):
    reader = argparse.ArgumentParser(add_help=False)
    for name in ("deny", "fail", "not-enabled", "vanish", "endless", "html", "empty"):
        reader.add_argument("--" + name, action="append", default=[])
    reader.add_argument("--throttle", type=float, default=0)
    reader.add_argument("--expire", type=int, default=0)
    reader.add_argument("--page", type=int, default=100)
    reader.add_argument("--calls")
    reader.add_argument("folder", type=Path)
    return reader.parse_args(words)


def main(words):
    if "--" not in words:
        sys.exit(__doc__)
    cut = words.index("--")
    faults = arguments(words[:cut])
    Handler.aws = Aws(Account(faults.folder), faults)
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    with tempfile.TemporaryDirectory() as folder:
        config = renewing_config(folder) if faults.expire else None
        done = subprocess.run(words[cut + 1:], env=environment(server.server_port, config), check=False)
    if faults.calls:
        Path(faults.calls).write_text("".join(call + "\n" for call in Handler.aws.calls))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
