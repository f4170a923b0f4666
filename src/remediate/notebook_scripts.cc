#include "remediate/notebook_scripts.h"

#include <fmt/core.h>

#include "remediate/family.h"

namespace sagewarden::remediate {
namespace {

// What both jobs are made of: bash and Python 3 as Amazon Linux 2023 has them, and the AWS CLI.
constexpr std::string_view kCommon = R"sh(
root=/home/ec2-user/SageMaker
export AWS_DEFAULT_REGION=$region PATH=$PATH:/usr/local/bin:/home/ec2-user/anaconda3/bin
export LC_ALL=C.UTF-8
set -uo pipefail
work=$(mktemp -d) || exit 1
s3=s3://$bucket/$folder
put_key=()
[[ -z $key ]] || put_key=(--server-side-encryption aws:kms --ssekms-key-id "$key")

# state MARKER NAME: what a marker says; nothing where there is none. It asks until S3 says which: what was done must not
# be done again because S3 was out of reach.
state() {
  local said
  until said=$(aws s3api head-object --bucket "$bucket" --key "$folder$1" --query "Metadata.$2" --output text 2>&1); do
    case $said in *"(404)"*) return ;; esac
    sleep 20
  done
  printf '%s\n' "$said"
}

# mark STATE [MEMBERS]: further members of a JSON object, beginning with a comma.
mark() {
  aws s3api put-object --bucket "$bucket" --key "$folder$marker" --metadata "{\"state\":\"$1\"${2-}}" "${put_key[@]}" > /dev/null
}

# Why it failed, as a header of HTTP may hold it.
reason() {
  tail -c 400 "$work/errors" | tr -cs 'A-Za-z0-9._:/()=@+-' ' ' | sed 's/^ //; s/ $//'
}

# list quick|full: what lies on the volume, a line each; quick has times in place of hashes. What is mounted into it and
# what is no file, folder or link is left out, and named in excludes and special.
list() {
  python3 - "$root" "$work" "$1" <<'PY'
import hashlib, json, os, stat, sys
root, work, how = sys.argv[1:]
home = os.lstat(root).st_dev
lines, excludes, special = [], [], []
def failed(error): raise error
def literal(path): return "".join("[%s]" % c if c in "[*?" else c for c in path)
for folder, folders, files in os.walk(root, onerror=failed):
    if folder == root: folders[:] = [name for name in folders if name != "lost+found"]
    for name in sorted(folders + files):
        path = os.path.join(folder, name)
        shown = os.path.relpath(path, root)
        try: shown.encode()
        except UnicodeError: sys.exit("the name %s is not UTF-8" % ascii(shown))
        if "\n" in shown or "\r" in shown: sys.exit("the name %s has a line end" % ascii(shown))
        info = os.lstat(path)
        line = {"path": shown, "mode": stat.S_IMODE(info.st_mode), "owner": [info.st_uid, info.st_gid]}
        if stat.S_ISLNK(info.st_mode): line.update(type="link", target=os.readlink(path))
        elif stat.S_ISDIR(info.st_mode):
            line.update(type="folder")
            if info.st_dev != home:
                folders.remove(name)
                excludes += ["--exclude", literal(shown) + "/*"]
        elif stat.S_ISREG(info.st_mode):
            line.update(type="file", size=info.st_size, time=info.st_mtime_ns)
            if how == "quick": line.update(changed=info.st_ctime_ns)
            else:
                found = hashlib.sha256()
                with open(path, "rb") as file:
                    while block := file.read(1 << 20): found.update(block)
                line.update(sha256=found.hexdigest())
        else:
            special.append(shown)
            continue
        lines.append(line)
with open(work + "/excludes", "w") as out: out.write("".join(text + "\0" for text in excludes))
with open(work + "/special", "w") as out: out.write("".join(text + "\n" for text in special))
for line in sorted(lines, key=lambda line: line["path"].encode()): print(json.dumps(line, sort_keys=True))
PY
}

sum_of() { sha256sum < "$1" | cut -d ' ' -f 1; }

# totals MANIFEST: members for a marker.
totals() {
  python3 - "$1" <<'PY'
import json, sys
files = [line for line in map(json.loads, open(sys.argv[1])) if line["type"] == "file"]
print(',"files":"%d","bytes":"%d"' % (len(files), sum(line["size"] for line in files)), end="")
PY
}
)sh";

constexpr std::string_view kSave = R"sh(
marker=saved
copy_key=()
[[ -z $key ]] || copy_key=(--sse aws:kms --sse-kms-key-id "$key")

upload() {
  local status=0 excludes
  mapfile -d '' -t excludes < "$work/excludes"
  aws s3 sync "$root" "${s3}files" --no-follow-symlinks --only-show-errors --exclude 'lost+found/*' \
    "${excludes[@]}" "${copy_key[@]}" || status=$?
  # Sockets and the like are skipped with a warning, which is 2.
  [[ $status == 0 || ( $status == 2 && -s $work/special ) ]]
}

# Until nothing changed while it was copied.
work_once() {
  for _ in 1 2 3; do
    list quick > "$work/before" && list full > "$work/manifest" && upload && list quick > "$work/after" || return 1
    cmp -s "$work/before" "$work/after" || continue
    aws s3 cp "$work/manifest" "${s3}manifest.jsonl" --only-show-errors "${copy_key[@]}" || return 1
    mark "done" ",\"manifest\":\"$(sum_of "$work/manifest")\"$(totals "$work/manifest")"
    return
  done
  echo "files change while they are copied: $(diff "$work/before" "$work/after" | sed -n 2p)" >&2
  return 1
}
)sh";

constexpr std::string_view kRestore = R"sh(
marker=restored

# Folders, links, modes, owners and times, which S3 does not keep.
settle() {
  python3 - "$root" "$work/manifest" <<'PY'
import json, os, sys
root, manifest = sys.argv[1:]
lines = [json.loads(line) for line in open(manifest)]
for line in lines:
    path = os.path.join(root, line["path"])
    if line["type"] == "folder": os.makedirs(path, exist_ok=True)
    if line["type"] == "link":
        if os.path.lexists(path): os.remove(path)
        os.symlink(line["target"], path)
for line in reversed(lines):
    path = os.path.join(root, line["path"])
    os.chown(path, *line["owner"], follow_symlinks=False)
    if line["type"] != "link": os.chmod(path, line["mode"])
    if line["type"] == "file": os.utime(path, ns=(line["time"], line["time"]))
PY
}

# What the manifest names is there, and as it was; what else is there was there before.
verify() {
  python3 - "$work/manifest" "$work/now" <<'PY'
import sys
now = set(open(sys.argv[2]))
for line in open(sys.argv[1]):
    if line not in now: sys.exit("it is not restored as it was: " + line)
PY
}

work_once() {
  local sum
  aws s3 cp "${s3}manifest.jsonl" "$work/manifest" --only-show-errors || return 1
  sum=$(sum_of "$work/manifest")
  [[ $sum == "$(state saved manifest)" ]] || { echo "the manifest in S3 is not the one that was saved" >&2; return 1; }
  aws s3 sync "${s3}files" "$root" --exact-timestamps --only-show-errors || return 1
  settle && list full > "$work/now" && verify || return 1
  mark "done" ",\"manifest\":\"$sum\"$(totals "$work/manifest")"
}
)sh";

constexpr std::string_view kJob = R"sh(
# What was done once is not done again when the instance starts again: it would undo what has been worked on since.
[[ $(state "$marker" state) != "done" ]] || exit 0
mark running
marked=$?
[[ ${1-} != announce ]] || exit "$marked"
until work_once 2> "$work/errors"; do
  mark failed ",\"reason\":\"$(reason); it is tried again every 5 minutes\""
  sleep 300
  mark running
done
)sh";

constexpr std::string_view kJobEnd = "SAGEWARDEN_JOB";

std::string script_of(const VolumeCopy& copy, std::string_view task, std::string_view before) {
  return fmt::format(
      R"sh(#!/bin/bash
# Made by Sagewarden: carries the volume of a notebook instance to another one by way of S3.
job=$(mktemp) && cat > "$job" <<'{end}'
#!/bin/bash
region={region} bucket={bucket} folder={folder} key={key}
{common}{task}{job}{end}
{before}timeout 60 bash "$job" announce || echo "S3 cannot be read or written: does the role allow it?"
nohup bash "$job" > /dev/null 2>&1 < /dev/null &
exit 0
)sh",
      fmt::arg("end", kJobEnd), fmt::arg("region", shell_quoted(copy.region)),
      fmt::arg("bucket", shell_quoted(copy.bucket)), fmt::arg("folder", shell_quoted(copy.folder)),
      fmt::arg("key", shell_quoted(copy.kms_key)), fmt::arg("common", kCommon.substr(1)),
      fmt::arg("task", task), fmt::arg("job", kJob), fmt::arg("before", before));
}

}  // namespace

std::string save_script(const VolumeCopy& copy, std::string_view own_script) {
  if (own_script.empty()) return script_of(copy, kSave, "");
  // That it fails or takes its time keeps no volume from being saved.
  return script_of(copy, kSave,
                   fmt::format("own=$(mktemp) && base64 -d > \"$own\" <<'OWN'\n{}\nOWN\n"
                               "chmod 700 \"$own\"\n"
                               "timeout 180 \"$own\" || echo \"the own script ended with $?\"\n",
                               own_script));
}

std::string restore_script(const VolumeCopy& copy) {
  return script_of(copy, kRestore, "");
}

}  // namespace sagewarden::remediate
