#!/usr/bin/env python3
"""SageMaker on the AWS test server: every field of every type makes the round trip, and pages, filters, statuses, tags."""

import copy
import tempfile
import unittest
from datetime import datetime
from pathlib import Path

from testing import ACCOUNT, REGION, ServerTest

import samples
from fakeaws import seeding, shaping
from fakeaws.models import service_model
from fakeaws.sagemaker_types import NOT_SHOWN, ROWS, TYPES
from server import EXAMPLES

MODEL = service_model("sagemaker")
# A union's members take turns; no union of these inputs has more.
VARIANTS = 3
# What the model can't say: names that have to exist, and members that exclude each other.
FIXED = {
    "NotebookInstance": {"DirectInternetAccess": "Disabled"},
    "EndpointConfig": {"ProductionVariants.ModelName": "base", "ShadowProductionVariants.ModelName": "base"},
    "Endpoint": {"EndpointConfigName": "base"},
    "InferenceComponent": {"EndpointName": "base"},
    "InferenceExperiment": {"EndpointName": "base"},
    "FeatureGroup": {"RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "time", "FeatureDefinitions": [
        {"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "time", "FeatureType": "Fractional"}]},
}
# For types of which one input can't have everything: for each round, what is left out.
LEFT_OUT = {
    "Model": [("PrimaryContainer",), ("Containers", "InferenceExecutionConfig")],
    "MonitoringSchedule": [("MonitoringScheduleConfig.MonitoringJobDefinition",),
                           ("MonitoringScheduleConfig.MonitoringJobDefinitionName",)],
}
CONTAINER = {"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/image:1"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sample"


def plain(value):
    """boto3's values as JSON has them."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.timestamp() if isinstance(value, datetime) else value


def put(value, path, new):
    name, _, rest = path.partition(".")
    for each in value if isinstance(value, list) else [value]:
        if rest:
            put(each[name], rest, new)
        elif new is None:
            each.pop(name, None)
        else:
            each[name] = new


def snake(operation):
    text = "".join("_" + letter.lower() if letter.isupper() else letter for letter in operation)[1:]
    return text


class SageMakerTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.sagemaker = self.client("sagemaker")

    def call(self, operation, **given):
        return self.sagemaker._make_api_call(operation, given)

    def base(self):
        """What others refer to."""
        self.call("CreateModel", ModelName="base", PrimaryContainer=CONTAINER, ExecutionRoleArn=ROLE)
        variant = {"VariantName": "v", "ModelName": "base", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
        self.call("CreateEndpointConfig", EndpointConfigName="base", ProductionVariants=[variant])
        self.call("CreateEndpoint", EndpointName="base", EndpointConfigName="base")
        self.call("CreateDomain", **samples.make(MODEL.operation_model("CreateDomain").input_shape))
        self.domain = self.call("ListDomains")["Domains"][0]["DomainId"]

    def sample(self, kind, turn, name=None):
        """An input of Create with all members, as far as one can have them all."""
        given = samples.make(MODEL.operation_model("Create" + kind).input_shape, turn)
        for path, value in FIXED.get(kind, {}).items():
            put(given, path, value)
        if kind == "UserProfile":
            given["DomainId"] = self.domain
        rounds = LEFT_OUT.get(kind, [()])
        for path in rounds[turn % len(rounds)]:
            put(given, path, None)
        row = TYPES[kind]
        if name and kind != "Domain":
            given[row.key] = name
        elif kind == "Domain":
            given["DomainName"] = name or f"domain-{turn}"
        return given

    def prepare_schedule(self, given):
        config = given["MonitoringScheduleConfig"]
        if "MonitoringJobDefinitionName" in config:
            kind = config["MonitoringType"] + "JobDefinition"
            definition = self.sample(kind, 0, config["MonitoringJobDefinitionName"])
            self.call("Create" + kind, **definition)


class RoundTrip(SageMakerTest):
    def test_every_member_of_create_is_shown_or_known_not_to_be(self):
        for row in ROWS:
            with self.subTest(row.name):
                create = MODEL.operation_model("Create" + row.name).input_shape.members
                shown = MODEL.operation_model("Describe" + row.name).output_shape.members
                missing = {name for name in create if name not in shown}
                self.assertEqual(missing, (NOT_SHOWN["*"] | NOT_SHOWN.get(row.name, set())) & set(create))
                for old, new in row.created.items():
                    self.assertIn(new, shown, old)

    def test_every_field_of_every_type(self):
        for row in ROWS:
            for turn in range(VARIANTS):
                with self.subTest(type=row.name, turn=turn):
                    self.aws.reset("resources", "calls")
                    self.base()
                    given = self.sample(row.name, turn, f"sample-{turn}")
                    if row.name == "MonitoringSchedule":
                        self.prepare_schedule(given)
                    self.check_round_trip(row, given)
                    self.no_violations()
                    self.assertEqual(self.aws.differences()["different"], [])

    def check_round_trip(self, row, given):
        created = self.call("Create" + row.name, **copy.deepcopy(given))
        key = {row.key: created["DomainId"] if row.name == "Domain" else given[row.key]}
        if row.name == "UserProfile":
            key["DomainId"] = given["DomainId"]
        described = plain(self.call("Describe" + row.name, **key))
        self.assertEqual(described[row.arn_member], created[row.created_member])
        shape = MODEL.operation_model("Describe" + row.name).output_shape
        for name in shape.required_members:
            self.assertIn(name, described)
        for name, value in given.items():
            name = row.created.get(name, name)
            if name in shape.members:
                self.assert_holds(described.get(name), value, name)
        if "Tags" in given:
            self.assertEqual(self.call("ListTags", ResourceArn=created[row.created_member])["Tags"], given["Tags"])
        summaries = self.call(row.lister)[row.list_key]
        self.assertIn(created[row.created_member], [arn for each in summaries for arn in each.values()]
                      if row.name not in ("InferenceExperiment", "UserProfile") else [created[row.created_member]])
        return described

    def assert_holds(self, described, given, path):
        """All that was given is described; the service may add to structures."""
        if path == "RuntimeConfig" and "CopyCount" in given:
            self.assertEqual(described["CurrentCopyCount"], given["CopyCount"])
        elif isinstance(given, dict):
            self.assertIsInstance(described, dict, path)
            for name, value in given.items():
                if path.endswith("Container") and name == "Image" and "DeployedImage" in described:
                    self.assertEqual(described["DeployedImage"]["SpecifiedImage"], value)
                else:
                    self.assert_holds(described.get(name), value, f"{path}.{name}")
        elif isinstance(given, list):
            self.assertEqual(len(described or []), len(given), path)
            for one, other in zip(described, given):
                self.assert_holds(one, other, path + "[]")
        else:
            self.assertEqual(described, given, path)

    def test_defaults_that_aws_fills_in(self):
        self.call("CreateNotebookInstance", NotebookInstanceName="n", InstanceType="ml.g5.xlarge", RoleArn=ROLE)
        shown = self.call("DescribeNotebookInstance", NotebookInstanceName="n")
        self.assertEqual((shown["RootAccess"], shown["DirectInternetAccess"], shown["VolumeSizeInGB"]),
                         ("Enabled", "Enabled", 5))
        self.call("CreateModel", ModelName="m", Containers=[CONTAINER, CONTAINER], ExecutionRoleArn=ROLE)
        shown = self.call("DescribeModel", ModelName="m")
        self.assertIs(shown["EnableNetworkIsolation"], False)
        self.assertNotIn("PrimaryContainer", shown)
        self.assertNotIn("VpcConfig", shown)

    def test_arns_are_in_lower_case_and_names_are_not(self):
        made = self.call("CreateModel", ModelName="Fraud-Pipeline", PrimaryContainer=CONTAINER, ExecutionRoleArn=ROLE)
        self.assertEqual(made["ModelArn"], f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/fraud-pipeline")
        self.assertEqual(self.call("ListModels")["Models"][0]["ModelName"], "Fraud-Pipeline")

    def test_missing_and_double(self):
        self.base()
        for row in ROWS:
            with self.subTest(row.name):
                key = {row.key: "d-nothinghere1" if row.key == "DomainId" else "nothing-here"}
                if row.name == "UserProfile":
                    key["DomainId"] = self.domain
                message = self.fails(row.missing[0], self.call, "Describe" + row.name, **key)
                self.assertTrue("nothing" in message or message == "RecordNotFound", message)
                self.fails(row.missing[0], self.call, "Delete" + row.name, **key)
                given = self.sample(row.name, 0, "twice")
                if row.name == "MonitoringSchedule":
                    self.prepare_schedule(given)
                self.call("Create" + row.name, **given)
                self.fails(row.exists[0], self.call, "Create" + row.name, **given)

    def test_accounts_and_regions_are_apart(self):
        self.call("CreateModel", ModelName="m", PrimaryContainer=CONTAINER, ExecutionRoleArn=ROLE)
        for other in (self.client("sagemaker", "us-east-1"), self.client("sagemaker", account="222222222222")):
            self.assertEqual(other.list_models()["Models"], [])
            self.fails("ValidationException", other.describe_model, ModelName="m")
            self.fails("ValidationException", other.list_tags, ResourceArn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m")


class Paging(SageMakerTest):
    def many(self, count):
        for number in range(count):
            self.call("CreateModel", ModelName=f"m-{number:03d}", PrimaryContainer=CONTAINER, ExecutionRoleArn=ROLE)

    def test_every_list_call_pages(self):
        self.aws.seed()
        for row in ROWS:
            if row.name in ("NotebookInstanceLifecycleConfig", "Endpoint", "InferenceComponent", "UserProfile"):
                continue
            with self.subTest(row.name):
                self.aws.populate(ACCOUNT, REGION, **{row.name: 23})
                whole = self.call(row.lister, MaxResults=100)[row.list_key]
                items, sizes = self.pages(lambda **given: self.call(row.lister, **given), row.list_key, MaxResults=10)
                self.assertEqual(items, whole)
                self.assertEqual(sizes[:2], [10, 10])
                self.assertEqual(self.pages(lambda **given: self.call(row.lister, **given), row.list_key)[1][:2], [10, 10])
        self.no_violations()

    def test_a_full_last_page_has_no_token(self):
        self.many(4)
        self.assertEqual(self.pages(self.sagemaker.list_models, "Models", MaxResults=2)[1], [2, 2])

    def test_limits_of_max_results(self):
        for wrong in (0, 101):
            self.fails("ValidationException", self.call, "ListModels", MaxResults=wrong)
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m-000"
        self.many(1)
        self.fails("ValidationException", self.call, "ListTags", ResourceArn=arn, MaxResults=20)
        self.call("ListTags", ResourceArn=arn, MaxResults=50)
        self.assertEqual(len(self.aws.violations()), 3)

    def test_a_token_is_bound_to_what_was_asked(self):
        self.many(3)
        token = self.call("ListModels", MaxResults=1)["NextToken"]
        self.fails("ValidationException", self.call, "ListModels", NextToken=token, NameContains="m")
        self.fails("ValidationException", self.call, "ListModels", NextToken="bm90IGEgdG9rZW4=")
        self.call("ListModels", NextToken=token, MaxResults=2)

    def test_what_is_deleted_between_pages_disturbs_nothing(self):
        self.many(5)
        page = self.call("ListModels", MaxResults=2, SortBy="Name", SortOrder="Ascending")
        self.call("DeleteModel", ModelName="m-001")
        rest = self.call("ListModels", NextToken=page["NextToken"], SortBy="Name", SortOrder="Ascending")
        self.assertEqual([each["ModelName"] for each in rest["Models"]], ["m-002", "m-003", "m-004"])

    def test_filters(self):
        self.aws.seed()

        def names(operation, key, member, **given):
            return sorted(each[member] for each in self.call(operation, **given)[key])

        self.assertEqual(names("ListModels", "Models", "ModelName", NameContains="churn"), ["churn-v2", "churn-v3"])
        self.assertEqual(names("ListMonitoringSchedules", "MonitoringScheduleSummaries", "MonitoringScheduleName",
                               EndpointName="churn"), ["churn-hourly"])
        self.assertEqual(names("ListDataQualityJobDefinitions", "JobDefinitionSummaries", "MonitoringJobDefinitionName",
                               EndpointName="fraud"), ["fraud-data-quality"])
        running = names("ListNotebookInstances", "NotebookInstances", "NotebookInstanceName", StatusEquals="InService")
        every = names("ListNotebookInstances", "NotebookInstances", "NotebookInstanceName")
        self.assertTrue(running and set(running) < set(every))
        late = names("ListModels", "Models", "ModelName", CreationTimeAfter=datetime(2026, 4, 1))
        early = names("ListModels", "Models", "ModelName", CreationTimeBefore=datetime(2026, 4, 1))
        self.assertEqual(sorted(late + early), names("ListModels", "Models", "ModelName"))
        self.no_violations()

    def test_features_and_tags_page(self):
        self.aws.settings(feature_page=2, tag_page=3)
        given = samples.make(MODEL.operation_model("CreateFeatureGroup").input_shape)
        given.update(RecordIdentifierFeatureName="f0", EventTimeFeatureName="f1", FeatureGroupName="g",
                     FeatureDefinitions=[{"FeatureName": f"f{n}", "FeatureType": "String"} for n in range(5)],
                     Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(7)])
        arn = self.call("CreateFeatureGroup", **given)["FeatureGroupArn"]
        shown, sizes, token = [], [], None
        while token != "":
            page = self.call("DescribeFeatureGroup", FeatureGroupName="g", **({"NextToken": token} if token else {}))
            shown += page["FeatureDefinitions"]
            sizes.append(len(page["FeatureDefinitions"]))
            token = page["NextToken"]
        self.assertEqual((sizes, shown), ([2, 2, 1], given["FeatureDefinitions"]))
        tags, sizes = self.pages(lambda **more: self.call("ListTags", ResourceArn=arn, **more), "Tags")
        self.assertEqual((sizes, tags), ([3, 3, 1], given["Tags"]))
        self.assertEqual(self.call("DescribeFeatureGroup", FeatureGroupName=arn)["FeatureGroupName"], "g")


class Life(SageMakerTest):
    def test_a_notebook_instance(self):
        self.aws.settings(transitions=2)
        self.call("CreateNotebookInstance", NotebookInstanceName="n", InstanceType="ml.t3.medium", RoleArn=ROLE)

        def statuses(count):
            return [self.call("DescribeNotebookInstance", NotebookInstanceName="n")["NotebookInstanceStatus"]
                    for _ in range(count)]

        self.assertEqual(statuses(3), ["Pending", "Pending", "InService"])
        message = self.fails("ValidationException", self.call, "UpdateNotebookInstance", NotebookInstanceName="n",
                             RootAccess="Disabled")
        self.assertIn("Status (InService) not in ([Stopped, Failed])", message)
        self.fails("ValidationException", self.call, "DeleteNotebookInstance", NotebookInstanceName="n")
        self.fails("ValidationException", self.call, "StartNotebookInstance", NotebookInstanceName="n")
        self.call("StopNotebookInstance", NotebookInstanceName="n")
        self.assertEqual(statuses(3), ["Stopping", "Stopping", "Stopped"])
        self.call("UpdateNotebookInstance", NotebookInstanceName="n", RootAccess="Disabled", VolumeSizeInGB=9)
        self.assertEqual(statuses(3), ["Updating", "Updating", "Stopped"])
        shown = self.call("DescribeNotebookInstance", NotebookInstanceName="n")
        self.assertEqual((shown["RootAccess"], shown["VolumeSizeInGB"]), ("Disabled", 9))
        self.call("DeleteNotebookInstance", NotebookInstanceName="n")
        self.assertEqual(statuses(2), ["Deleting", "Deleting"])
        self.fails("ValidationException", self.call, "DescribeNotebookInstance", NotebookInstanceName="n")

    def test_stopping_answers_an_empty_body(self):
        self.call("CreateNotebookInstance", NotebookInstanceName="n", InstanceType="ml.t3.medium", RoleArn=ROLE)
        status, _, body = self.raw(b'{"NotebookInstanceName":"n"}', "StopNotebookInstance")
        self.assertEqual((status, body), (200, b""))

    def test_updates(self):
        self.aws.seed()
        self.call("UpdateMonitoringSchedule", MonitoringScheduleName="churn-hourly", MonitoringScheduleConfig={
            "MonitoringJobDefinitionName": "churn-bias", "MonitoringType": "ModelBias",
            "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"}})
        shown = self.call("DescribeMonitoringSchedule", MonitoringScheduleName="churn-hourly")
        self.assertEqual((shown["MonitoringType"], shown["EndpointName"]), ("ModelBias", "churn"))
        self.call("StopMonitoringSchedule", MonitoringScheduleName="churn-hourly")
        self.call("UpdateImage", ImageName="geospatial", DisplayName="New", DeleteProperties=["Description"])
        shown = self.call("DescribeImage", ImageName="geospatial")
        self.assertEqual((shown["DisplayName"], "Description" in shown), ("New", False))
        self.call("UpdateAppImageConfig", AppImageConfigName="kernel-spark", CodeEditorAppImageConfig={})
        self.call("UpdateFeatureGroup", FeatureGroupName="customers",
                  FeatureAdditions=[{"FeatureName": "extra", "FeatureType": "String"}])
        features = self.call("DescribeFeatureGroup", FeatureGroupName="customers")["FeatureDefinitions"]
        self.assertEqual(features[-1]["FeatureName"], "extra")
        domain = self.call("ListDomains")["Domains"][0]["DomainId"]
        self.call("UpdateDomain", DomainId=domain, AppNetworkAccessType="VpcOnly")
        self.assertEqual(self.call("DescribeDomain", DomainId=domain)["AppNetworkAccessType"], "VpcOnly")
        self.no_violations()

    def test_an_endpoint_update_keeps_or_takes_counts(self):
        self.base()
        variant = {"VariantName": "v", "ModelName": "base", "InitialInstanceCount": 3, "InstanceType": "ml.m5.large"}
        self.call("CreateEndpointConfig", EndpointConfigName="next", ProductionVariants=[variant])
        self.call("UpdateEndpoint", EndpointName="base", EndpointConfigName="next", RetainAllVariantProperties=True)
        shown = self.call("DescribeEndpoint", EndpointName="base")
        self.assertEqual((shown["EndpointConfigName"], shown["ProductionVariants"][0]["CurrentInstanceCount"]), ("next", 1))
        self.call("UpdateEndpoint", EndpointName="base", EndpointConfigName="next")
        self.assertEqual(self.call("DescribeEndpoint", EndpointName="base")["ProductionVariants"][0]["CurrentInstanceCount"], 3)
        message = self.fails("ValidationException", self.call, "UpdateEndpoint", EndpointName="base", EndpointConfigName="gone")
        self.assertIn("Could not find endpoint configuration", message)

    def test_tags(self):
        arn = self.call("CreateModel", ModelName="m", PrimaryContainer=CONTAINER, ExecutionRoleArn=ROLE,
                        Tags=[{"Key": "a", "Value": "1"}])["ModelArn"]
        answer = self.call("AddTags", ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}])
        self.assertEqual(answer["Tags"], [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}])
        self.call("DeleteTags", ResourceArn=arn, TagKeys=["a", "never-there"])
        self.assertEqual(self.call("ListTags", ResourceArn=arn)["Tags"], [{"Key": "b", "Value": ""}])
        self.fails("ResourceLimitExceeded", self.call, "AddTags", ResourceArn=arn,
                   Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(50)])
        self.fails("ValidationException", self.call, "AddTags", ResourceArn=arn, Tags=[{"Key": "aws:x", "Value": "v"}])
        self.fails("ValidationException", self.call, "ListTags", ResourceArn=arn + "-gone")

    def test_all_deletes(self):
        self.aws.seed()
        self.call("StopNotebookInstance", NotebookInstanceName="pricing-lab")
        for row in self.aws.resources():
            kind = TYPES[row["Type"]]
            status = row["Describe"].get(kind.status)
            if status in ("InService", "Running") and row["Type"] in ("NotebookInstance", "InferenceExperiment"):
                continue
            client = self.client("sagemaker", row["Region"])
            client._make_api_call("Delete" + row["Type"], {kind.key: row["Describe"][kind.key]})
        self.assertTrue(all(row["Type"] in ("NotebookInstance", "InferenceExperiment") for row in self.aws.resources()))
        self.no_violations()


class Seeds(SageMakerTest):
    def test_the_example_account_is_answered_as_it_is_in_its_files(self):
        self.assertEqual(self.aws.seed(), 60)
        compared, kinds = 0, set()
        for row in seeding.from_folder(EXAMPLES):
            kind, arn = seeding.own_arn(row["Describe"])
            client = self.client("sagemaker", arn.split(":")[3])
            shown = plain(client._make_api_call("Describe" + kind.name, {kind.key: row["Describe"][kind.key]}))
            del shown["ResponseMetadata"]
            output = MODEL.operation_model("Describe" + kind.name).output_shape
            self.assertEqual(shown, shaping.normalised(output, row["Describe"]), arn)
            self.assertEqual(client.list_tags(ResourceArn=arn)["Tags"], row["Tags"], arn)
            compared += 1
            kinds.add(kind.name)
        self.assertEqual((compared, len(kinds)), (60, 13))
        self.no_violations()

    def test_an_export_seeds_the_same_again(self):
        self.aws.seed()
        before = self.aws.resources()
        with tempfile.TemporaryDirectory() as folder:
            self.aws.export(folder)
            self.assertEqual(len(list(Path(folder).rglob("*.tags.json"))), 60)
            self.aws.reset("resources")
            self.assertEqual(self.aws.seed(folder), 60)
        self.assertEqual(self.aws.resources(), before)

    def test_copies_for_other_accounts(self):
        self.assertEqual(self.aws.seed(accounts=["222222222222", "000000000001"], regions=["us-east-1"]), 40)
        shown = self.client("sagemaker", "us-east-1", "000000000001").describe_model(ModelName="demand-v7")
        self.assertIn(":000000000001:", shown["ModelArn"])
        self.assertIn(":000000000001:", shown["ExecutionRoleArn"])

    def test_a_seed_that_no_describe_could_answer_is_refused(self):
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m"
        for wrong in ({"ModelArn": arn, "ModelName": "m", "Invented": 1}, {"ModelName": "m"}):
            with self.assertRaisesRegex(Exception, "Invented|ARN of its own"):
                self.aws.seed(rows=[{"Describe": wrong}])


class BesideMoto(SageMakerTest):
    """moto is someone else's reading of AWS: what it keeps of an input as well, both show alike."""

    # Known faults of moto, by type, and what it fills in of its own.
    MOTO_WRONG = {"Model": {"EnableNetworkIsolation"}, "EndpointConfig": {"ProductionVariants"}}
    KINDS = ("NotebookInstance", "NotebookInstanceLifecycleConfig", "Model", "EndpointConfig", "DataQualityJobDefinition",
             "ModelQualityJobDefinition", "ModelBiasJobDefinition", "ModelExplainabilityJobDefinition")

    def test_both_show_the_same(self):
        compared = 0
        for name in self.KINDS:
            kind, shown = TYPES[name], []
            for moto_only in (False, True):
                self.aws.reset()
                self.base()
                given = self.sample(name, 0, "sample")
                if "InstanceType" in given:
                    given["InstanceType"] = "ml.t3.medium"
                self.aws.settings(moto_only=moto_only)
                if moto_only:
                    self.call("CreateModel", ModelName="base", PrimaryContainer=CONTAINER, ExecutionRoleArn=ROLE)
                    for variant in given.get("ProductionVariants", []):
                        variant["InstanceType"] = "ml.m5.large"
                self.call("Create" + name, **given)
                shown.append(plain(self.call("Describe" + name, **{kind.key: "sample"})))
                self.assertEqual({call["answered_by"] for call in self.aws.calls(operation="Describe" + name)},
                                 {"moto" if moto_only else "fakeaws"})
            ours, motos = shown
            for member, value in motos.items():
                wanted = given.get({new: old for old, new in kind.created.items()}.get(member, member))
                if wanted is None or value in ({}, []) or member in self.MOTO_WRONG.get(name, ()):
                    continue
                self.assertEqual(ours[member], value, f"{name}.{member}")
                compared += 1
        self.assertGreater(compared, 40)

    def test_what_is_not_ours_is_left_to_moto(self):
        self.call("ListTrainingJobs")
        self.assertEqual(self.aws.calls(operation="ListTrainingJobs")[0]["answered_by"], "moto")
        self.fails("NotImplementedByTestServer", self.call, "ListHubs")
        self.assertIn("moto has none", self.aws.violations()[0]["violations"][0])


if __name__ == "__main__":
    unittest.main()
