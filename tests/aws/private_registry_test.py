#!/usr/bin/env python3
"""SageMaker.16 with what lies around a model, on the server that checks requests: preflight finds what is missing, endpoints
of the VPC are created, a canary endpoint comes and goes, images are copied.

usage: private_registry_test.py PROGRAM
"""
import hashlib
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

import environment
import repair_test
from policies import actions, not_allowed

ACCOUNT, REGION = repair_test.ACCOUNT, repair_test.REGION
# Makes a VPC without a way out in moto's EC2, and prints its ids.
SURROUNDINGS = """
import json, sys
import boto3
url, region = sys.argv[1:]
ec2 = boto3.client("ec2", endpoint_url=url, region_name=region)
vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
for name in ("EnableDnsSupport", "EnableDnsHostnames"):
    ec2.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": True}})
subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=region + zone)["Subnet"]["SubnetId"]
           for number, zone in enumerate("ab")]
group = ec2.create_security_group(GroupName="serve", Description="models", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": group}]}])
print(json.dumps({"vpc": vpc, "subnets": subnets, "group": group}))
"""
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/churn"
DIGEST = "sha256:" + "0" * 64


class PrivateRegistry(unittest.TestCase):
    """SageMaker.16 with a real VPC around the model: preflight, endpoints that are created, a canary, images that are copied."""

    # How repairs are tested, as in repair_test.py.
    maxDiff = repair_test.Repair.maxDiff
    setUpClass = classmethod(repair_test.Repair.setUpClass.__func__)
    tearDownClass = classmethod(repair_test.Repair.tearDownClass.__func__)
    for name in ("setUp", "tearDown", "run_program", "plan", "apply", "state", "failed", "writes", "compare"):
        locals()[name] = getattr(repair_test.Repair, name)

    def prepare(self):
        self.aws.reset()
        done = subprocess.run([environment.find(), "-c", SURROUNDINGS, self.aws.url, REGION], env=self.aws.env(ACCOUNT),
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.around = json.loads(done.stdout)
        role = f"arn:aws:iam::{ACCOUNT}:role/serve"
        self.aws.seed(rows=[{"Describe": {
            "ModelName": "churn", "ModelArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/churn", "ExecutionRoleArn": role,
            "PrimaryContainer": {"Image": f"{IMAGE}:3", "ModelDataUrl": "s3://models/churn.tar.gz", "Mode": "SingleModel"},
            "CreationTime": 1750000000, "EnableNetworkIsolation": False}, "Tags": []}])
        config = {"EndpointConfigName": "churn", "CreationTime": 1750000000,
                  "EndpointConfigArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint-config/churn",
                  "ProductionVariants": [{"VariantName": "all", "ModelName": "churn", "InitialInstanceCount": 2,
                                          "InstanceType": "ml.m5.large", "InitialVariantWeight": 1.0}]}
        self.aws.seed(rows=[{"Describe": config, "Tags": []}])
        self.aws.seed(rows=[repair_test.Repair.endpoint(config, 0)])
        self.aws.reset("calls")

    def options(self, to, *more):
        Path(self.top.name, "registry.map").write_text(f"{IMAGE}:3 = {to}\n")
        subnets = [word for subnet in self.around["subnets"] for word in ("--subnet", subnet)]
        return ("--controls", "SageMaker.16", "--registry-map", str(Path(self.top.name, "registry.map")), *subnets,
                "--security-group", self.around["group"], *more)

    def rows(self, action):
        return {row["check"]: row["result"] for row in action["preflight"]}

    def test_what_is_missing_is_left_to_a_person(self):
        plan = self.plan(*self.options(f"{IMAGE}@{DIGEST}"), status=3)
        action = plan["actions"][0]
        self.assertEqual(action["way"], "by-hand")
        rows = self.rows(action)
        self.assertEqual({check for check, result in rows.items() if result == "wrong"}, {"way to S3", "way to ECR's layers",
                                                                                             "endpoint ecr.dkr"})
        for check in ("subnets", "zones", "free addresses", "security groups", "443 outwards", "DNS of the VPC", "role may pull"):
            self.assertEqual(rows[check], "ok", check)
        self.assertEqual([name for name in self.writes() if name != "SimulatePrincipalPolicy"], [])
        # A denied read is said, and nothing is taken for good.
        self.aws.faults({"operation": "DescribeVpcEndpoints", "fault": {"kind": "denied"}})
        action = self.plan(*self.options(f"{IMAGE}@{DIGEST}"), status=(0, 3))["actions"][0]
        row = next(row for row in action["preflight"] if row["check"] == "VPC endpoints")
        self.assertEqual((row["result"], row["fix"]), ("unread", "allow ec2:DescribeVpcEndpoints and plan again"))
        self.assertNotIn("way to S3", self.rows(action))

    def test_endpoints_and_a_canary_on_the_way(self):
        plan = self.plan(*self.options(f"{IMAGE}@{DIGEST}", "--create-endpoints"), status=0)
        action = plan["actions"][0]
        self.assertEqual(set(self.rows(action).values()), {"ok"})
        operations = [step["call"]["operation"] for step in action["steps"]]
        self.assertEqual(operations, ["CreateVpcEndpoint"] * 3 + [
            "CreateModel", "CreateEndpointConfig", "CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint",
            "DeleteEndpointConfig", "UpdateEndpoint"])
        policy = json.loads(self.run_program("policy", "remediate", self.plan_file).stdout)
        beforehand = json.loads(self.run_program("policy", "remediate", "--controls", "SageMaker.16").stdout)
        self.assertEqual(actions(policy) - actions(beforehand), set())
        before = self.state()
        self.aws.reset("calls")
        self.aws.settings(transitions=1)
        self.apply()
        self.assertEqual(not_allowed(policy, self.aws.calls()), set())
        self.assertEqual(self.failed("--controls", "SageMaker.16") & {("SageMaker.16", action["findings"][0]["passes_at"])}, set())
        canary = action["steps"][6]["call"]["input"]["EndpointName"]
        self.assertFalse([arn for arn in self.state() if canary in arn])
        # What the VPC lacked is there now: a second plan of the same has nothing to create.
        self.aws.settings(transitions=0)
        self.run_program("undo", "--yes", "--poll", "1", status=(0, 2, 3))
        self.compare(before, self.state())
        again = self.plan(*self.options(f"{IMAGE}@{DIGEST}", "--create-endpoints"), status=0)["actions"][0]
        self.assertNotIn("CreateVpcEndpoint", [step["call"]["operation"] for step in again["steps"]])

    def test_images_are_copied(self):
        manifest = b'{"schemaVersion":2}'
        registry = Path(self.top.name, "registry")
        registry.mkdir()
        (registry / "source").write_bytes(manifest)
        tool = Path(self.top.name, "bin", "skopeo")
        tool.parent.mkdir()
        tool.write_text(f"""#!/bin/sh
case "$*" in
  "inspect --raw docker://{IMAGE}:3") cat '{registry}/source' ;;
  "inspect --raw docker://registry.example.com/churn:3")
    cat '{registry}/there' 2> /dev/null || {{ echo 'manifest unknown' >&2; exit 1; }} ;;
  "copy --all --preserve-digests docker://{IMAGE}@sha256:"*" docker://registry.example.com/churn:3")
    cp '{registry}/source' '{registry}/there' ;;
  *) echo "asked: $*" >&2; exit 2 ;;
esac
""")
        tool.chmod(0o755)
        self.path = f"{tool.parent}:{os.environ['PATH']}"
        digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
        options = self.options("registry.example.com/churn:3", "--copy-images", "--create-endpoints")
        plan = self.plan(*options, status=0)
        steps = plan["actions"][0]["steps"]
        self.assertIn("copy", [step["call"]["operation"] for step in steps])
        self.assertFalse((registry / "there").exists())
        self.apply()
        self.assertEqual((registry / "there").read_bytes(), manifest)
        model = next(row for arn, row in self.state().items() if ":model/churn-sw" in arn)["Describe"]
        self.assertEqual(model["PrimaryContainer"]["Image"], f"registry.example.com/churn@{digest}")
        self.run_program("undo", "--yes", "--poll", "1", status=(0, 2, 3))
        again = self.plan(*options, status=0)["actions"][0]
        self.assertNotIn("copy", [step["call"]["operation"] for step in again["steps"]])

    path = None

    def environment(self, account=ACCOUNT):
        return repair_test.Repair.environment(self, account) | ({"PATH": self.path} if self.path else {})


if __name__ == "__main__":
    repair_test.PROGRAM = os.path.abspath(sys.argv[1])
    if not environment.find():
        print("skipped: no Python has moto")
        sys.exit(environment.SKIPPED)
    del sys.argv[1]
    unittest.main()
