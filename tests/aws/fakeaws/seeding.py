"""Puts resources into the server, from the exports that the program itself reads, or many made-up ones."""

import copy
import json
from pathlib import Path

from . import shaping
from .models import service_model
from .sagemaker_types import TYPES
from .store import Store, type_of_arn

TAGS_ENDING = ".tags.json"


def from_folder(folder):
    """The seed of a folder of Describe outputs with their .tags.json beside them, as docs/inputs-api.md describes it."""
    rows = []
    for path in sorted(Path(folder).rglob("*.json")):
        if path.name.endswith(TAGS_ENDING):
            continue
        beside = path.with_name(path.name[: -len(".json")] + TAGS_ENDING)
        tags = json.loads(beside.read_text())["Tags"] if beside.exists() else []
        rows.append({"Describe": json.loads(path.read_text()), "Tags": tags})
    return rows


def own_arn(described):
    """(type, ARN) of a Describe output: the member that its type names, with an ARN of that type."""
    for name, value in described.items():
        kind = type_of_arn(value) if isinstance(value, str) and value.startswith("arn:") else None
        if kind and kind.arn_member == name:
            return kind, value
    raise ValueError(f"a seed without an ARN of its own: {json.dumps(described)[:200]}")


def put(store, row, account=None):
    """Stores one row {"Describe", "Tags"}; with `account` as if it were that account's."""
    described = row["Describe"]
    kind, arn = own_arn(described)
    owner = arn.split(":")[4]
    if account and account != owner:
        described = json.loads(json.dumps(described).replace(owner, account))
        arn = described[kind.arn_member]
    output = service_model("sagemaker").operation_model("Describe" + kind.name).output_shape
    unknown = described.keys() - output.members.keys() - {"ResponseMetadata"}
    if unknown:
        raise ValueError(f"{arn}: Describe{kind.name} has no members {sorted(unknown)}")
    shown = shaping.normalised(output, {name: value for name, value in described.items() if name in output.members})
    shown.pop("NextToken", None)
    tags = {tag["Key"]: tag["Value"] for tag in row.get("Tags", [])}
    _, _, _, region, owner, _ = arn.split(":", 5)
    double = store.by_arn.get(arn)
    if double:
        store.remove(double)
    store.put(kind, owner, region, shown, tags)
    return arn


def load(store: Store, rows, accounts=None, regions=None):
    """Stores rows; `accounts` makes a copy in each, `regions` takes only those of these Regions."""
    stored = 0
    with store.lock:
        for row in rows:
            _, arn = own_arn(row["Describe"])
            if regions and arn.split(":")[3] not in regions:
                continue
            for account in accounts or [None]:
                put(store, row, account)
                stored += 1
    return stored


def populate(store: Store, account, region, counts):
    """Makes `counts[type]` resources, each a copy of what is there of that type under another name. Deterministic."""
    made = 0
    with store.lock:
        for name, count in counts.items():
            kind = TYPES[name]
            templates = sorted(store.of(account, region, name).values(), key=lambda record: record.arn)
            if not templates:
                raise ValueError(f"no {name} in {account} {region} to make copies of; seed one first")
            for number in range(count):
                record = templates[number % len(templates)]
                described = copy.deepcopy(record.described)
                old, new = record.name, f"{record.name[:40]}-{number:06d}"
                described[kind.key] = new
                described[kind.arn_member] = record.arn[: -len(old)] + new.lower()
                described["CreationTime"] = record.described["CreationTime"] + number
                store.put(kind, account, region, described, record.tags)
                made += 1
    return made
