#!/usr/bin/env python3
"""The AWS test server, as a library for test scripts and as a program.

    with Server() as aws:
        aws.seed(folder="examples/account")
        subprocess.run([program, "scan", "--aws"], env=aws.env())
        assert not aws.violations()

Only the standard library is needed here; the server itself runs in a process of its own, with the Python that
environment.py finds.

usage: server.py [--port N] [--tls] [--seed FOLDER]     runs until interrupted; prints its address and how to use it
"""
import argparse
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import environment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLES = ROOT / "examples" / "account"
START_SECONDS = 60


class ServerError(Exception):
    pass


class Server:
    """A running test server. Everything it knows is gone when it stops."""

    def __init__(self, tls=False, port=0):
        self.tls, self.wanted_port = tls, port
        self.process = self.folder = self.url = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        python = environment.find_or_skip()
        self.folder = tempfile.TemporaryDirectory(prefix="aws-server-")
        ready = Path(self.folder.name) / "ready"
        self.log = open(Path(self.folder.name) / "log", "w+b")
        command = [python, "-m", "fakeaws", "--port", str(self.wanted_port), "--ready", str(ready)]
        if self.tls:
            command += ["--tls", self.folder.name]
        # Settings of moto or AWS in the caller's environment are none of the server's.
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
        self.process = subprocess.Popen(command, cwd=HERE, env=clean, stdin=subprocess.PIPE, stdout=self.log,
                                        stderr=subprocess.STDOUT)
        end = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                self.log.seek(0)
                said = self.log.read().decode(errors="replace")
                self.stop()
                raise ServerError(f"the AWS test server did not start:\n{said}")
            time.sleep(0.01)
        self.url = ready.read_text().strip()
        return self

    def stop(self):
        if self.process is None:
            return
        # The server ends when its standard input does, so that it can't outlive us.
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.log.close()
        self.folder.cleanup()

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    @property
    def ca_bundle(self):
        """The certificate to trust, of a server with TLS."""
        return str(Path(self.folder.name) / "ca.pem") if self.tls else None

    # The control endpoint

    def control(self, name, given=None, **query):
        """GET /_control/name?query, or POST with `given` as JSON."""
        url = f"{self.url}/_control/{name}" + ("?" + urllib.parse.urlencode(query) if query else "")
        data = None if given is None else json.dumps(given).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        context = ssl.create_default_context(cafile=self.ca_bundle) if self.tls else None
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             *([urllib.request.HTTPSHandler(context=context)] if self.tls else []))
        try:
            with opener.open(request, timeout=300) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as wrong:
            raise ServerError(json.load(wrong)["error"]) from None

    def calls(self, **query):
        """The recorded calls; query: service, operation, account, region, error, by, fault, and after (a number)."""
        return self.control("calls", **query)

    def violations(self):
        return self.control("violations")

    def differences(self, **query):
        return self.control("differences", **query)

    def summary(self):
        return self.control("summary")

    def resources(self):
        return self.control("resources")

    def findings(self):
        return self.control("findings")

    def settings(self, **given):
        return self.control("settings", given) if given else self.control("settings")

    def faults(self, *rules, seed=None):
        """Sets the rules (see fakeaws/faults.py); none: takes them away."""
        return self.control("faults", {"rules": list(rules), **({} if seed is None else {"seed": seed})})

    def seed(self, folder=None, rows=None, accounts=None, regions=None):
        """Loads a folder of exports (by default the example account), or rows {"Describe", "Tags"}."""
        given = {"rows": rows} if rows is not None else {"folder": os.path.abspath(folder or EXAMPLES)}
        return self.control("seed", {**given, "accounts": accounts, "regions": regions})["stored"]

    def populate(self, account, region, **counts):
        """Makes so many more resources of each type, as copies of those there."""
        return self.control("populate", {"account": account, "region": region, "counts": counts})["made"]

    def organization(self, accounts=40, management="111122223333", seed=None):
        """Makes an organisation, and returns its accounts. `seed`: a folder that each of them gets a copy of."""
        self.settings(organization={"management": management, "accounts": accounts})
        members = self.control("accounts")
        if seed:
            self.seed(seed, accounts=[member["Account"]["Id"] for member in members])
        return members

    def export(self, folder):
        """Writes all resources as the program reads them from files: Describe outputs with .tags.json beside."""
        for number, row in enumerate(self.resources()):
            place = Path(folder) / row["Account"] / row["Region"] / row["Type"]
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{number:06d}.json").write_text(json.dumps(row["Describe"], indent=1) + "\n")
            (place / f"{number:06d}.tags.json").write_text(json.dumps({"Tags": row["Tags"]}) + "\n")

    def reset(self, *what):
        """Forgets: calls, faults, resources, findings, identities, settings, moto; without a name, all of them."""
        self.control("reset", {"what": list(what)} if what else {})

    # Using it

    def credentials(self, account=None):
        return self.control("credentials", **({"account": account} if account else {}))

    def session(self, account=None, role="tester", seconds=3600):
        """Temporary credentials of a role."""
        given = {"role": role, "seconds": seconds, **({"account": account} if account else {})}
        return self.control("session", given)

    def env(self, account=None, region="eu-west-1", credentials=None, base=None):
        """The environment for a program that shall use this server, and nothing of the user's own AWS settings."""
        made = credentials or self.credentials(account)
        env = {name: value for name, value in (os.environ if base is None else base).items()
               if not name.startswith("AWS_") and name.lower() not in ("http_proxy", "https_proxy", "all_proxy")}
        env.update(AWS_ENDPOINT_URL=self.url, AWS_ACCESS_KEY_ID=made["AccessKeyId"],
                   AWS_SECRET_ACCESS_KEY=made["SecretAccessKey"], AWS_REGION=region, AWS_DEFAULT_REGION=region,
                   AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_EC2_METADATA_DISABLED="true")
        if made["SessionToken"]:
            env["AWS_SESSION_TOKEN"] = made["SessionToken"]
        if self.tls:
            env["AWS_CA_BUNDLE"] = self.ca_bundle
        return env


def main():
    parser = argparse.ArgumentParser(description="Runs the AWS test server until interrupted.")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--tls", action="store_true", help="with a certificate made for the occasion")
    parser.add_argument("--seed", metavar="FOLDER", help="exports to load, for example examples/account")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the server ends with this
    with Server(given.tls, given.port) as aws:
        if given.seed:
            print(f"# {aws.seed(os.path.abspath(given.seed))} resources")
        for name, value in aws.env(base={}).items():
            print(f"export {name}={value}")
        print(f"# {aws.url}/_control/calls shows what is called. Ctrl-C ends it.", flush=True)
        try:
            aws.process.wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    sys.exit(main())
