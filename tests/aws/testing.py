"""What the server's own tests share. Importing it goes on in the Python that has boto3."""

import atexit
import gc
import http.client
import sys
import unittest

import environment

if "boto3" not in sys.modules:
    environment.run_in_it()

import botocore.session  # noqa: E402
from botocore.auth import SigV4Auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

from server import Server  # noqa: E402

gc.set_threshold(100_000, 50, 1000)  # as in fakeaws/__main__.py, for the same reason
ACCOUNT = "111122223333"
REGION = "eu-west-1"
SESSION = botocore.session.Session()
TARGETS = {"sagemaker": "SageMaker", "config": "StarlingDoveService", "organizations": "AWSOrganizationsV20161128"}


class ServerTest(unittest.TestCase):
    """Tests of one script share a server, whose start takes seconds; each begins with an empty one."""

    tls = False
    servers = {}  # with TLS and without

    @classmethod
    def setUpClass(cls):
        if cls.tls not in cls.servers:
            cls.servers[cls.tls] = Server(tls=cls.tls).start()
            atexit.register(cls.servers[cls.tls].stop)
        cls.aws = cls.servers[cls.tls]
        cls.clients = {}

    def setUp(self):
        self.aws.reset()

    def client(self, service, region=REGION, account=None, credentials=None, attempts=1, patience=60, **settings):
        made = credentials or self.aws.credentials(account)
        key = (service, region, made["AccessKeyId"], made["SecretAccessKey"], attempts, patience, str(sorted(settings.items())))
        if key not in self.clients:
            self.clients[key] = SESSION.create_client(
                service, region_name=region, endpoint_url=self.aws.url, aws_access_key_id=made["AccessKeyId"],
                aws_secret_access_key=made["SecretAccessKey"], aws_session_token=made["SessionToken"] or None,
                verify=self.aws.ca_bundle or True,
                config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}, read_timeout=patience,
                              parameter_validation=False, **settings))
        return self.clients[key]

    def fails(self, code, call, *arguments, **given):
        """Asserts that a call fails with that code, and returns the error's message."""
        with self.assertRaises(ClientError) as caught:
            call(*arguments, **given)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response["Error"]["Message"]

    def no_violations(self):
        self.assertEqual(self.aws.violations(), [])

    def pages(self, call, key, **given):
        """All items of a List call, and the sizes of its pages."""
        items, sizes, token = [], [], None
        while True:
            page = call(**given, **({"NextToken": token} if token else {}))
            items += page[key]
            sizes.append(len(page[key]))
            token = page.get("NextToken")
            if not token:
                return items, sizes

    def raw(self, body, operation="ListModels", service="sagemaker", credentials=None, headers=(), change=None,
            signed_for=None):
        """Sends a signed request of any content. `change` may spoil the headers after they were signed."""
        made = credentials or self.aws.credentials()
        address = self.aws.url.split("//")[1]
        prepared = {"Host": address, "Content-Type": "application/x-amz-json-1.1",
                    "X-Amz-Target": f"{TARGETS[service]}.{operation}", **dict(headers)}
        request = AWSRequest("POST", f"{self.aws.url}/", headers=prepared, data=body)
        SigV4Auth(Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"] or None),
                  signed_for or service, REGION).add_auth(request)
        sent = dict(request.headers.items())
        if change:
            change(sent)
        connection = http.client.HTTPConnection(address, timeout=60)
        try:
            connection.request("POST", "/", body, sent)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()
