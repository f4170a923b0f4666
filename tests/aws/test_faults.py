#!/usr/bin/env python3
"""Every fault of the AWS test server does what it says, strikes whom it should, and the same ones in every run."""

import http.client
import json
import socket
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from testing import ACCOUNT, REGION, ServerTest

from botocore.exceptions import (ConnectionClosedError, EndpointConnectionError, HTTPClientError, IncompleteReadError,
                                 ReadTimeoutError, ResponseStreamingError)

GONE = (ConnectionClosedError, EndpointConnectionError, HTTPClientError, IncompleteReadError, ResponseStreamingError)


def rule(kind, operation="*", when=None, **more):
    place = {name: more.pop(name) for name in ("service", "account", "region", "resource") if name in more}
    made = {"operation": operation, "fault": {"kind": kind, **more}, **place}
    return {**made, "when": when} if when else made


class FaultTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.aws.seed()
        self.sagemaker = self.client("sagemaker")

    def models(self, client=None, **given):
        return [each["ModelName"] for each in (client or self.sagemaker).list_models(**given)["Models"]]

    def outcomes(self, count, call=None):
        """For so many calls, one after another: "ok" or the error's code."""
        found = []
        for _ in range(count):
            try:
                (call or self.sagemaker.list_models)()
                found.append("ok")
            except self.sagemaker.exceptions.ClientError as failed:
                found.append(failed.response["Error"]["Code"])
        return found


class Errors(FaultTest):
    def test_throttling_is_a_400(self):
        self.aws.faults(rule("throttle"))
        status, headers, body = self.raw(b"{}")
        self.assertEqual((status, json.loads(body)), (400, {"__type": "ThrottlingException", "message": "Rate exceeded"}))
        self.assertEqual(headers["Content-Type"], "application/x-amz-json-1.1")

    def test_throttling_in_each_service_s_words(self):
        self.aws.faults(rule("throttle"))
        for service, call, code in (
                ("sagemaker", "list_models", "ThrottlingException"), ("ec2", "describe_regions", "RequestLimitExceeded"),
                ("organizations", "list_accounts", "TooManyRequestsException"), ("sts", "get_caller_identity", "Throttling"),
                ("securityhub", "describe_hub", "TooManyRequestsException"), ("config", "describe_configuration_aggregators",
                                                                             "ThrottlingException")):
            with self.subTest(service):
                self.fails(code, getattr(self.client(service, "us-east-1"), call))

    def test_statuses(self):
        for kind, status, code in (("internal", 500, "InternalFailure"), ("unavailable", 503, "ServiceUnavailable")):
            self.aws.faults(rule(kind))
            self.assertEqual(self.raw(b"{}")[0], status)
            self.fails(code, self.sagemaker.list_models)
        self.aws.faults(rule("error", code="ResourceLimitExceeded", message="too many", status=400))
        self.assertEqual(self.fails("ResourceLimitExceeded", self.sagemaker.list_models), "too many")

    def test_bodies_that_are_no_answers(self):
        for kind, status, begin in (("html", 502, b"<html>"), ("xml", 403, b"<?xml"), ("empty", 200, b""),
                                    ("wrong_shape", 200, b"[1,2,3]"), ("malformed", 200, b'{"Models":[')):
            with self.subTest(kind):
                self.aws.faults(rule(kind))
                got, _, body = self.raw(b"{}")
                self.assertEqual((got, body[:len(begin)]), (status, begin))
        # Even botocore takes that for an answer without models.
        self.assertNotIn("Models", self.sagemaker.list_models())
        self.aws.faults(rule("huge", bytes=3_000_000))
        self.assertGreater(len(self.raw(b"{}")[2]), 3_000_000)

    def test_truncated_json_in_a_whole_answer(self):
        whole = self.raw(b"{}")[2]
        self.aws.faults(rule("truncated", keep=0.6))
        body = self.raw(b"{}")[2]
        self.assertEqual(body, whole[:int(len(whole) * 0.6)])
        with self.assertRaises(ValueError):
            json.loads(body)

    def test_members_of_tomorrow(self):
        self.aws.faults(rule("extra_member"))
        self.assertEqual(len(self.models()), 6)
        self.assertIn(b"MemberOfTomorrow", self.raw(b"{}")[2])


class Identity(FaultTest):
    def test_denied_in_aws_s_words(self):
        self.aws.faults(rule("denied", "DescribeModel", resource="churn-v2"), rule("denied", "ListImages", reason="scp"))
        message = self.fails("AccessDeniedException", self.sagemaker.describe_model, ModelName="churn-v2")
        self.assertEqual(message, f"User: arn:aws:iam::{ACCOUNT}:user/tester is not authorized to perform: "
                         f"sagemaker:DescribeModel on resource: arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/churn-v2 because "
                         "no identity-based policy allows the sagemaker:DescribeModel action")
        self.assertEqual(self.sagemaker.describe_model(ModelName="churn-v3")["ModelName"], "churn-v3")
        self.assertIn("with an explicit deny in a service control policy", self.fails("AccessDeniedException",
                                                                                      self.sagemaker.list_images))
        status, _, body = self.raw(b"{}", "ListImages")
        self.assertEqual((status, sorted(json.loads(body))), (400, ["Message", "__type"]))

    def test_denied_by_account_and_region(self):
        self.aws.seed(accounts=["222222222222"])
        self.aws.faults(rule("denied", "List*", account="2*"), rule("denied", "ListModels", region="us-*"))
        other = self.client("sagemaker", account="222222222222")
        self.fails("AccessDeniedException", other.list_models)
        self.fails("AccessDeniedException", self.client("sagemaker", "us-east-1").list_models)
        self.assertEqual(len(self.models()), 6)
        self.client("sagemaker", "us-east-1").list_images()

    def test_a_token_that_expires_in_mid_scan(self):
        self.aws.faults(rule("expired_token", when={"calls": [3]}, end_sessions=True))
        before = self.client("sagemaker", credentials=self.aws.session())
        found = self.outcomes(5, before.list_models)
        self.assertEqual(found, ["ok", "ok", *["ExpiredTokenException"] * 3])
        self.assertEqual(self.outcomes(1, self.client("sagemaker", credentials=self.aws.session()).list_models), ["ok"])

    def test_sessions_end_by_themselves(self):
        self.aws.settings(session_seconds=5)
        role = "arn:aws:iam::222222222222:role/audit"
        made = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        client = self.client("sagemaker", credentials=made)
        client.list_models()
        time.sleep(5.1)
        self.fails("ExpiredTokenException", client.list_models)
        self.fails("ExpiredToken", self.client("sts", credentials=made).get_caller_identity)

    def test_a_region_that_is_not_enabled(self):
        for region in ("me-south-1", "eu-invented-9"):
            self.fails("UnrecognizedClientException", self.client("sagemaker", region).list_models)
            self.fails("InvalidClientTokenId", self.client("sts", region).get_caller_identity)
        self.aws.settings(opted_in={ACCOUNT: ["me-south-1"]})
        self.assertEqual(self.models(self.client("sagemaker", "me-south-1")), [])
        self.aws.faults(rule("region_not_enabled", region=REGION))
        self.fails("UnrecognizedClientException", self.sagemaker.list_models)


class Wire(FaultTest):
    def test_reset(self):
        self.aws.faults(rule("reset", when={"first": 1}))
        with self.assertRaises(GONE):
            self.sagemaker.list_models()
        self.models()
        connection = socket.create_connection(("127.0.0.1", self.aws.port))
        self.aws.faults(rule("reset"))
        connection.sendall(self._request())
        with self.assertRaises(ConnectionResetError):
            connection.recv(1)

    def _request(self):
        credential = (f"Credential={self.aws.credentials()['AccessKeyId']}/20261124/{REGION}/sagemaker/aws4_request, "
                      f"SignedHeaders=host;x-amz-date;x-amz-target, Signature={'0' * 64}")
        return ("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: SageMaker.ListModels\r\nX-Amz-Date: 20261124T000000Z\r\n"
                f"Content-Type: application/x-amz-json-1.1\r\nContent-Length: 2\r\nAuthorization: AWS4-HMAC-SHA256 {credential}"
                "\r\n\r\n{}").encode()

    def test_reset_after_the_operation_was_carried_out(self):
        self.aws.faults(rule("reset_after", "DeleteModel"))
        with self.assertRaises(GONE):
            self.sagemaker.delete_model(ModelName="churn-v2")
        self.assertNotIn("churn-v2", self.models())

    def test_cut(self):
        self.aws.faults(rule("cut", keep=0.5))
        with self.assertRaises(http.client.IncompleteRead):
            self.raw(b"{}")

    def test_hang_until_the_client_goes(self):
        self.aws.faults(rule("hang", when={"first": 1}))
        with self.assertRaises(ReadTimeoutError):
            self.client("sagemaker", patience=0.5).list_models()
        self.assertEqual(len(self.models()), 6)

    def test_slow(self):
        self.aws.faults(rule("delay", seconds=0.4))
        begin = time.monotonic()
        self.models()
        self.assertGreaterEqual(time.monotonic() - begin, 0.4)
        self.aws.faults(rule("trickle", bytes_per_second=2000))
        size = self.aws.calls(operation="ListModels")[-1]["answer_bytes"]
        begin = time.monotonic()
        self.models()
        self.assertGreaterEqual(time.monotonic() - begin, size / 2000 * 0.8)
        self.aws.reset("faults")
        self.aws.settings(latency=0.2)
        begin = time.monotonic()
        self.models()
        self.assertGreaterEqual(time.monotonic() - begin, 0.2)

    def test_delays_come_on_top_of_other_faults(self):
        self.aws.faults(rule("delay", seconds=0.2), rule("throttle"))
        begin = time.monotonic()
        self.fails("ThrottlingException", self.sagemaker.list_models)
        self.assertGreaterEqual(time.monotonic() - begin, 0.2)

    def test_connections_stay_open(self):
        for _ in range(5):
            self.models()
        self.assertEqual(self.aws.summary()["connections"], 1)


class Pages(FaultTest):
    def all_models(self, **given):
        return self.pages(lambda **more: self.sagemaker.list_models(**more), "Models", **given)

    def names(self, items):
        return [each["ModelName"] for each in items]

    def test_duplicate_pages(self):
        whole = self.models()
        self.aws.faults(rule("duplicate_page", "ListModels"))
        items, sizes = self.all_models(MaxResults=4)
        self.assertEqual(sizes, [4, 4, 2, 2])
        self.assertEqual(self.names(items), whole[:4] * 2 + whole[4:] * 2)
        self.no_violations()

    def test_empty_and_short_pages(self):
        whole = self.models()
        self.aws.faults(rule("empty_page", "ListModels"))
        items, sizes = self.all_models(MaxResults=4)
        self.assertEqual((sizes, self.names(items)), ([0, 4, 0, 2], whole))
        self.aws.faults(rule("short_page", "ListModels", size=1))
        items, sizes = self.all_models(MaxResults=4)
        self.assertEqual((sizes, self.names(items)), ([1] * 6, whole))
        self.assertEqual(self.aws.calls(operation="ListModels")[-1]["input"]["MaxResults"], 4)

    def test_endless_tokens(self):
        first = self.models(MaxResults=4)
        for style, again in (("repeat", first), ("empty", []), ("same", first)):
            with self.subTest(style):
                self.aws.faults(rule("endless_token", "ListModels", style=style))
                tokens, token = [], None
                for number in range(20):
                    page = self.sagemaker.list_models(MaxResults=4, **({"NextToken": token} if token else {}))
                    self.assertEqual(self.names(page["Models"]), again if number else first)
                    token = page["NextToken"]
                    tokens.append(token)
                self.assertEqual(len(set(tokens)), 1 if style == "same" else 20)

    def test_other_services_page_wrongly_as_well(self):
        self.aws.organization(40)
        self.aws.faults(rule("empty_page", "ListAccounts"))
        client = self.client("organizations", "us-east-1")
        items, sizes = self.pages(client.list_accounts, "Accounts")
        self.assertEqual((sizes, len({each["Id"] for each in items})), ([0, 20, 0, 20], 40))

    def test_vanishing(self):
        self.aws.faults(rule("vanish", "DescribeModel", resource="churn-v2"),
                        rule("vanish", "ListTags", resource="*vendor-ocr"))
        self.assertIn("churn-v2", self.models())
        message = self.fails("ValidationException", self.sagemaker.describe_model, ModelName="churn-v2")
        self.assertEqual(message, f'Could not find model "arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/churn-v2".')
        self.assertEqual(len(self.models()), 5)
        arn = self.sagemaker.describe_model(ModelName="vendor-ocr")["ModelArn"]
        self.fails("ValidationException", self.sagemaker.list_tags, ResourceArn=arn)
        self.assertEqual(len(self.models()), 4)


class Whom(FaultTest):
    def test_when(self):
        for when, wanted in (({"calls": [2, 4]}, "ok no ok no ok ok"), ({"first": 2}, "no no ok ok ok ok"),
                             ({"every": 3}, "ok ok no ok ok no"), ({"after": 2, "count": 3}, "ok ok no no no ok"),
                             ({"first": 1, "per": "operation"}, "no ok ok ok ok ok"), (None, "no no no no no no")):
            with self.subTest(when):
                self.aws.faults(rule("throttle", "ListModels", when=when))
                found = ["ok" if each == "ok" else "no" for each in self.outcomes(6)]
                self.assertEqual(found, wanted.split())

    def test_once_for_each_request(self):
        self.aws.faults(rule("throttle", when={"first": 1, "per": "request"}))
        retrying = self.client("sagemaker", attempts=3)
        names = self.models(retrying)
        for name in names:
            retrying.describe_model(ModelName=name)
        calls = self.aws.calls()
        self.assertEqual(len(calls), 2 * (1 + len(names)))
        self.assertEqual([call["attempt"] for call in calls], [1, 2] * (1 + len(names)))

    def struck(self, seed, threads):
        """Which of many describes were throttled; `threads` at once."""
        names = [f"m-{number}" for number in range(200)]
        self.aws.faults(rule("throttle", "DescribeModel", when={"probability": 0.3}), seed=seed)
        client = self.client("sagemaker")

        def one(name):
            return self.outcomes(1, lambda: client.describe_model(ModelName=name)) == ["ThrottlingException"]

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, names))

    def test_chance_is_the_same_in_every_run_and_order(self):
        once = self.struck(1, 1)
        self.assertEqual(self.struck(1, 8), once)
        self.assertNotEqual(self.struck(2, 1), once)
        self.assertTrue(0.2 < sum(once) / len(once) < 0.4, sum(once))

    def test_a_rate(self):
        self.aws.faults(rule("rate", "ListModels", per_second=0.001, burst=5))
        self.assertEqual(self.outcomes(7), ["ok"] * 5 + ["ThrottlingException"] * 2)
        self.assertEqual(self.outcomes(1, self.sagemaker.list_images), ["ok"])

    def test_what_is_recorded(self):
        self.aws.faults(rule("throttle", "ListModels", when={"first": 1}))
        self.outcomes(2)
        first, second = self.aws.calls(operation="ListModels")
        self.assertEqual((first["fault"], first["answered_by"], first["error"]),
                         ("throttle", "fault", "ThrottlingException"))
        self.assertEqual((second["fault"], second["answered_by"], second["error"]), ("", "fakeaws", ""))
        self.assertEqual(self.aws.control("faults")["struck"], {"0": 1})

    def test_a_rule_with_a_slip_is_refused(self):
        with self.assertRaisesRegex(Exception, "no such fault: thortle"):
            self.aws.faults(rule("thortle"))


if __name__ == "__main__":
    unittest.main()
