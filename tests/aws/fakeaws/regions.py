"""Regions: partitions, which are enabled for an account, and EC2's DescribeRegions."""

import fnmatch
from functools import lru_cache

from .answers import ApiError
from .models import SESSION

# Enabled for every account; all others of the partition aws have to be opted into.
ALWAYS_ENABLED = frozenset(
    "us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 "
    "ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1".split())
DNS_SUFFIXES = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}


@lru_cache(maxsize=None)
def partition_of(region):
    try:
        return SESSION.get_partition_for_region(region)
    except Exception:  # botocore raises for a Region that it doesn't know; so does nobody else here
        return "aws"


@lru_cache(maxsize=None)
def regions_of(partition):
    names = SESSION.get_available_regions("sagemaker", partition_name=partition)
    return tuple(name for name in names if "fips" not in name and "secondary" not in name)


class Regions:
    """The setting `opted_in` maps patterns of account ids to the Regions that those have opted into."""

    def __init__(self, settings):
        self.settings = settings

    def operations(self):
        return {"DescribeRegions": self.describe_regions}

    def status(self, account, region):
        if region in ALWAYS_ENABLED or partition_of(region) != "aws":
            return "opt-in-not-required"
        for pattern, names in self.settings["opted_in"].items():
            if fnmatch.fnmatchcase(account, pattern) and region in names:
                return "opted-in"
        return "not-opted-in"

    def enabled(self, account, region):
        return region in regions_of(partition_of(region)) and self.status(account, region) != "not-opted-in"

    def describe_regions(self, call):
        given = call.input
        partition = partition_of(call.region)
        names = regions_of(partition)
        wanted = given.get("RegionNames")
        for name in wanted or ():
            if name not in names:
                raise ApiError("InvalidParameterValue", f"Invalid region provided: {name}.")
        rows = []
        for name in names:
            status = self.status(call.account, name)
            row = {"RegionName": name, "OptInStatus": status,
                   "Endpoint": f"ec2.{name}.{DNS_SUFFIXES.get(partition, 'amazonaws.com')}"}
            chosen = name in wanted if wanted else given.get("AllRegions") or status != "not-opted-in"
            if chosen and self._passes(row, given.get("Filters", ())):
                rows.append(row)
        return {"Regions": rows}

    def _passes(self, row, filters):
        members = {"region-name": "RegionName", "opt-in-status": "OptInStatus", "endpoint": "Endpoint"}
        for each in filters:
            if each.get("Name") not in members:
                raise ApiError("InvalidParameterValue", f"The filter '{each.get('Name')}' is invalid")
            if not any(fnmatch.fnmatchcase(row[members[each["Name"]]], value) for value in each.get("Values", ())):
                return False
        return True
