#!/usr/bin/env python3
"""Signs random requests with our signer and with botocore's, and compares the Authorization headers.

usage: sigv4_botocore.py PROGRAM   (PROGRAM: sign_lines)

Exit status 77 (skipped) where botocore is not installed.
"""
import datetime
import json
import random
import string
import subprocess
import sys
from unittest import mock
from urllib.parse import quote

try:
    import botocore.auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    print("skipped: python3-botocore is not installed (script/setup test)")
    sys.exit(77)

COUNT = 600
# What real paths and values are made of, and what goes wrong easily.
ALPHABET = string.ascii_letters + string.digits + "-_.~ !*'();:@&=+$,/?#[]%\"<>\\^`{|}é☃"


def text(rng, low, high, alphabet=ALPHABET):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))


def random_request(rng):
    s3 = rng.random() < 0.3
    parts = [quote(text(rng, 1, 8), safe="") for _ in range(rng.randint(0, 4))]
    if not s3:
        # How "/." at the end is resolved is the one thing they differ in; no API has such a path.
        parts = [part for part in parts if part not in (".", "..")]
    query = "&".join(f"{quote(text(rng, 1, 6), safe='-_.~')}={quote(text(rng, 0, 8), safe='-_.~')}"
                     for _ in range(rng.randint(0, 5)))
    headers = {"Content-Type": rng.choice(["application/x-amz-json-1.1", "text/plain;  charset=utf-8"]),
               "X-Amz-Target": "SageMaker." + text(rng, 3, 12, string.ascii_letters),
               "User-Agent": "not signed"}
    for _ in range(rng.randint(0, 3)):
        value = text(rng, 0, 12, string.ascii_letters + "  ,;=")
        headers["X-Amz-Meta-" + text(rng, 1, 6, string.ascii_letters)] = value
    return {
        "method": rng.choice(["GET", "POST", "PUT", "DELETE"]),
        "origin": rng.choice(["https://api.sagemaker.eu-west-1.amazonaws.com", "http://127.0.0.1:4566",
                              "https://host.example:443", "http://[::1]:80"]),
        "path": "/" + "/".join(parts) + rng.choice(["", "/"] if parts else [""]),
        "query": query,
        "headers": headers,
        "body": text(rng, 0, 60),
        "key": "AKID" + text(rng, 16, 16, string.ascii_uppercase),
        "secret": text(rng, 40, 40, string.ascii_letters + "/+"),
        "token": text(rng, 40, 200, string.ascii_letters + "/+=") if rng.random() < 0.5 else "",
        "region": rng.choice(["eu-west-1", "us-gov-west-1", "cn-north-1"]),
        "service": "s3" if s3 else rng.choice(["sagemaker", "sts", "securityhub"]),
        "time": f"20{rng.randint(20, 38)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T"
                f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}Z",
    }


def botocore_authorization(case):
    signer = botocore.auth.S3SigV4Auth if case["service"] == "s3" else botocore.auth.SigV4Auth
    url = case["origin"] + case["path"] + ("?" + case["query"] if case["query"] else "")
    request = AWSRequest(method=case["method"], url=url, headers=dict(case["headers"]), data=case["body"].encode())
    request.context["payload_signing_enabled"] = True
    now = datetime.datetime.strptime(case["time"], "%Y-%m-%dT%H:%M:%SZ")
    # The clock is read through the module in older versions, through a function in newer ones.
    if hasattr(botocore.auth, "get_current_datetime"):
        clock = {"get_current_datetime": lambda *_, **__: now}
    else:
        clock = {"datetime": mock.Mock(datetime=mock.Mock(utcnow=lambda: now))}
    with mock.patch.multiple(botocore.auth, **clock):
        signer(Credentials(case["key"], case["secret"], case["token"] or None), case["service"],
               case["region"]).add_auth(request)
    return request.headers["Authorization"], request.headers.get("X-Amz-Content-SHA256")


def main():
    rng = random.Random(20261124)
    cases, expected = [], []
    for _ in range(COUNT):
        case = random_request(rng)
        wanted, body_hash = botocore_authorization(case)
        if body_hash:
            case["headers"]["X-Amz-Content-SHA256"] = body_hash
        cases.append(case)
        expected.append(wanted)
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([sys.argv[1]], input=lines.encode(), stdout=subprocess.PIPE, check=True, timeout=60)
    got = done.stdout.decode().splitlines()
    wrong = [(case, ours, theirs) for case, ours, theirs in zip(cases, got, expected, strict=True) if ours != theirs]
    for case, ours, theirs in wrong[:3]:
        print(json.dumps(case, indent=1), f"\nours:   {ours}\ntheirs: {theirs}")
    print(f"sigv4_botocore: {len(cases)} requests, {len(wrong)} signed differently")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
