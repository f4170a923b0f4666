"""The SageMaker resources of all accounts and Regions."""

import copy
import itertools
import threading
import time
from dataclasses import dataclass, field

from .sagemaker_types import BY_PART, TYPES


@dataclass
class Record:
    """A resource: what Describe answers, its tags, and a change of status that is under way."""

    type: object
    account: str
    region: str
    described: dict
    tags: dict = field(default_factory=dict)
    serial: int = 0
    # (status that it will have, or None when it will be gone; how many times Describe still shows the one before).
    coming: tuple = ()

    @property
    def name(self):
        return self.described[self.type.key]

    @property
    def arn(self):
        return self.described[self.type.arn_member]


def path_value(value, path):
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def now():
    return round(time.time(), 3)


class Store:
    def __init__(self, settings):
        self.settings = settings
        self.lock = threading.RLock()
        self.serials = itertools.count(1)
        self.clear()

    def clear(self):
        with self.lock:
            self.scopes = {}
            self.by_arn = {}

    def of(self, account, region, type_name):
        """name → Record, of one type in one account and Region."""
        return self.scopes.setdefault((account, region), {}).setdefault(type_name, {})

    @staticmethod
    def key_of(kind, described):
        if kind.name == "UserProfile":
            return described["DomainId"] + "/" + described["UserProfileName"]
        return described[kind.key]

    def put(self, kind, account, region, described, tags):
        record = Record(kind, account, region, described, dict(tags), next(self.serials))
        self.of(account, region, kind.name)[self.key_of(kind, described)] = record
        self.by_arn[record.arn] = record
        return record

    def remove(self, record):
        self.of(record.account, record.region, record.type.name).pop(self.key_of(record.type, record.described), None)
        self.by_arn.pop(record.arn, None)

    def find(self, kind, account, region, key):
        record = self.of(account, region, kind.name).get(key)
        if record is None and key.startswith("arn:"):
            record = self.by_arn.get(key)
        return record

    def change(self, record, meanwhile, afterwards):
        """Begins a change of status. It is done at once, unless the setting `transitions` says after how many Describes."""
        steps = self.settings["transitions"]
        if record.type.modified:
            record.described["LastModifiedTime"] = now()
        if steps:
            record.described[record.type.status] = meanwhile
            record.coming = (afterwards, steps)
        else:
            self.arrive(record, afterwards)

    def arrive(self, record, status):
        record.coming = ()
        if status is None:
            self.remove(record)
        else:
            record.described[record.type.status] = status

    def observe(self, record):
        """What Describe shows now; each look brings a change nearer its end. None: it is gone."""
        if record.coming:
            status, left = record.coming
            if left <= 0:
                self.arrive(record, status)
                if status is None:
                    return None
            else:
                record.coming = (status, left - 1)
        return record.described

    def all(self):
        """Every resource as the control endpoint shows it, in a defined order."""
        with self.lock:
            rows = [(record.account, record.region, kind, key, record) for (_, _), kinds in self.scopes.items()
                    for kind, records in kinds.items() for key, record in records.items()]
            return [{"Account": account, "Region": region, "Type": kind, "Describe": copy.deepcopy(record.described),
                     "Tags": [{"Key": key, "Value": value} for key, value in record.tags.items()]}
                    for account, region, kind, _, record in sorted(rows, key=lambda row: row[:4])]


def type_of_arn(arn):
    """The type that an ARN is of, or None."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[2] != "sagemaker":
        return None
    return BY_PART.get(parts[5].split("/")[0])


def type_named(name):
    return TYPES[name]
