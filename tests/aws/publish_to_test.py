#!/usr/bin/env python3
"""Publishes reports to a folder, to S3 and SNS of the test server (server.py), and to a webhook of our own.

usage: publish_to_test.py PROGRAM
"""
import hashlib
import hmac
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from testing import ACCOUNT, REGION, ServerTest

SECRET = "a secret that must not be seen"


class Hook(http.server.BaseHTTPRequestHandler):
    """Keeps what it gets, and answers with the statuses that it is told."""

    requests, statuses = [], []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append((self.path, dict(self.headers), body))
        self.send_response(self.statuses.pop(0) if self.statuses else 204)
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()

    def log_message(self, *arguments):
        pass


class PublishTo(ServerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = tempfile.TemporaryDirectory()
        cls.report = str(Path(cls.top.name, "report.json"))
        cls.ndjson = str(Path(cls.top.name, "report.ndjson"))
        cls.aws.seed()
        cls.run_program("scan", "--aws", "--region", "eu-west-1", "--region", "us-east-1", "--quiet", "-o", f"json={cls.report}",
                        "-o", f"ndjson={cls.ndjson}", status=1)

    @classmethod
    def tearDownClass(cls):
        cls.top.cleanup()
        super().tearDownClass()

    @classmethod
    def run_program(cls, *arguments, status=0, **more):
        done = subprocess.run([PROGRAM, *arguments], env=cls.aws.env() | {"AWS_MAX_ATTEMPTS": "3"} | more, cwd=cls.top.name,
                              capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        assert SECRET not in done.stdout + done.stderr
        return done

    def findings(self):
        return [json.loads(line) for line in Path(self.ndjson).read_text().splitlines()]

    # A folder

    def test_folder(self):
        folder = Path(self.top.name, "lake")
        self.assertIn("3 files written", self.run_program("publish", "folder", str(folder), self.report).stdout)
        files = sorted(path.relative_to(folder) for path in folder.rglob("*.ndjson"))
        self.assertEqual([path.parts[:2] for path in files],
                         [(f"region={region}", f"accountId={ACCOUNT}") for region in ("eu-west-1", "us-east-1")])
        records = [json.loads(line) for path in files for line in (folder / path).read_text().splitlines()]
        ids = sorted(record["id"] for record in records if record["format"] == "sagewarden-finding/1")
        self.assertEqual(ids, sorted(f["id"] for f in self.findings() if f["format"] == "sagewarden-finding/1"))
        manifest = json.loads(next((folder / "_manifests").iterdir()).read_text())
        self.assertEqual([file["name"] for file in manifest["files"]], [str(path) for path in files])
        for file in manifest["files"]:
            content = (folder / file["name"]).read_bytes()
            self.assertEqual((file["bytes"], file["sha256"]), (len(content), hashlib.sha256(content).hexdigest()))
        self.assertIn("0 files written", self.run_program("publish", "folder", str(folder), self.report).stdout)
        # Each is a report that can be published.
        self.run_program("publish", "folder", str(folder / "again"), str(folder / files[0]))
        self.assertEqual([path.name for path in folder.iterdir() if path.name.startswith(".")], [])

    def test_folder_in_ocsf(self):
        folder = Path(self.top.name, "ocsf")
        self.run_program("publish", "folder", "--format", "ocsf", str(folder), self.ndjson)
        events = [json.loads(line) for path in folder.rglob("*.ndjson") for line in path.read_text().splitlines()]
        self.assertEqual({event["class_uid"] for event in events}, {2003})
        self.assertEqual(len(events), sum(1 for f in self.findings() if f["format"] == "sagewarden-finding/1"))

    def test_folder_that_cannot_be(self):
        done = self.run_program("publish", "folder", str(Path(self.report, "below")), self.report, status=2)
        self.assertIn("below: cannot be made", done.stderr)

    # S3

    def bucket(self):
        self.client("s3").create_bucket(Bucket="findings", CreateBucketConfiguration={"LocationConstraint": REGION})
        return self.client("s3")

    def test_s3(self):
        s3 = self.bucket()
        self.run_program("publish", "s3", "s3://findings/a b", self.report)
        keys = [item["Key"] for item in s3.list_objects_v2(Bucket="findings")["Contents"]]
        self.assertEqual(len(keys), 3)
        for key in keys:
            self.assertTrue(key.startswith(("a b/region=", "a b/_manifests/sagewarden-")), key)
        stored = s3.get_object(Bucket="findings", Key=next(key for key in keys if "region=eu-west-1" in key))
        self.assertEqual(stored["ContentType"], "application/x-ndjson")
        self.assertIn(b'"format":"sagewarden-finding/1"', stored["Body"].read())
        puts = self.aws.calls(service="s3", operation="PutObject")
        self.assertIn("/_manifests/", puts[-1]["input"]["Key"])
        for put in puts:
            self.assertIn("x-amz-content-sha256", put["signed_headers"])
            self.assertIn("ChecksumSHA256", put["input"])
        self.no_violations()
        done = self.run_program("publish", "s3", "s3://findings/a b", self.report)
        self.assertIn("0 files written to s3://findings/a b, 3 there already", done.stdout)

    def test_s3_with_signatures_and_a_key(self):
        s3 = self.bucket()
        self.aws.settings(signatures=True)
        self.run_program("publish", "s3", "--kms-key", "alias/mine", "--bucket-owner", ACCOUNT, "s3://findings", self.report)
        key = s3.list_objects_v2(Bucket="findings")["Contents"][0]["Key"]
        head = s3.head_object(Bucket="findings", Key=key)
        self.assertEqual((head["ServerSideEncryption"], head["SSEKMSKeyId"]), ("aws:kms", "alias/mine"))

    def test_s3_refusals(self):
        done = self.run_program("publish", "s3", "s3://nothere", self.report, status=2)
        self.assertIn("NoSuchBucket", done.stderr)
        s3 = self.bucket()
        self.aws.faults({"service": "s3", "operation": "PutObject", "fault": {"kind": "denied"}})
        done = self.run_program("publish", "s3", "s3://findings", self.report, status=2)
        self.assertIn("allow s3:PutObject", done.stderr)
        self.aws.faults()
        self.assertNotIn("Contents", s3.list_objects_v2(Bucket="findings"))
        # What is lost on the way comes the second time.
        self.aws.faults({"service": "s3", "operation": "PutObject", "when": {"first": 1, "per": "request"},
                         "fault": {"kind": "reset_after"}})
        self.run_program("publish", "s3", "s3://findings", self.report)
        self.assertEqual(len(s3.list_objects_v2(Bucket="findings")["Contents"]), 3)
        # A proxy's page is no answer.
        self.aws.faults({"service": "s3", "operation": "PutObject", "fault": {"kind": "html", "status": 200}})
        self.run_program("publish", "s3", "s3://findings/other", self.report, status=2)

    def test_s3_when_two_store_the_same(self):
        s3 = self.bucket()
        self.aws.faults({"service": "s3", "operation": "PutObject", "when": {"first": 1, "per": "request"},
                         "fault": {"kind": "error", "code": "ConditionalRequestConflict", "status": 409}})
        self.run_program("publish", "s3", "s3://findings", self.report)
        self.assertEqual(len(s3.list_objects_v2(Bucket="findings")["Contents"]), 3)

    # SNS

    def test_sns(self):
        sns, sqs = self.client("sns"), self.client("sqs")
        topic = sns.create_topic(Name="findings")["TopicArn"]
        queue = sqs.create_queue(QueueName="findings")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.run_program("publish", "sns", topic, self.report)
        body = json.loads(sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"])
        summary = json.loads(body["Message"])
        self.assertEqual(summary["format"], "sagewarden-summary/1")
        failed = sum(1 for f in self.findings() if f.get("compliance") == "FAILED" and not f["suppressed"])
        self.assertEqual(summary["findings"]["failed"], failed)
        self.assertIsNone(summary["new_failures"])
        self.assertEqual(self.aws.differences(service="sns", operation="Publish")["different"], [])
        self.no_violations()

    def test_sns_refusals(self):
        self.assertIn("is no ARN of an SNS topic", self.run_program("publish", "sns", "findings", self.report, status=2).stderr)
        done = self.run_program("publish", "sns", f"arn:aws:sns:{REGION}:{ACCOUNT}:nothere", self.report, status=2)
        self.assertIn("the summary is not published: sns:Publish", done.stderr)
        topic = self.client("sns").create_topic(Name="findings")["TopicArn"]
        self.aws.faults({"operation": "Publish", "fault": {"kind": "denied"}})
        self.assertIn("allow sns:Publish", self.run_program("publish", "sns", topic, self.report, status=2).stderr)
        # It may have come: not again.
        self.aws.faults({"operation": "Publish", "fault": {"kind": "reset_after"}})
        self.aws.reset("calls")
        self.run_program("publish", "sns", topic, self.report, status=2)
        self.assertEqual(len(self.aws.calls(operation="Publish")), 1)

    # A webhook

    def hook(self, *statuses):
        Hook.requests, Hook.statuses = [], list(statuses)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}/token-in-path?q=1"

    def test_webhook(self):
        url = self.hook()
        done = self.run_program("publish", "webhook", "--baseline", self.ndjson, url, self.report,
                                SAGEWARDEN_WEBHOOK_SECRET=SECRET)
        self.assertNotIn("token-in-path", done.stdout + done.stderr)
        (path, headers, body), = Hook.requests
        self.assertEqual(path, "/token-in-path?q=1")
        self.assertEqual(headers["Content-Type"], "application/json")
        signed = headers["X-Sagewarden-Timestamp"].encode() + b"." + body
        self.assertEqual(headers["X-Sagewarden-Signature"],
                         "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest())
        summary = json.loads(body)
        self.assertEqual(summary["new_failures"], {"count": 0, "some": []})
        self.assertTrue(summary["top_resources"])
        self.assertTrue(summary["text"].startswith("Sagewarden: "))

    def test_webhook_not_now(self):
        self.run_program("publish", "webhook", self.hook(503, 200), self.report)
        self.assertEqual(len(Hook.requests), 2)
        self.assertEqual(Hook.requests[0][1]["X-Sagewarden-Delivery"], Hook.requests[1][1]["X-Sagewarden-Delivery"])
        self.assertNotIn("X-Sagewarden-Signature", Hook.requests[0][1])

    def test_webhook_interrupted(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        started = subprocess.Popen([PROGRAM, "publish", "webhook", f"http://127.0.0.1:{silent.getsockname()[1]}/", self.report],
                                   env=self.aws.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        connection, _ = silent.accept()
        self.addCleanup(connection.close)
        started.send_signal(signal.SIGINT)
        _, error = started.communicate(timeout=15)
        self.assertEqual(started.returncode, 130, error)
        self.assertIn("did not take the summary", error)

    def test_webhook_refusals(self):
        for status in (302, 404, 500):
            done = self.run_program("publish", "webhook", self.hook(status), self.report, "-v", status=2)
            self.assertIn(f"HTTP status {status}", done.stderr)
            self.assertNotIn("token-in-path", done.stderr)
            self.assertEqual(len(Hook.requests), 1)
        done = self.run_program("publish", "webhook", "http://hooks.example/", self.report, status=2)
        self.assertIn("must begin with https://", done.stderr)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    del sys.argv[1]
    unittest.main()
