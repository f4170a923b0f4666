#!/usr/bin/env python3
"""AWS Config and Security Hub on the AWS test server."""

import copy
import json
import unittest

from testing import ACCOUNT, REGION, ServerTest

from fakeaws import configservice
from fakeaws.configquery import BadExpression, Query
from fakeaws.models import service_model
from fakeaws.sagemaker_types import TYPES

ITEMS = [
    {"resourceType": "AWS::SageMaker::Model", "resourceName": "a",
     "configuration": {"EnableNetworkIsolation": True, "Size": 3},
     "tags": [{"key": "Stage", "value": "prod", "tag": "Stage=prod"}]},
    {"resourceType": "AWS::SageMaker::Model", "resourceName": "b", "tags": [],
     "configuration": {"EnableNetworkIsolation": False, "Size": 5}},
    {"resourceType": "AWS::SageMaker::Image", "resourceName": "it's", "tags": [],
     "configuration": {"Parts": [{"Name": "x"}, {"Name": "y"}]}},
]


class ConfigQueries(unittest.TestCase):
    ROWS = (
        ("SELECT resourceName", "a b it's"),
        ("select resourceName where resourceType = 'AWS::SageMaker::Model'", "a b"),
        ("SELECT resourceName WHERE resourceType LIKE 'AWS::SageMaker::%'", "a b it's"),
        ("SELECT resourceName WHERE resourceType NOT LIKE '%Model'", "it's"),
        ("SELECT resourceName WHERE resourceName = 'it''s'", "it's"),
        ("SELECT resourceName WHERE resourceType IN ('AWS::SageMaker::Image', 'x')", "it's"),
        ("SELECT resourceName WHERE resourceName NOT IN ('a', 'b')", "it's"),
        ("SELECT resourceName WHERE configuration.enableNetworkIsolation = true", "a"),
        ("SELECT resourceName WHERE configuration.size BETWEEN 4 AND 6", "b"),
        ("SELECT resourceName WHERE configuration.size >= 3 AND configuration.size < 5", "a"),
        ("SELECT resourceName WHERE configuration.size != 3", "b it's"),
        ("SELECT resourceName WHERE tags.key = 'Stage'", "a"),
        ("SELECT resourceName WHERE tags.tag = 'Stage=prod' OR configuration.parts.name = 'y'", "a it's"),
        ("SELECT resourceName WHERE NOT (resourceName = 'a' OR resourceName = 'b')", "it's"),
        ("SELECT resourceName ORDER BY resourceName DESC", "it's b a"),
        ("SELECT resourceName WHERE resourceName = 'nothing'", ""),
    )

    def test_conditions(self):
        for expression, wanted in self.ROWS:
            with self.subTest(expression):
                self.assertEqual([row["resourceName"] for row in Query(expression).run(ITEMS)], wanted.split())

    def test_columns(self):
        row = Query("SELECT resourceName, configuration.size, configuration.parts.name, missing").run(ITEMS)
        self.assertEqual(row[0], {"resourceName": "a", "configuration": {"Size": 3}})
        self.assertEqual(row[2]["configuration"], {"Parts": [{"Name": "x"}, {"Name": "y"}]})
        self.assertEqual(Query("SELECT *").run(ITEMS), ITEMS)
        counted = Query("SELECT resourceType, COUNT(*) GROUP BY resourceType ORDER BY COUNT(*) DESC").run(ITEMS)
        self.assertEqual(counted[0], {"resourceType": "AWS::SageMaker::Model", "COUNT(*)": 2})

    def test_slips(self):
        for wrong in ("", "SELECT", "SELECT a WHERE", "SELECT a WHERE b", "SELECT a WHERE b = c", "SELECT a FROM b",
                      "SELECT a b", "SELECT a WHERE b = 'x", "SELECT a WHERE (b = 1", "SELECT a WHERE b NOT = 1",
                      "SELECT a; DROP"):
            with self.subTest(wrong), self.assertRaises(BadExpression):
                Query(wrong)


class Config(ServerTest):
    def setUp(self):
        super().setUp()
        self.aws.seed()
        self.config = self.client("config")

    def select(self, expression, call=None, **given):
        rows, sizes = self.pages(call or self.config.select_resource_config, "Results", Expression=expression, **given)
        return [json.loads(row) for row in rows], sizes

    def test_items_have_cloudformation_s_names_and_lack_what_config_lacks(self):
        rows, _ = self.select("SELECT * WHERE resourceType = 'AWS::SageMaker::NotebookInstance' "
                              "AND resourceName = 'churn-research'")
        item, = rows
        self.assertEqual((item["accountId"], item["awsRegion"], item["configurationItemStatus"]), (ACCOUNT, REGION, "OK"))
        shown = item["configuration"]
        self.assertIn("SecurityGroupIds", shown)
        self.assertEqual(shown["Id"], item["arn"])
        self.assertFalse({"SecurityGroups", "PlatformIdentifier", "NotebookInstanceStatus", "CreationTime"} & shown.keys())
        self.assertTrue(item["tags"][0]["tag"].startswith(item["tags"][0]["key"] + "="))

    def test_what_is_left_out_exists_in_describe(self):
        model = service_model("sagemaker")
        for table in (configservice.LEFT_OUT, configservice.RENAMED):
            for kind, names in table.items():
                if kind != "*":
                    members = model.operation_model("Describe" + kind).output_shape.members
                    self.assertEqual([name for name in names if name not in members], [], kind)
        self.assertEqual([kind for kind in configservice.RECORDED if kind not in TYPES], [])

    def test_pages(self):
        rows, sizes = self.select("SELECT arn WHERE resourceType LIKE 'AWS::SageMaker::%'", Limit=10)
        self.assertEqual((len(rows), sizes), (40, [10, 10, 10, 10]))
        self.assertEqual(self.select("SELECT arn")[1], [25, 16])
        self.fails("ValidationException", self.config.select_resource_config, Expression="SELECT arn", Limit=101)
        self.fails("InvalidExpressionException", self.config.select_resource_config, Expression="SELECT arn FROM x")

    def test_an_aggregator_sees_all_accounts_and_regions(self):
        self.aws.seed(accounts=["222222222222", "333333333333"])
        self.aws.settings(aggregators={"organization": {"account": ACCOUNT, "region": REGION},
                                       "some": {"account": ACCOUNT, "region": REGION, "accounts": ["222222222222"]}})
        call = self.config.select_aggregate_resource_config
        rows, _ = self.select("SELECT accountId, awsRegion, arn WHERE resourceType LIKE 'AWS::SageMaker::%'", call,
                              ConfigurationAggregatorName="organization", Limit=100)
        self.assertEqual(len(rows), 180)
        self.assertEqual({row["accountId"] for row in rows}, {ACCOUNT, "222222222222", "333333333333"})
        rows, _ = self.select("SELECT accountId", call, ConfigurationAggregatorName="some", Limit=100)
        self.assertEqual({row["accountId"] for row in rows}, {"222222222222"})
        for client, name in ((self.config, "other"), (self.client("config", "us-east-1"), "organization")):
            self.fails("NoSuchConfigurationAggregatorException", client.select_aggregate_resource_config,
                       Expression="SELECT arn", ConfigurationAggregatorName=name)
        counts = self.config.get_aggregate_discovered_resource_counts(ConfigurationAggregatorName="some",
                                                                      GroupByKey="RESOURCE_TYPE")
        self.assertEqual(counts["TotalDiscoveredResources"], 60)
        self.aws.settings(aggregators={"organization": {
            "account": ACCOUNT, "region": REGION,
            "failed": [{"SourceId": "222222222222", "AwsRegion": "us-east-1", "LastErrorMessage": "no"}]},
            "some": {"account": ACCOUNT, "region": REGION}})
        sources = self.config.describe_configuration_aggregator_sources_status(ConfigurationAggregatorName="organization")
        self.assertEqual([each["SourceId"] for each in sources["AggregatedSourceStatusList"]], ["222222222222"])
        names = self.config.describe_configuration_aggregators()["ConfigurationAggregators"]
        self.assertEqual([each["ConfigurationAggregatorName"] for each in names], ["organization", "some"])


class Recorders(ServerTest):
    MODEL, IMAGE = "AWS::SageMaker::Model", "AWS::SageMaker::Image"

    def seen(self, **recorder):
        """The types that are counted and queried, and whether the recorder is on."""
        self.aws.reset()
        self.aws.seed()
        self.aws.settings(recorders=[{"region": REGION, **recorder}])
        config = self.client("config")
        counted = {row["resourceType"]: row["count"] for row in config.get_discovered_resource_counts()["resourceCounts"]}
        answer = config.select_resource_config(Expression="SELECT resourceType, configuration", Limit=100)
        rows = [json.loads(row) for row in answer["Results"]]
        queried = {row["resourceType"] for row in rows} - {"AWS::Config::ConfigurationRecorder"}
        self.assertEqual(queried, set(counted))
        recorders = config.describe_configuration_recorders()["ConfigurationRecorders"]
        status = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
        self.assertEqual(len(recorders), len(status))
        self.assertEqual(len(recorders), len(rows) - sum(counted.values()))
        return set(counted), [each["recording"] for each in status]

    def test_what_is_recorded(self):
        everything, on = self.seen()
        self.assertEqual((len(everything), on), (13, [True]))
        self.assertEqual(self.seen(recording=False), (set(), [False]))
        self.assertEqual(self.seen(missing=True), (set(), []))
        self.assertEqual(self.seen(group={"allSupported": False, "resourceTypes": [self.MODEL]})[0], {self.MODEL})
        left_out = {"allSupported": False, "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                    "exclusionByResourceTypes": {"resourceTypes": [self.MODEL, self.IMAGE]}}
        self.assertEqual(self.seen(group=left_out)[0], everything - {self.MODEL, self.IMAGE})

    def test_what_queries_do_not_know(self):
        self.aws.seed()
        self.aws.settings(not_queryable=["MonitoringSchedule"])
        config = self.client("config")
        rows = config.select_resource_config(Expression="SELECT arn WHERE resourceType = 'AWS::SageMaker::MonitoringSchedule'")
        self.assertEqual(rows["Results"], [])
        counts = config.get_discovered_resource_counts(resourceTypes=["AWS::SageMaker::MonitoringSchedule"])
        self.assertGreater(counts["totalDiscoveredResources"], 0)


def finding(number=1, **more):
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m-{number}"
    return {
        "SchemaVersion": "2018-10-08", "Id": f"{REGION}/{ACCOUNT}/{arn}/SageMaker.5", "GeneratorId": "sagewarden/SageMaker.5",
        "ProductArn": f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default", "AwsAccountId": ACCOUNT,
        "CreatedAt": "2026-11-24T10:00:00.000Z", "UpdatedAt": "2026-11-24T10:00:00.000Z", "Title": "t", "Description": "d",
        "Resources": [{"Type": "Other", "Id": arn, "Region": REGION, "Partition": "aws"}],
        "FindingProviderFields": {"Severity": {"Label": "MEDIUM", "Original": "MEDIUM"},
                                  "Types": ["Software and Configuration Checks/AWS Security Best Practices"]},
        "Compliance": {"Status": "FAILED", "SecurityControlId": "SageMaker.5"}, **more}


class SecurityHub(ServerTest):
    def setUp(self):
        super().setUp()
        self.hub = self.client("securityhub")

    def put(self, *findings):
        answer = self.hub.batch_import_findings(Findings=list(findings))
        return answer["SuccessCount"], [(each["ErrorCode"], each["ErrorMessage"]) for each in answer["FailedFindings"]]

    def test_importing(self):
        self.assertEqual(self.put(finding(1), finding(2)), (2, []))
        first, second = self.aws.findings()
        self.assertEqual((first["Workflow"], first["RecordState"], first["Severity"]["Label"]),
                         ({"Status": "NEW"}, "ACTIVE", "MEDIUM"))
        self.no_violations()

    def test_one_bad_finding_does_not_hold_up_the_others(self):
        rows = (
            ({"AwsAccountId": "222222222222"}, "not the caller's account"),
            ({"ProductArn": f"arn:aws:securityhub:us-east-1:{ACCOUNT}:product/{ACCOUNT}/default"}, "ProductArn"),
            ({"Title": "x" * 257}, "Title is longer than 256"), ({"Title": " "}, "regular expression pattern"),
            ({"Compliance": {"Status": "NON_COMPLIANT"}}, "enum value set"), ({"CreatedAt": "yesterday"}, "no time"),
            ({"Types": ["Invented/Type"]}, "Types: Invented"), ({"Description": "ä" * 130_000}, "240 KB"),
            ({"Resources": [{"Type": "Other", "Id": "x"}] * 33}, "more than 32 Resources"),
        )
        for change, word in rows:
            with self.subTest(word):
                self.aws.reset("findings", "calls")
                stored, failed = self.put(finding(1), finding(2, **change))
                self.assertEqual((stored, len(failed), failed[0][0]), (1, 1, "InvalidInput"))
                self.assertIn(word, failed[0][1])
                self.assertIn(word, str(self.aws.violations()))

    def test_what_fails_the_whole_call(self):
        self.fails("InvalidInputException", self.hub.batch_import_findings, Findings=[finding(n) for n in range(101)])
        self.fails("InvalidInputException", self.hub.batch_import_findings, Findings=[])
        broken = copy.deepcopy(finding())
        broken["Title"] = 5
        self.fails("InvalidInputException", self.hub.batch_import_findings, Findings=[finding(2), broken])
        self.assertEqual(self.aws.findings(), [])

    def test_updates(self):
        self.put(finding(Note={"Text": "n", "UpdatedBy": "u", "UpdatedAt": "2026-11-24T10:00:00Z"}))
        identifier = {"Id": finding()["Id"], "ProductArn": finding()["ProductArn"]}
        answer = self.hub.batch_update_findings(FindingIdentifiers=[identifier, {**identifier, "Id": "other"}],
                                                Workflow={"Status": "SUPPRESSED"})
        self.assertEqual((answer["ProcessedFindings"], answer["UnprocessedFindings"][0]["ErrorCode"]),
                         ([identifier], "FindingNotFound"))
        # Not newer: taken, and ignored.
        self.assertEqual(self.put(finding(Title="ignored"))[0], 1)
        self.assertEqual(self.aws.findings()[0]["Title"], "t")
        self.put(finding(Title="new", UpdatedAt="2026-11-24T10:00:00.001Z", CreatedAt="2026-11-24T11:00:00Z",
                         Workflow={"Status": "NEW"}, RecordState="ARCHIVED"))
        shown, = self.aws.findings()
        self.assertEqual((shown["Title"], shown["CreatedAt"], shown["RecordState"]),
                         ("new", "2026-11-24T10:00:00.000Z", "ARCHIVED"))
        self.assertEqual((shown["Workflow"]["Status"], shown["Note"]["Text"]), ("SUPPRESSED", "n"))

    def test_reading(self):
        self.put(*(finding(n, RecordState="ARCHIVED" if n % 2 else "ACTIVE", ProductFields={"run": str(n)}) for n in range(25)))

        def count(**filters):
            return len(self.pages(self.hub.get_findings, "Findings", Filters=filters, MaxResults=10)[0])

        def is_(value, comparison="EQUALS"):
            return [{"Value": value, "Comparison": comparison}]

        self.assertEqual(self.pages(self.hub.get_findings, "Findings", MaxResults=10)[1], [10, 10, 5])
        self.assertEqual(count(RecordState=is_("ACTIVE")), 13)
        self.assertEqual(count(RecordState=is_("ACTIVE", "NOT_EQUALS")), 12)
        self.assertEqual(count(GeneratorId=is_("sagewarden/", "PREFIX")), 25)
        self.assertEqual(count(GeneratorId=is_("other/", "PREFIX")), 0)
        self.assertEqual(count(ResourceId=is_(finding(7)["Resources"][0]["Id"])), 1)
        self.assertEqual(count(Id=is_(finding(1)["Id"]) + is_(finding(2)["Id"])), 2)
        self.assertEqual(count(ProductFields=[{"Key": "run", "Value": "3", "Comparison": "EQUALS"}]), 1)
        self.assertEqual(count(UpdatedAt=[{"Start": "2026-11-24T00:00:00Z", "End": "2026-11-25T00:00:00Z"}]), 25)
        self.assertEqual(count(RecordState=is_("ACTIVE"), ComplianceStatus=is_("PASSED")), 0)
        sorted_rows = self.hub.get_findings(SortCriteria=[{"Field": "Id", "SortOrder": "desc"}], MaxResults=2)["Findings"]
        self.assertGreater(sorted_rows[0]["Id"], sorted_rows[1]["Id"])
        self.no_violations()

    def test_where_the_hub_is_off(self):
        self.aws.settings(hub_off=[f"{ACCOUNT}/us-"])
        other = self.client("securityhub", "us-east-1")
        message = self.fails("InvalidAccessException", other.batch_import_findings, Findings=[finding()])
        self.assertIn("is not subscribed to AWS Security Hub", message)
        other.enable_security_hub()
        self.fails("ResourceConflictException", other.enable_security_hub)
        other.describe_hub()
        self.assertEqual(self.put(finding())[0], 1)
        self.assertEqual(other.get_findings()["Findings"], [])


if __name__ == "__main__":
    unittest.main()
