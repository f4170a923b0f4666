"""Holds the YAML of 'sagewarden prevent admission' against the schemas of the Kubernetes API: admission_test.py PROGRAM FOLDER

The schemas take members that they do not know: those are checked by the unit test beside the code.
"""

import json
import shutil
import subprocess
import sys

from npm import installed, skip

try:
    import yaml
except ImportError:
    skip("python3-yaml is not installed")

CHECK = """
const { createRequire } = require("node:module");
const load = createRequire(process.argv[1] + "/");
let wrong = 0;
for (const object of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) {
  const { [object.kind]: Model } = load(`kubernetes-models/admissionregistration.k8s.io/v1/${object.kind}`);
  try { new Model(object).validate(); } catch (error) { wrong = 1; console.log(object.metadata.name, object.kind, error.message); }
}
process.exit(wrong);
"""


def valid(folder, objects):
    done = subprocess.run(["node", "-e", CHECK, folder], input=json.dumps(objects), text=True, capture_output=True, timeout=120)
    print(done.stdout + done.stderr, end="")
    return done.returncode == 0


def main():
    program, folder = sys.argv[1:]
    installed(folder, "kubernetes-models")
    if shutil.which("node") is None:
        skip("node is not installed")
    for options in ([], ["--enforce"]):
        done = subprocess.run([program, "prevent", "admission", "--set", "all", *options], capture_output=True, text=True, check=True)
        objects = list(yaml.safe_load_all(done.stdout))
        policies = [made for made in objects if made["kind"] == "ValidatingAdmissionPolicy"]
        names = [policy["metadata"]["name"] for policy in policies]
        bound = [made["spec"]["policyName"] for made in objects if made["kind"] == "ValidatingAdmissionPolicyBinding"]
        if len(names) < 25 or names != bound or len(set(names)) != len(names):
            sys.exit(f"each policy has one binding: {names} {bound}")
        if not valid(folder, objects):
            sys.exit("the API server would not take these")
    # The check sees what is wrong.
    del policies[0]["spec"]["validations"][0]["expression"]
    if valid(folder, policies):
        sys.exit("a policy without an expression was taken")
    print(f"{len(names)} policies with their bindings are valid")


if __name__ == "__main__":
    main()
