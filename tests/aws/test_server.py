#!/usr/bin/env python3
"""The AWS test server itself: recording, validation, signatures, credentials, accounts, Regions, its life as a process."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from testing import ACCOUNT, REGION, ServerTest

import environment
from fakeaws import differences, signatures, validation
from fakeaws.identity import Credential
from fakeaws.models import service_model
from fakeaws.web import Request
from server import Server

ROLE = "arn:aws:iam::222222222222:role/audit"
VECTORS = Path(os.environ.get("SIGV4_VECTORS", ""))


class Recording(ServerTest):
    def test_everything_about_a_call(self):
        self.client("sagemaker", user_agent="sagewarden/1 test").list_models(MaxResults=7)
        call, = self.aws.calls()
        wanted = {"service": "sagemaker", "operation": "ListModels", "account": ACCOUNT, "region": REGION,
                  "access_key": self.aws.credentials()["AccessKeyId"], "principal": f"arn:aws:iam::{ACCOUNT}:user/tester",
                  "input": {"MaxResults": 7}, "method": "POST", "path": "/", "status": 200, "error": "",
                  "answered_by": "fakeaws", "user_agent": "sagewarden/1 test", "body": '{"MaxResults": 7}', "violations": [],
                  "signed_headers": ["content-type", "host", "x-amz-date", "x-amz-target"], "number": 1, "attempt": 1}
        self.assertEqual({name: call[name] for name in wanted}, wanted)
        self.assertIn(["X-Amz-Target", "SageMaker.ListModels"], call["headers"])

    def test_choosing_calls(self):
        client = self.client("sagemaker")
        client.list_models()
        client.list_images()
        self.fails("ValidationException", client.describe_model, ModelName="gone")
        self.assertEqual(len(self.aws.calls(operation="ListModels")), 1)
        self.assertEqual(len(self.aws.calls(error="ValidationException")), 1)
        self.assertEqual([call["operation"] for call in self.aws.calls(after=1)], ["ListImages", "DescribeModel"])
        summary = self.aws.summary()
        self.assertEqual((summary["calls"], summary["operations"]["sagemaker:DescribeModel"]["errors"]),
                         (3, {"ValidationException": 1}))

    def test_most_at_once(self):
        self.aws.settings(latency=2)
        client = self.client("sagemaker", max_pool_connections=8)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: client.list_models(), range(8)))
        summary = self.aws.summary()
        self.assertEqual((summary["most_at_once"], summary["connections"]), (8, 8))

    def test_what_hangs_since_before_a_reset(self):
        self.aws.settings(latency=2)
        client = self.client("sagemaker")
        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(client.list_models)
            time.sleep(1)
            self.aws.reset("calls")
            call.result()
        self.assertEqual(self.aws.calls(), [])
        self.aws.settings(latency=0)
        client.list_images()
        self.assertEqual([call["operation"] for call in self.aws.calls()], ["ListImages"])

    def test_differences_from_botocore(self):
        self.client("sagemaker").list_models(MaxResults=7)
        self.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="test")
        self.client("ec2").describe_regions(AllRegions=True, Filters=[{"Name": "region-name", "Values": ["eu-*"]}])
        self.client("securityhub").get_findings(MaxResults=3)
        self.client("sagemaker", credentials=self.aws.session()).list_images()
        self.assertEqual(self.aws.differences(), {"compared": 5, "different": []})
        self.raw(b'{"MaxResults":7, "NameContains":"x"}', headers={"X-Amz-Extra": "1"}.items())
        self.raw(b'{"MaxResults":7}', change=lambda sent: sent.update({"Content-Type": "application/json"}))
        different = self.aws.differences()["different"]
        self.assertIn("signed headers", different[0]["differences"][0])
        self.assertIn("content-type", different[1]["differences"][0])

    def test_what_botocore_would_send(self):
        made = differences.botocore_request("securityhub", "BatchImportFindings", {"Findings": []})
        self.assertEqual((made["method"], made["path"], json.loads(made["body"])),
                         ("POST", "/findings/import", {"Findings": []}))


class Validation(ServerTest):
    """Each row: operation, input, AWS's answer, a word of the violation."""

    MODEL = "arn:aws:sagemaker:eu-west-1:111122223333:model/m"
    ROWS = (
        ("DescribeModel", {}, "ValidationException", "Value null at 'modelName'"),
        ("DescribeModel", {"ModelName": "a b"}, "ValidationException", "regular expression pattern"),
        ("DescribeModel", {"ModelName": "a" * 64}, "ValidationException", "length less than or equal to 63"),
        ("DescribeModel", {"ModelName": 5}, "SerializationException", "is int, not string"),
        ("ListModels", {"MaxResults": 0}, "ValidationException", "value greater than or equal to 1"),
        ("ListModels", {"MaxResults": 101}, "ValidationException", "value less than or equal to 100"),
        ("ListModels", {"MaxResults": "7"}, "SerializationException", "is str, not integer"),
        ("ListModels", {"MaxResults": True}, "SerializationException", "is bool, not integer"),
        ("ListModels", {"SortBy": "Size"}, "ValidationException", "enum value set: [Name, CreationTime]"),
        ("ListNotebookInstances", {"StatusEquals": "Running"}, "ValidationException", "enum value set"),
        ("ListTags", {"ResourceArn": MODEL, "MaxResults": 20}, "ValidationException", "greater than or equal to 50"),
        ("AddTags", {"ResourceArn": MODEL, "Tags": [{"Key": "k"}]}, "ValidationException", "'tags.1.member.value'"),
        ("CreateModel", {"ModelName": "m", "Containers": {}}, "SerializationException", "is no list"),
    )

    def test_each_kind(self):
        for operation, given, code, word in self.ROWS:
            with self.subTest(operation=operation, given=given):
                self.aws.reset("calls")
                status, _, body = self.raw(json.dumps(given).encode(), operation)
                self.assertEqual((status, json.loads(body)["__type"]), (400, code))
                self.assertIn(word, self.aws.violations()[0]["violations"][0])

    def test_aws_s_words(self):
        message = self.fails("ValidationException", self.client("sagemaker").list_models, MaxResults=0, SortOrder="Up")
        self.assertEqual(message, "2 validation errors detected: Value '0' at 'maxResults' failed to satisfy constraint: "
                         "Member must have value greater than or equal to 1; Value 'Up' at 'sortOrder' failed to satisfy "
                         "constraint: Member must satisfy enum value set: [Ascending, Descending]")

    def test_what_is_answered_all_the_same_but_noted(self):
        for body, headers, word in ((b'{"Unheard":1}', {}, "no such member"), (b"", {}, "no body"),
                                    (b"{}", {"Content-Type": "application/json"}, "content type"),
                                    (b"{}", {"X-Amz-Target": "Sagemaker.ListModels"}, "the target begins with")):
            with self.subTest(word):
                self.aws.reset("calls")
                self.assertEqual(self.raw(body, headers=headers.items())[0], 200)
                self.assertIn(word, str(self.aws.violations()))

    def test_bodies_that_are_no_json_objects(self):
        for body in (b'{"MaxResults":', b"[]", b'{"MaxResults":1,"MaxResults":2}', b"\xff"):
            status, _, answer = self.raw(body)
            self.assertEqual((status, json.loads(answer)["__type"]), (400, "SerializationException"), body)

    def test_operations_that_do_not_exist(self):
        status, _, body = self.raw(b"{}", "ListEverything")
        self.assertEqual((status, json.loads(body)["__type"]), (404, "UnknownOperationException"))
        self.assertIn("no such operation: sagemaker:ListEverything", str(self.aws.violations()))

    def test_services_that_do_not_exist_or_are_elsewhere(self):
        status, _, _ = self.raw(b"{}", signed_for="api.sagemaker")
        self.assertEqual(status, 404)
        self.assertIn("no such operation: api.sagemaker:", str(self.aws.violations()))
        self.aws.organization(1)
        self.fails("InvalidSignatureException", self.client("organizations", REGION)._make_api_call, "ListRoots", {})
        self.assertIn("organizations is signed for eu-west-1, not us-east-1", str(self.aws.violations()))

    def test_query_protocols(self):
        sts = self.client("sts")
        message = self.fails("ValidationError", sts.assume_role, RoleArn=ROLE, RoleSessionName="x", DurationSeconds=60)
        self.assertIn("'durationSeconds' failed to satisfy constraint: Member must have value greater", message)
        self.assertIn("'roleSessionName'", message)
        self.client("sns").create_topic(Name="t", Tags=[{"Key": "a", "Value": "b"}])
        self.assertEqual(self.aws.calls(service="sns")[0]["input"], {"Name": "t", "Tags": [{"Key": "a", "Value": "b"}]})
        given = {"Filters": [{"Name": "opt-in-status", "Values": ["opted-in", "x"]}], "RegionNames": ["eu-west-1"]}
        self.client("ec2").describe_regions(**given)
        self.assertEqual(self.aws.calls(service="ec2")[0]["input"], given)

    def test_every_pattern_of_sagemaker_can_be_said_in_python(self):
        seen, unsaid = set(), []

        def walk(shape):
            if shape.name in seen:
                return
            seen.add(shape.name)
            pattern = shape.metadata.get("pattern")
            if pattern and validation.pattern_of(pattern) is None:
                unsaid.append(pattern)
            inside = [getattr(shape, name) for name in ("member", "key", "value") if hasattr(shape, name)]
            for inner in (*getattr(shape, "members", {}).values(), *inside):
                walk(inner)

        for service in ("sagemaker", "sts", "organizations", "securityhub"):
            model = service_model(service)
            for operation in model.operation_names:
                if model.operation_model(operation).input_shape:
                    walk(model.operation_model(operation).input_shape)
        self.assertGreater(len(seen), 1000)
        self.assertEqual(unsaid, [pattern for pattern in unsaid if "${1," in pattern])  # no pattern in any language


class Signatures(ServerTest):
    def setUp(self):
        super().setUp()
        self.aws.settings(signatures=True)

    def refused(self, code, body=b"{}", **given):
        status, _, answer = self.raw(body, **given)
        self.assertEqual(json.loads(answer)["__type"], code)
        return status

    def test_right_ones(self):
        for region in (REGION, "us-east-1"):
            self.client("sagemaker", region).list_models(NameContains="m")
        for service, call in (("sts", "get_caller_identity"), ("ec2", "describe_regions"), ("securityhub", "describe_hub"),
                              ("s3", "list_buckets"), ("sns", "list_topics"), ("kms", "list_keys")):
            getattr(self.client(service), call)()
        self.client("sagemaker", credentials=self.aws.session()).list_models()
        self.client("s3").put_object(Bucket=self.bucket(), Key="a b/ü.json", Body=b"{}")
        self.no_violations()

    def bucket(self):
        self.client("s3").create_bucket(Bucket="findings", CreateBucketConfiguration={"LocationConstraint": REGION})
        return "findings"

    def test_wrong_ones(self):
        made = self.aws.credentials()
        self.assertEqual(self.refused("InvalidSignatureException", credentials={**made, "SecretAccessKey": "other"}), 403)
        self.refused("UnrecognizedClientException", credentials={**made, "AccessKeyId": "AKIAUNKNOWNUNKNOWN00"})
        self.refused("UnrecognizedClientException", credentials={**self.aws.session(), "SessionToken": "other"})
        self.refused("MissingAuthenticationTokenException", change=lambda sent: sent.pop("Authorization"))
        self.refused("IncompleteSignatureException", change=lambda sent: sent.update(Authorization="Bearer x"))
        wrong = {**made, "SecretAccessKey": "other"}
        self.fails("SignatureDoesNotMatch", self.client("sts", credentials=wrong).get_caller_identity)
        self.fails("AuthFailure", self.client("ec2", credentials=wrong).describe_regions)

    def test_what_was_changed_after_signing(self):
        for name, value in (("X-Amz-Target", "SageMaker.ListImages"), ("Content-Type", "application/x-amz-json-1.0"),
                            ("X-Amz-Content-Sha256", "0" * 64)):
            with self.subTest(name):
                change = {name: value}
                self.refused("InvalidSignatureException", change=lambda sent, change=change: sent.update(change))

    def test_the_clock(self):
        for offset, word in ((400, "Signature expired"), (-400, "Signature not yet current")):
            self.aws.settings(clock_offset=offset)
            status, headers, body = self.raw(b"{}")
            self.assertEqual((status, json.loads(body)["__type"]), (403, "InvalidSignatureException"))
            self.assertIn(word, json.loads(body)["message"])
            # The answer's Date is what a client corrects its clock by.
            there = time.mktime(time.strptime(headers["Date"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
            self.assertLess(abs(there - time.time() - offset), 10)
        self.aws.settings(clock_offset=250)
        self.assertEqual(self.raw(b"{}")[0], 200)

    def test_headers_that_are_sent_but_not_signed_are_noted(self):
        self.aws.settings(signatures=False)
        self.raw(b"{}", change=lambda sent: sent.update({"X-Amz-Security-Token": ""}))
        self.assertIn("x-amz-security-token is sent but not signed", str(self.aws.violations()))

    @unittest.skipUnless(VECTORS.name and VECTORS.is_dir(), "SIGV4_VECTORS names no folder of AWS's signing vectors")
    def test_aws_s_own_vectors(self):
        checked = 0
        for folder in sorted(VECTORS.iterdir()):
            context = json.loads((folder / "context.json").read_text()) if (folder / "context.json").exists() else None
            signed = folder / "header-signed-request.txt"
            if context is None or not signed.exists() or not context.get("normalize", True):
                continue
            head, _, body = signed.read_bytes().partition(b"\n\n")
            lines = head.decode().splitlines()
            method, target, _ = lines[0].split(" ", 2) if lines[0].count(" ") == 2 else (None, None, None)
            if method is None or any(line[:1] in " \t" for line in lines[1:]):
                continue  # what HTTP today doesn't allow
            headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
            request = Request(method, target, headers, body, 0)
            scope = signatures.scope_of(request)
            keys = context["credentials"]
            credential = Credential(keys["access_key_id"], keys["secret_access_key"], ACCOUNT, "")
            if signatures.signature_of(request, scope, credential) == scope.signature:
                checked += 1
        self.assertGreaterEqual(checked, 28)


class Accounts(ServerTest):
    def test_who_am_i(self):
        shown = self.client("sts", account="000000000001").get_caller_identity()
        self.assertEqual((shown["Account"], shown["Arn"]), ("000000000001", "arn:aws:iam::000000000001:user/tester"))

    def test_roles_of_other_accounts(self):
        made = self.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="scan")
        shown = self.client("sts", credentials=made["Credentials"]).get_caller_identity()
        self.assertEqual(shown["Arn"], "arn:aws:sts::222222222222:assumed-role/audit/scan")
        self.aws.seed(accounts=["222222222222"])
        models = self.client("sagemaker", credentials=made["Credentials"]).list_models()["Models"]
        self.assertIn(":222222222222:", models[0]["ModelArn"])
        chained = self.client("sts", credentials=made["Credentials"])
        self.fails("ValidationError", chained.assume_role, RoleArn=ROLE, RoleSessionName="scan", DurationSeconds=7200)
        chained.assume_role(RoleArn=ROLE, RoleSessionName="scan", DurationSeconds=3600)
        self.no_violations()

    def test_roles_that_trust_only_some(self):
        self.aws.settings(roles=[{"name": "audit", "external_id": "secret"},
                                 {"name": "admin", "mfa": "123456"}, {"name": "chain", "trusts": "*:assumed-role/audit/*"}])
        sts = self.client("sts")

        def assume(name, client=sts, **given):
            return client.assume_role(RoleArn=f"arn:aws:iam::222222222222:role/{name}", RoleSessionName="scan", **given)

        for wrong in (lambda: assume("audit"), lambda: assume("audit", ExternalId="other"), lambda: assume("unknown"),
                      lambda: assume("admin"), lambda: assume("chain")):
            message = self.fails("AccessDenied", wrong)
            self.assertIn("is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/", message)
        audit = assume("audit", ExternalId="secret")["Credentials"]
        assume("admin", SerialNumber="arn:aws:iam::111122223333:mfa/tester", TokenCode="123456")
        assume("chain", self.client("sts", credentials=audit))

    def test_web_identity(self):
        url = (f"{self.aws.url}/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=test&RoleArn={ROLE}"
               "&WebIdentityToken=a.b.c")
        body = urllib.request.urlopen(urllib.request.Request(
            self.aws.url + "/", url.partition("?")[2].encode(), {"Content-Type": "application/x-www-form-urlencoded"})).read()
        self.assertIn(b"<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA", body)

    def test_an_organisation_of_forty(self):
        members = self.aws.organization(40)
        client = self.client("organizations", "us-east-1")
        accounts, sizes = self.pages(client.list_accounts, "Accounts")
        self.assertEqual((sizes, [each["Id"] for each in accounts]), ([20, 20], [each["Account"]["Id"] for each in members]))
        self.assertEqual({each["State"] for each in accounts}, {"ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "PENDING_ACTIVATION"})
        self.assertTrue(all(len(each["Id"]) == 12 for each in accounts))
        self.assertIn("000000123456", [each["Id"] for each in accounts])
        self.assertEqual(client.describe_organization()["Organization"]["MasterAccountId"], ACCOUNT)
        self.fails("ValidationException", self.client("sagemaker").describe_model, ModelName="x")
        self.fails("InvalidInputException", client.list_accounts, MaxResults=21)

    def test_units_of_the_organisation(self):
        self.aws.organization(40)
        client = self.client("organizations", "us-east-1")

        def below(parent):
            found = [each["Id"] for each in self.pages(client.list_accounts_for_parent, "Accounts", ParentId=parent)[0]]
            for unit in client.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]:
                found += below(unit["Id"])
                self.assertEqual(client.list_parents(ChildId=unit["Id"])["Parents"][0]["Id"], parent)
            return found

        root = client.list_roots()["Roots"][0]["Id"]
        self.assertEqual(len(below(root)), 40)
        workloads, = [each["Id"] for each in client.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
                      if each["Name"] == "Workloads"]
        self.assertTrue(0 < len(below(workloads)) < 40)
        tags = client.list_tags_for_resource(ResourceId=ACCOUNT)["Tags"]
        self.assertEqual({tag["Key"] for tag in tags}, {"Stage", "Owner"})

    def test_who_may_ask_the_organisation(self):
        members = self.aws.organization(3)
        member = members[1]["Account"]["Id"]
        other = self.client("organizations", "us-east-1", member)
        self.fails("AccessDeniedException", other.list_accounts)
        self.assertEqual(other.describe_organization()["Organization"]["MasterAccountId"], ACCOUNT)
        self.aws.settings(delegated_administrators=[member])
        self.assertEqual(len(other.list_accounts()["Accounts"]), 3)
        self.aws.reset("settings")
        self.fails("AWSOrganizationsNotInUseException", self.client("organizations", "us-east-1").list_accounts)

    def test_regions(self):
        client = self.client("ec2")
        usual = {each["RegionName"]: each["OptInStatus"] for each in client.describe_regions()["Regions"]}
        self.assertEqual((len(usual), set(usual.values())), (17, {"opt-in-not-required"}))
        self.aws.settings(opted_in={"1111*": ["me-south-1"]})
        more = {each["RegionName"]: each["OptInStatus"] for each in client.describe_regions()["Regions"]}
        self.assertEqual((len(more), more["me-south-1"]), (18, "opted-in"))
        every = {each["RegionName"]: each["OptInStatus"] for each in client.describe_regions(AllRegions=True)["Regions"]}
        self.assertEqual(every["af-south-1"], "not-opted-in")
        self.assertEqual(len(self.client("ec2", account="999999999999").describe_regions()["Regions"]), 17)
        chinese = self.client("ec2", "cn-north-1").describe_regions()["Regions"]
        self.assertEqual({each["RegionName"] for each in chinese}, {"cn-north-1", "cn-northwest-1"})
        self.fails("InvalidParameterValue", client.describe_regions, RegionNames=["eu-invented-1"])


class Vending(ServerTest):
    """What boto3 makes of the credentials of a container, an instance and IAM Identity Center."""

    def who(self, env):
        """(account, role) of the caller when botocore finds its credentials in that environment."""
        base = self.aws.env(base={"PATH": os.environ["PATH"]})
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"):
            del base[name]
        program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
        done = subprocess.run([sys.executable, "-c", program], env={**base, **env}, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip().split(":")[4], done.stdout.strip().split("/")[1]

    def test_container(self):
        uri = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": self.aws.url + "/_container/credentials"}
        self.assertEqual(self.who({**uri, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token"}), (ACCOUNT, "task"))
        with self.assertRaises(Exception):
            urllib.request.urlopen(uri["AWS_CONTAINER_CREDENTIALS_FULL_URI"])

    def test_instance(self):
        self.assertEqual(self.who({"AWS_EC2_METADATA_SERVICE_ENDPOINT": self.aws.url}), (ACCOUNT, "workload"))
        with self.assertRaises(Exception):
            urllib.request.urlopen(self.aws.url + "/latest/meta-data/iam/security-credentials/")
        self.no_violations()

    def test_identity_center(self):
        """The cached token has run out, so it is refreshed first."""
        with tempfile.TemporaryDirectory() as home:
            cache = Path(home) / ".aws" / "sso" / "cache"
            cache.mkdir(parents=True)
            name = hashlib.sha1(b"acme").hexdigest() + ".json"
            (cache / name).write_text(json.dumps({
                "accessToken": "old", "expiresAt": "2026-01-01T00:00:00Z", "refreshToken": "sso-refresh", "clientId": "c",
                "clientSecret": "s", "registrationExpiresAt": "2099-01-01T00:00:00Z", "region": "eu-west-1",
                "startUrl": "https://acme.example/start"}))
            (Path(home) / "config").write_text(
                "[default]\nsso_session = acme\nsso_account_id = 222222222222\nsso_role_name = Audit\n"
                "[sso-session acme]\nsso_start_url = https://acme.example/start\nsso_region = eu-west-1\n"
                "sso_registration_scopes = sso:account:access\n")
            self.assertEqual(self.who({"HOME": home, "AWS_CONFIG_FILE": home + "/config"}), ("222222222222", "Audit"))
            self.assertEqual(json.loads((cache / name).read_text())["accessToken"], "sso-token")
        self.assertEqual([call["operation"] for call in self.aws.calls(service="credentials")],
                         ["POST /token", "GET /federation/credentials"])


class Life(unittest.TestCase):
    def test_two_servers_know_nothing_of_each_other(self):
        with Server() as one, Server() as other:
            one.seed()
            self.assertEqual((len(one.resources()), other.resources()), (60, []))

    def test_the_environment_of_a_program(self):
        with Server() as aws:
            base = {"AWS_PROFILE": "mine", "AWS_SESSION_TOKEN": "mine", "HTTPS_PROXY": "http://x", "PATH": "/bin"}
            env = aws.env(base=base)
            self.assertEqual((env["PATH"], env["AWS_ENDPOINT_URL"], env["AWS_REGION"]), ("/bin", aws.url, "eu-west-1"))
            self.assertFalse({"AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTPS_PROXY"} & env.keys())
            self.assertIn("AWS_SESSION_TOKEN", aws.env(credentials=aws.session(), base=base))
            program = "import boto3, json; print(json.dumps(boto3.client('sts').get_caller_identity()['Account']))"
            done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
            self.assertEqual(json.loads(done.stdout), ACCOUNT)

    def test_it_ends_with_its_parent(self):
        script = ("import sys, time; sys.path.insert(0, {!r}); from server import Server\n"
                  "aws = Server().start(); print(aws.process.pid, flush=True); import os; os._exit(1)")
        done = subprocess.run([sys.executable, "-c", script.format(os.path.dirname(os.path.abspath(__file__)))],
                              capture_output=True, text=True, check=False)
        pid = int(done.stdout)
        for _ in range(1200):
            if not os.path.exists(f"/proc/{pid}") or "(defunct)" in Path(f"/proc/{pid}/stat").read_text():
                return
            time.sleep(0.05)
        self.fail(f"process {pid} is still there")

    def test_control_requests_with_slips_say_so(self):
        with Server() as aws:
            for act, word in ((lambda: aws.control("nothing"), "no such request"),
                              (lambda: aws.settings(sed=1), "no such settings"),
                              (lambda: aws.seed("/nowhere-at-all/x") or aws.control("seed", {}), "rows"),
                              (lambda: aws.populate(ACCOUNT, REGION, Model=3), "no Model")):
                with self.assertRaisesRegex(Exception, word):
                    act()

    def test_tls(self):
        with Server(tls=True) as aws:
            self.assertTrue(aws.url.startswith("https://"))
            program = "import boto3; print(len(boto3.client('sagemaker').list_models()['Models']))"
            aws.seed()
            done = subprocess.run([sys.executable, "-c", program], env=aws.env(), capture_output=True, text=True, check=False)
            self.assertEqual(done.stdout.strip(), "6", done.stderr)
            without = {name: value for name, value in aws.env().items() if name != "AWS_CA_BUNDLE"}
            done = subprocess.run([sys.executable, "-c", program], env=without, capture_output=True, text=True, check=False)
            self.assertIn("CERTIFICATE_VERIFY_FAILED", done.stderr)

    def test_without_the_packages_it_is_skipped_visibly(self):
        with tempfile.TemporaryDirectory() as folder:
            script = (f"import sys, pathlib; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})\n"
                      f"import environment; environment.VENV = pathlib.Path({folder!r}) / 'v'\n"
                      "environment.PROBE = 'raise SystemExit(1)'\n"
                      "environment._make = lambda log: False\n"
                      "environment.find_or_skip()")
            done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, environment.SKIPPED)
        self.assertIn("skipped: no Python with moto", done.stdout)


if __name__ == "__main__":
    unittest.main()
