"""SageMaker: Create, Describe, List, Update, Start, Stop, Delete and the tags of every type in sagemaker_types.py, driven
by botocore's model, so that every field makes the round trip.
"""

import base64
import copy
import hashlib
import json
import re

from . import shaping
from .answers import ApiError, result
from .models import service_model
from .regions import partition_of
from .sagemaker_types import MOVES, ROWS, VALIDATION
from .store import now, path_value, type_of_arn

MODEL = service_model("sagemaker")
DEFAULT_PAGE = 10
TAG_PAGE = 50
MOST_TAGS = 50
NO_MORE_STARTED = ("notebook-al1-", "notebook-al2-")
FILTER = re.compile(r"(?P<member>\w+?)(?P<how>Contains|Equals|After|Before)$")


class SageMaker:
    def __init__(self, store, settings):
        self.store, self.settings = store, settings
        self.table = {"AddTags": self.add_tags, "ListTags": self.list_tags, "DeleteTags": self.delete_tags}
        for row in ROWS:
            for verb, act in (("Create", self.create), ("Describe", self.describe), ("Update", self.update),
                              ("Start", self.move), ("Stop", self.move), ("Delete", self.delete)):
                name = verb + row.name
                if name in MODEL.operation_names:
                    self.table[name] = self._bound(act, row)
            self.table[row.lister] = self._bound(self.list, row)

    def _bound(self, act, row):
        def run(call):
            with self.store.lock:
                return act(row, call)
        return run

    def operations(self):
        return self.table

    # Finding

    def arn(self, kind, call, name):
        part = name.lower() if kind.name != "Domain" else name
        return f"arn:{partition_of(call.region)}:sagemaker:{call.region}:{call.account}:{kind.part}/{part}"

    def key(self, kind, given):
        if kind.name == "UserProfile":
            return f"{given['DomainId']}/{given['UserProfileName']}"
        return given[kind.key]

    def missing(self, kind, arn):
        code, text = kind.missing
        return ApiError(code, text.format(arn=arn, noun=kind.noun))

    def find(self, kind, call):
        key = self.key(kind, call.input)
        record = self.store.find(kind, call.account, call.region, key)
        if record is None or (record.account, record.region) != (call.account, call.region):
            raise self.missing(kind, key if key.startswith("arn:") else self.arn(kind, call, key))
        return record

    # Create, Describe, Delete

    def create(self, kind, call):
        given = shaping.normalised(call.model.input_shape, call.input)
        if kind.name == "Domain":
            place = f"{call.account}{call.region}{given['DomainName']}"
            given["DomainId"] = "d-" + hashlib.sha256(place.encode()).hexdigest()[:12]
        key = self.key(kind, given)
        arn = self.arn(kind, call, key)
        self._refuse_double(kind, call, key, arn)
        shown = MODEL.operation_model("Describe" + kind.name).output_shape.members
        described = copy.deepcopy(kind.defaults)
        for name, value in given.items():
            name = kind.created.get(name, name)
            if name in shown:
                described[name] = value
        described[kind.arn_member] = arn
        described["CreationTime"] = now()
        if kind.modified:
            described["LastModifiedTime"] = described["CreationTime"]
        shaping.complete(kind.name, described, given, call, self.store)
        if kind.status:
            described[kind.status] = kind.coming[0]
        record = self.store.put(kind, call.account, call.region, described, self._tags(given.get("Tags", [])))
        if kind.status:
            self.store.change(record, *kind.coming)
            described["LastModifiedTime"] = described["CreationTime"]
        answer = {kind.created_member: arn}
        if kind.name == "Domain":
            answer.update(DomainId=key, Url=described["Url"])
        return result(call.model, answer)

    def _refuse_double(self, kind, call, key, arn):
        double = self.store.find(kind, call.account, call.region, key) is not None or arn in self.store.by_arn
        if kind.name == "Domain":
            double = double or any(each.described["DomainName"] == call.input["DomainName"]
                                   for each in self.store.of(call.account, call.region, "Domain").values())
        if double:
            code, text = kind.exists
            raise ApiError(code, text.format(arn=arn, noun=kind.noun))

    def describe(self, kind, call):
        record = self.find(kind, call)
        described = self.store.observe(record)
        if described is None:
            raise self.missing(kind, record.arn)
        if kind.name == "FeatureGroup":
            described = self._page_of_features(described, call)
        return result(call.model, described)

    def _page_of_features(self, described, call):
        """DescribeFeatureGroup pages the definitions of its features; the last page's token is an empty string."""
        token = call.input.get("NextToken")
        start = int(self._token(token, "features")) if token else 0
        size = self.settings["feature_page"]
        definitions = described["FeatureDefinitions"]
        end = start + size
        following = self._make_token(end, "features") if end < len(definitions) else ""
        return {**described, "FeatureDefinitions": definitions[start:end], "NextToken": following}

    def delete(self, kind, call):
        record = self.find(kind, call)
        arn = record.arn
        move = MOVES.get(call.operation)
        if move:
            self._require(record, call, move)
            self.store.change(record, move[1], move[2])
        else:
            self.store.remove(record)
        shape = call.model.output_shape
        return result(call.model, {kind.created_member: arn} if shape and shape.members else {})

    # Update, Start, Stop

    def _require(self, record, call, move):
        allowed, meanwhile, _ = move
        status = record.described[record.type.status]
        if status in allowed:
            return
        noun = record.type.noun
        code = "ConflictException" if record.type.name == "InferenceExperiment" else VALIDATION
        raise ApiError(code, f"Status ({status}) not in ([{', '.join(allowed)}]). Unable to transition to ({meanwhile}) for "
                       f"{noun} ({record.arn})")

    def move(self, kind, call):
        record = self.find(kind, call)
        move = MOVES[call.operation]
        self._require(record, call, move)
        platform = record.described.get("PlatformIdentifier", "")
        if call.operation == "StartNotebookInstance" and platform.startswith(NO_MORE_STARTED):
            raise ApiError(VALIDATION, f"Notebook instances on {platform} can no longer be started ({record.arn})")
        afterwards = move[2]
        if call.operation == "StopInferenceExperiment" and call.input.get("DesiredState"):
            afterwards = call.input["DesiredState"]
            record.described["CompletionTime"] = now()
        self.store.change(record, move[1], afterwards)
        return result(call.model, {kind.created_member: record.arn} if call.model.output_shape else {})

    def update(self, kind, call):
        record = self.find(kind, call)
        move = MOVES.get(call.operation)
        if move:
            self._require(record, call, move)
        if call.operation == "UpdateEndpoint" and call.input["EndpointName"] in self.settings["failing_deployments"]:
            record.described["FailureReason"] = "The container for the new variant did not pass the ping health check."
            self.store.change(record, "RollingBack", "InService")
            return result(call.model, {kind.created_member: record.arn})
        given = shaping.normalised(call.model.input_shape, call.input)
        before = record.described.get(kind.status) if kind.status else None
        shaping.merge(kind, record.described, given, call, self.store)
        if move:
            self.store.change(record, move[1], move[2] or before)
        else:
            record.described["LastModifiedTime"] = now()
        shape = call.model.output_shape
        return result(call.model, {kind.created_member: record.arn} if shape and shape.members else {})

    # List

    def list(self, kind, call):
        given = call.input
        records = [record for record in self.store.of(call.account, call.region, kind.name).values()
                   if self._passes(kind, record, given)]
        records.sort(key=lambda record: self._sort_key(kind, record, given),
                     reverse=given.get("SortOrder", kind.order[1]).upper() == "DESCENDING")
        asked = {name: value for name, value in given.items() if name not in ("NextToken", "MaxResults")}
        token = given.get("NextToken")
        if token:
            last = self._token(token, asked)
            records = self._after(kind, records, last, given)
        size = given.get("MaxResults", DEFAULT_PAGE)
        page = records[:size]
        summary = call.model.output_shape.members[kind.list_key].member
        answer = {kind.list_key: [self._summary(kind, record, summary) for record in page]}
        if len(records) > size:
            answer["NextToken"] = self._make_token(self._sort_key(kind, page[-1], given), asked)
        return result(call.model, answer)

    def _after(self, kind, records, last, given):
        down = given.get("SortOrder", kind.order[1]).upper() == "DESCENDING"
        last = tuple(last)
        return [record for record in records
                if (self._sort_key(kind, record, given) < last if down else self._sort_key(kind, record, given) > last)]

    def _sort_key(self, kind, record, given):
        by = given.get("SortBy", kind.order[0]).upper().replace("_", "")
        described = record.described
        if by in ("NAME", "IMAGENAME"):
            return (self.store.key_of(kind, described), record.serial)
        if by in ("STATUS", "FEATUREGROUPSTATUS"):
            return (described.get(kind.status, ""), record.serial)
        if by == "OFFLINESTORESTATUS":
            return (path_value(described, "OfflineStoreStatus.Status") or "", record.serial)
        return (described.get("LastModifiedTime" if by == "LASTMODIFIEDTIME" else "CreationTime", 0), record.serial)

    def _passes(self, kind, record, given):
        for name, wanted in given.items():
            if name in ("NextToken", "MaxResults", "SortBy", "SortOrder"):
                continue
            match = FILTER.match(name)
            member, how = (match["member"], match["how"]) if match else (name, "Equals")
            path = (kind.listed.get(name) or kind.listed.get(member)
                    or {"Name": kind.key, "Status": kind.status}.get(member, member))
            value = path_value(record.described, path)
            if how == "Contains" and wanted.lower() not in (value or "").lower():
                return False
            if how == "Equals" and not (value == wanted or isinstance(value, list) and wanted in value):
                return False
            if how == "After" and not value > shaping.epoch(wanted) or how == "Before" and not value < shaping.epoch(wanted):
                return False
        return True

    def _summary(self, kind, record, shape):
        found = {}
        for name in shape.members:
            value = path_value(record.described, kind.listed.get(name, name))
            if value is None and name == "EndpointName" and name in shape.required_members:
                value = ""  # of a job definition over batch transform data
            if value is not None:
                found[name] = value
        return found

    # Tokens: opaque to the client, bound to what was asked.

    def _make_token(self, position, asked):
        seal = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:16]
        return base64.b64encode(json.dumps([position, seal]).encode()).decode()

    def _token(self, token, asked):
        try:
            position, seal = json.loads(base64.b64decode(token, validate=True))
        except (ValueError, TypeError):
            raise ApiError(VALIDATION, "Invalid pagination token.") from None
        if self._make_token(position, asked) != token:
            raise ApiError(VALIDATION, "Invalid pagination token: the parameters differ from those of the first page.")
        return position

    # Tags

    def _tags(self, listed):
        for tag in listed:
            if tag["Key"].lower().startswith("aws:"):
                raise ApiError(VALIDATION, "aws: prefixed tag key names are not allowed for external use.")
        return {tag["Key"]: tag["Value"] for tag in listed}

    def _tagged(self, call):
        """The record whose tags are meant, or None for a type that is not ours."""
        arn = call.input["ResourceArn"]
        kind = type_of_arn(arn)
        if kind is None:
            return None
        record = self.store.by_arn.get(arn)
        if record is None or (record.account, record.region) != (call.account, call.region):
            raise self.missing(kind, arn)
        return record

    def add_tags(self, call):
        with self.store.lock:
            record = self._tagged(call)
            if record is None:
                return None
            merged = {**record.tags, **self._tags(call.input["Tags"])}
            if len(merged) > MOST_TAGS:
                raise ApiError("ResourceLimitExceeded", f"The resource can have at most {MOST_TAGS} tags.")
            record.tags = merged
            return result(call.model, {"Tags": self._listed(record)})

    def delete_tags(self, call):
        with self.store.lock:
            record = self._tagged(call)
            if record is None:
                return None
            record.tags = {key: value for key, value in record.tags.items() if key not in call.input["TagKeys"]}
            return result(call.model, {})

    def list_tags(self, call):
        with self.store.lock:
            record = self._tagged(call)
            if record is None:
                return None
            tags = self._listed(record)
            start = int(self._token(call.input["NextToken"], record.arn)) if call.input.get("NextToken") else 0
            size = min(call.input.get("MaxResults", TAG_PAGE), self.settings["tag_page"])
            answer = {"Tags": tags[start:start + size]}
            if start + size < len(tags):
                answer["NextToken"] = self._make_token(start + size, record.arn)
            return result(call.model, answer)

    def _listed(self, record):
        return [{"Key": key, "Value": value} for key, value in record.tags.items()]
