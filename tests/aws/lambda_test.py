#!/usr/bin/env python3
"""examples/lambda/bootstrap against a stand-in of Lambda's runtime API: one answer for each invocation, by exit status.

usage: lambda_test.py PROGRAM
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = None


class Runtime(BaseHTTPRequestHandler):
    waiting, answers = [], []

    def do_GET(self):
        # Without a further invocation the real API lets one wait; here that is the end.
        self.send_response(200 if self.waiting else 410)
        if self.waiting:
            self.send_header("Lambda-Runtime-Aws-Request-Id", self.waiting.pop(0))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answers.append((self.path.removeprefix("/2018-06-01/runtime/invocation/"), body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Bootstrap(unittest.TestCase):
    def invoke(self, arguments):
        Runtime.waiting, Runtime.answers = ["first-id", "second-id"], []
        server = ThreadingHTTPServer(("127.0.0.1", 0), Runtime)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory() as tools:
            Path(tools, "sagewarden").symlink_to(PROGRAM)
            done = subprocess.run(
                [ROOT / "examples/lambda/bootstrap"], cwd=ROOT, timeout=60, capture_output=True, text=True, check=False,
                env={"PATH": f"{tools}:{os.environ['PATH']}", "no_proxy": "127.0.0.1", "SAGEWARDEN_ARGUMENTS": arguments,
                     "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_address[1]}"})
        server.shutdown()
        server.server_close()
        self.assertEqual(done.returncode, 1, "the API has gone")
        return Runtime.answers, done

    def test_a_scan(self):
        answers, done = self.invoke("scan examples/cloudformation/training.yaml")
        self.assertEqual(answers, [("first-id/response", {"status": 1}), ("second-id/response", {"status": 1})])
        self.assertIn("failed", done.stderr)

    def test_wrong_arguments(self):
        answers, _ = self.invoke("scna")
        self.assertEqual([path for path, _ in answers], ["first-id/error", "second-id/error"])
        self.assertIn("status 2", answers[0][1]["errorMessage"])


if __name__ == "__main__":
    PROGRAM = Path(sys.argv.pop()).resolve()
    if not shutil.which("curl"):
        print("skipped: there is no curl")
        sys.exit(77)
    unittest.main()
