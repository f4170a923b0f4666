"""Installs what the tests of 'sagewarden prevent' need from npm (package-lock.json has the versions): npm.py FOLDER

Where npm is missing or cannot fetch, nothing is installed; the tests then find nothing, and are skipped.
"""

import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77
HERE = Path(__file__).resolve().parent


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(SKIPPED)


def installed(folder, what):
    """The path of something below node_modules, or the end of the test."""
    path = Path(folder) / "node_modules" / what
    return path if path.exists() else skip(f"{what} is not there: npm could not fetch it, or it is not made for this machine")


def main():
    folder = Path(sys.argv[1])
    lock = folder / "package-lock.json"
    if lock.exists() and lock.read_text() == (HERE / "package-lock.json").read_text():
        return
    if shutil.which("npm") is None:
        skip("npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    # What cdk-validator-cfnguard names as its peer is for its other half.
    done = subprocess.run(["npm", "ci", "--prefix", folder, "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"],
                          capture_output=True, text=True, timeout=240)
    if done.returncode == 0:
        return
    lock.unlink()
    print(done.stdout + done.stderr)
    # What came and is not what the lock names is no reason to look away.
    sys.exit(1) if "EINTEGRITY" in done.stderr else skip("npm could not install the packages")


if __name__ == "__main__":
    main()
