"""The emulator in a thread of the tests' own process, and boto3 clients for it."""

import json
import os
import threading
import time
import unittest
import urllib.error
import urllib.request
from typing import Any, Dict, Optional

os.environ.update(
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
    MOTO_ACM_VALIDATION_WAIT="0",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_EC2_METADATA_DISABLED="true",
)
for inherited in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
    os.environ.pop(inherited, None)

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

from ..application import create_application  # noqa: E402
from ..control import Identity  # noqa: E402

REGION = "eu-west-1"
NONCE = "nonce of the tests"


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


class _Server:
    url = ""

    @classmethod
    def start(cls) -> str:
        """Starts the one server of this process."""
        if not cls.url:
            application = create_application(Identity(NONCE, os.getpid(), time.time()))
            application.log = lambda line: None
            server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            os.environ["MOTO_PORT"] = str(server.port)
            cls.url = "http://127.0.0.1:%d" % server.port
        return cls.url


class EmulatorTest(unittest.TestCase):
    """A test against an emulator that has just been reset."""

    maxDiff = None

    def setUp(self) -> None:
        self.url = _Server.start()
        self.request("POST", "/moto-api/reset", {})

    def client(self, service: str, **options: Any) -> Any:
        """A client that tries once."""
        config = Config(
            retries={"total_max_attempts": 1}, parameter_validation=False, s3={"addressing_style": "path"}
        )
        return boto3.client(
            service, region_name=REGION, endpoint_url=self.url, config=config, **options
        )

    def request(self, method: str, path: str, body: Optional[Dict[str, Any]] = None) -> Any:
        """One request that is not signed; a refusal is answered as ``{"error": ...}``."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return json.loads(refused.read())

    def control(self, name: str, body: Dict[str, Any]) -> Any:
        """A control request."""
        return self.request("POST", "/gantry-emulator/" + name, body)

    def network(self) -> Dict[str, Any]:
        """A VPC with two subnets and a security group, and the network configuration of a task in it."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(
                VpcId=vpc, CidrBlock="10.0.%d.0/24" % i, AvailabilityZone=REGION + "ab"[i]
            )["Subnet"]["SubnetId"]
            for i in range(2)
        ]
        group = ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=vpc)[
            "GroupId"
        ]
        configuration = {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group]}}
        return {"vpc": vpc, "subnets": subnets, "group": group, "configuration": configuration}
