"""Holds the rules of 'sagewarden prevent guard' against 'sagewarden scan', with cfn-guard itself.

usage: guard_test.py PROGRAM FOLDER

Templates are made of the tests inside the controls' files, of examples/cloudformation, and by setting each member that a control
reads to one value after the other. Each template has one resource to judge, so that a rule's verdict is that of the resource:

    a scan says          Guard must say
    FAILED               FAIL
    PASSED               PASS
    nothing              SKIP: the control does not apply
    WARNING              FAIL: what is not known must not pass

Where a value comes from a function that Guard does not follow, or is of another kind than its place asks for, FAIL is right too.

cfn-guard lies below FOLDER, where npm.py has installed it; where it could not, the exit status 77 says so.
"""

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from npm import installed, skip

try:
    import yaml
except ImportError:
    skip("python3-yaml is not installed")

ROOT = Path(__file__).resolve().parent.parent.parent
GUARD = "@cdklabs/cdk-validator-cfnguard/bin/ubuntu"

# ---- templates ----

PARAMETERS = {
    "Name": {"Type": "String", "Default": "given"},
    "On": {"Type": "String", "Default": "true"},
    "Off": {"Type": "String", "Default": "Disabled"},
    "Empty": {"Type": "String", "Default": ""},
    "Open": {"Type": "String"},
    "AtLeastOne": {"Type": "String", "MinLength": 1},
    "Subnet": {"Type": "AWS::EC2::Subnet::Id"},
    "Secret": {"Type": "String", "NoEcho": True, "Default": "Disabled"},
    "Many": {"Type": "Number", "Default": 3},
}
NOTHING = {"Ref": "AWS::NoValue"}
IMPORTED = {"Fn::ImportValue": "elsewhere"}
# Each may stand for any value. Those of the second list come from functions, of which a scan knows more than Guard can.
PLAIN = [None, "", "x", "true", "True", "false", True, False, 0, 1, 2, 12, "1", "2", [], ["x"], {}, "Disabled", "Enabled", "Vpc",
         "Platform", "VpcOnly", "InMemory", "Standard", "notebook-al2023-v1", "notebook-al2-v3", "alias/key"]
FUNCTIONS = [NOTHING, IMPORTED, {"Ref": "Key"}, {"Fn::GetAtt": ["Key", "Arn"]}, {"Fn::GetAtt": "Key.Arn"}] + \
    [{"Ref": name} for name in PARAMETERS] + \
    [{"Fn::If": ["Maybe", "Disabled", "Disabled"]}, {"Fn::If": ["Maybe", "Disabled", NOTHING]}, {"Fn::If": ["Maybe", True, False]},
     {"Fn::If": ["Maybe", {"Ref": "Key"}, IMPORTED]}, {"Fn::If": ["Maybe", {"Fn::If": ["Maybe", "a", "b"]}, "c"]},
     {"Fn::Sub": "${Key}-x"}, {"Fn::Sub": "Disabled"}, {"Fn::Join": ["", ["Dis", "abled"]]}, {"Fn::Select": [0, ["Vpc"]]},
     {"Fn::FindInMap": ["Map", "a", "b"]}, {"Fn::Transform": {"Name": "Macro", "Parameters": {}}}]


def template_of(resource_type, properties):
    return {"Parameters": PARAMETERS, "Mappings": {"Map": {"a": {"b": "Disabled"}}},
            "Conditions": {"Maybe": {"Fn::Equals": [{"Ref": "Open"}, "yes"]}},
            "Resources": {"Key": {"Type": "AWS::KMS::Key"}, "Judged": {"Type": resource_type, "Properties": properties}}}


def steps(place):
    """A.B[0].C as A, B, 0, C."""
    return [int(step) if step.isdigit() else step for step in place.replace("[", ".").replace("]", "").split(".")]


def put(properties, place, value):
    """Sets what is at a place, making the blocks on the way; None of what is there otherwise is kept."""
    node, way = properties, steps(place)
    for step, following in zip(way, way[1:]):
        if isinstance(step, str) and not isinstance(node.get(step), (dict, list)):
            node[step] = [] if isinstance(following, int) else {}
        node = node[step]
    if value is ABSENT:
        node.pop(way[-1], None) if isinstance(node, dict) else None
    else:
        node[way[-1]] = value


ABSENT = object()


def tag_list(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def places_of(value, prefix=""):
    """All places in properties, elements of lists too."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        place = f"{prefix}[{key}]" if isinstance(key, int) else f"{prefix}.{key}" if prefix else key
        yield place
        yield from places_of(child, place)


class Case:
    """A template with one resource of a type; `only` names the one control to compare, `plain` is whether Guard must know all."""

    def __init__(self, name, resource_type, template, params=(), only=None, plain=True):
        self.name, self.type, self.template, self.params, self.only, self.plain = name, resource_type, template, params, only, plain


def parameter_text(value):
    return ",".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)


def from_tests(control):
    """The control's own tests. That a call was denied is nothing that a template could say."""
    for number, test in enumerate(control["tests"]):
        if "denied" in test:
            continue
        properties = copy.deepcopy(test["given"])
        if "tags" in test:
            properties["Tags"] = tag_list(test["tags"])
        hidden = [(place, {"Fn::If": ["Maybe", IMPORTED, NOTHING]}) for place in test.get("unknown", ())]
        hidden += [(place, IMPORTED) for place in test.get("set_but_unknown", ())]
        for place, value in hidden:
            if place == "tags":
                properties["Tags"] = value
            elif place.startswith("tags."):
                properties["Tags"] = properties.get("Tags", []) + [{"Key": place[5:], "Value": value}]
            else:
                put(properties, place, value)
        params = tuple(f"{control['id']}.{name}={parameter_text(value)}" for name, value in test.get("params", {}).items())
        template = template_of(control["resource"], properties)
        yield Case(f"{control['id']}-{number}", control["resource"], template, params, control["id"], not hidden)


def merge(into, other):
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def value_at(properties, place):
    for step in steps(place):
        try:
            properties = properties[step]
        except (IndexError, KeyError, TypeError):
            return ABSENT
    return properties


def fits(value, usual):
    """Whether it is of a kind that may stand there: CloudFormation makes numbers and truth values of texts, not the reverse."""
    if ABSENT in (value, usual) or value is None:
        return True
    kinds = [type(one) if isinstance(one, (list, dict)) else str if isinstance(one, str) else bool for one in (value, usual)]
    return kinds[0] == kinds[1] or kinds == [str, bool]


def variations(controls):
    """What passes all controls of a type, with each member that they read set to each value."""
    bases, places, read = defaultdict(dict), defaultdict(set), defaultdict(str)
    for control in controls:
        read[control["resource"]] += f" {control.get('applies', '')} {control['passes']} Tags "
        for test in control["tests"]:
            given = copy.deepcopy(test["given"])
            given.update({"Tags": tag_list(test["tags"])} if "tags" in test else {})
            places[control["resource"]].update(places_of(given))
        passed = next(test for test in control["tests"] if test["expect"] == "PASSED")
        merge(bases[control["resource"]], copy.deepcopy(passed["given"]))
        if "tags" in passed:
            bases[control["resource"]]["Tags"] = tag_list(passed["tags"])
    for resource_type, base in bases.items():
        for place in sorted(places[resource_type]):
            member = re.split(r"[.[]", place.rstrip("0123456789[]"))[-1]
            if not re.search(rf"\b{member}\b", read[resource_type]):
                continue
            for number, value in enumerate(PLAIN + [ABSENT] + FUNCTIONS):
                properties = copy.deepcopy(base)
                try:
                    put(properties, place, value)
                except (IndexError, KeyError, TypeError, AttributeError):
                    continue  # no such element in what passes
                plain = number <= len(PLAIN) and fits(value, value_at(base, place))
                yield Case(f"{resource_type}-{place}-{number}", resource_type, template_of(resource_type, properties), plain=plain)


class Template(yaml.SafeLoader):
    """YAML with the short forms of functions."""


def function(loader, tag, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    else:
        value = (loader.construct_sequence if isinstance(node, yaml.SequenceNode) else loader.construct_mapping)(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Template.add_multi_constructor("!", function)


def examples(judged_types):
    """One template for each resource of the examples: all else is still there to be referred to, as something else."""
    folder = ROOT / "examples/cloudformation"
    for path in [folder / "training.yaml", folder / "cdk.out/MonitoringStack.template.json"]:
        whole = yaml.load(path.read_text(), Template)
        for name, resource in whole["Resources"].items():
            if resource["Type"] not in judged_types:
                continue
            template = copy.deepcopy(whole)
            template["Resources"][name].pop("Condition", None)  # Guard judges what is written
            for other, beside in template["Resources"].items():
                if other != name and beside["Type"].startswith("AWS::SageMaker::"):
                    template["Resources"][other] = {"Type": "AWS::S3::Bucket"}
            yield Case(f"example-{path.stem}-{name}", resource["Type"], template, plain=False)


# ---- verdicts ----

def run_guard(binary, rules, folder):
    done = subprocess.run([binary, "validate", "--rules", rules, "--data", folder, "--structured", "--output-format", "json",
                           "--show-summary", "none"], capture_output=True, text=True, timeout=240)
    if done.returncode not in (0, 19):  # 19: something is not compliant
        sys.exit(f"cfn-guard ended with {done.returncode}: {done.stderr[:2000]}")
    verdicts = {}
    for report in json.loads(done.stdout):
        name = Path(report["name"]).stem
        for rule in report["not_compliant"]:
            verdicts[name, rule["Rule"]["name"]] = "FAIL"
        verdicts.update({(name, rule): "SKIP" for rule in report["not_applicable"]})
        verdicts.update({(name, rule): "PASS" for rule in report["compliant"]})
    return verdicts


def run_scan(program, options, folder):
    done = subprocess.run([program, "scan", "-o", "ndjson", *options, folder], capture_output=True, text=True,
                          timeout=240)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"scan ended with {done.returncode}: {done.stderr[:2000]}")
    findings = map(json.loads, done.stdout.splitlines())
    return {(Path(found["location"]["file"]).stem, found["control"]): found["compliance"]
            for found in findings if found["format"].startswith("sagewarden-finding")}


# What Guard may say: of plain values, and of others. Where it cannot tell that a control does not apply, it judges.
MAY_SAY = {"FAILED": ({"FAIL"}, {"FAIL"}), "PASSED": ({"PASS"}, {"PASS", "FAIL"}), None: ({"SKIP"}, {"SKIP", "PASS", "FAIL"}),
           "WARNING": ({"FAIL"}, {"FAIL"})}
# A job that encrypts passes whatever its number of instances is, which a scan does not conclude.
OF_ANY_COUNT = [f"SageMaker.{number}.min_instance_count=1" for number in (9, 10, 13, 15)]


def has_null(value):
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is None or any(map(has_null, children))


def settled(control, properties):
    """Whether what a control demands is there, so that it passes although nobody knows whether it applies."""
    if control == "SageMaker.4":
        variants = properties.get("ProductionVariants")
        return isinstance(variants, list) and all(variant.get("InitialInstanceCount") in (2, 12, "2") for variant in variants)
    return control == "SageMaker.18" and isinstance(value_at(properties, "OnlineStoreConfig.SecurityConfig.KmsKeyId"), str)


def verdicts(tools, options, cases):
    """Of a scan, of a scan that judges jobs of any count, and of Guard."""
    program, binary = tools
    with tempfile.TemporaryDirectory() as folder:
        templates = Path(folder) / "templates"
        templates.mkdir()
        for name, case in cases.items():
            (templates / f"{name}.json").write_text(json.dumps(case.template, default=str))  # dates of YAML
        rules = Path(folder) / "all.guard"
        rules.write_text(subprocess.run([program, "prevent", "guard", *options], capture_output=True, text=True, check=True).stdout)
        any_count = [f"--param={param}" for param in OF_ANY_COUNT if param.rpartition(".")[0] in options[1].split(",")]
        scan = run_scan(program, options, templates)
        return scan, run_scan(program, options[:2] + any_count, templates) if any_count else scan, run_guard(binary, rules, templates)


def compare(tools, controls, params, cases):
    """Counts (what the scan says, what Guard says, plain or not), and lists what differs; of controls of one type."""
    counts, differ = Counter(), []
    options = ["--controls", ",".join(control["id"] for control in controls)]
    options += [f"--param={param}" for param in params]
    by_file = {f"{number:05}": case for number, case in enumerate(cases)}
    scan, any_count, guard = verdicts(tools, options, by_file)
    for name, case in by_file.items():
        for control in controls:
            if case.only not in (None, control["id"]):
                continue
            said = scan.get((name, control["id"]))
            answer = guard.get((name, control["aws"]["config_rule"].upper().replace("-", "_")))
            properties = case.template["Resources"].get("Judged", {}).get("Properties", {})
            if said == "WARNING" and answer == "PASS" and (
                    any_count.get((name, control["id"])) == "PASSED" or settled(control["id"], properties)):
                said = "PASSED"
            counts[said, answer, case.plain] += 1
            # CloudFormation takes no null, so that nothing is made of it.
            refused = said == "WARNING" and answer == "SKIP" and has_null(properties)
            if not refused and answer not in MAY_SAY[said][0 if case.plain else 1]:
                differ.append(f"{control['id']}: a scan says {said}, Guard {answer}: {case.name} {' '.join(params)}\n"
                              f"  {json.dumps(case.template['Resources'].get('Judged'))}")
    return counts, differ


def main():
    program, folder = sys.argv[1:]
    binary = installed(folder, f"{GUARD}/{os.uname().machine}/cfn-guard")
    binary.chmod(0o755)
    controls = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "controls").rglob("*.yaml"))]
    types = {control["resource"] for control in controls}
    groups = defaultdict(list)
    for case in [*(case for control in controls for case in from_tests(control)), *examples(types), *variations(controls)]:
        groups[case.type, case.params].append(case)
    total, differ = Counter(), []
    for (resource_type, params), cases in groups.items():
        judging = [control for control in controls if control["resource"] == resource_type]
        counts, different = compare((program, binary), judging, params, cases)
        total += counts
        differ += different
    print("\n".join(differ[:40]))
    for (said, answer, plain), count in sorted(total.items(), key=str):
        print(f"{said or 'does not apply':14} {answer}  {'plain values' if plain else 'others':12} {count:6}")
    enough = all(total[said, answer, True] >= 50 for said, answer in (("FAILED", "FAIL"), ("PASSED", "PASS"), (None, "SKIP")))
    print(f"{len(differ)} verdicts differ in {sum(map(len, groups.values()))} templates")
    sys.exit(0 if not differ and enough else 1)


if __name__ == "__main__":
    main()
