"""What the tests of strictness share: the services that are used here, and requests that no SDK would make."""

import http.client
import json
from typing import Any, Dict, Tuple
from urllib.parse import urlencode

from botocore.exceptions import ClientError

from .support import EmulatorTest

CHECKED = (
    "application-autoscaling acm autoscaling budgets cloudtrail codebuild codecommit codepipeline codeconnections "
    "dynamodb ec2 ecr ecs elasticfilesystem elasticloadbalancing events iam kms lambda logs monitoring route53 s3 "
    "secretsmanager servicediscovery sns sqs ssm sts"
).split()



class StrictTest(EmulatorTest):
    def refused(self, call: Any, **arguments: Any) -> Tuple[str, str]:
        """The code and the message of a refusal."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        return error["Code"], error["Message"]

    def send(
        self, service: str, method: str, path: str, body: bytes = b"", **headers: str
    ) -> Tuple[int, str]:
        """A request that no SDK would make: status and body of the answer."""
        scope = "Credential=test/20260101/eu-west-1/%s/aws4_request" % service
        signed = {"Authorization": "AWS4-HMAC-SHA256 %s, Signature=0" % scope}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.url[len("http://") :])
        connection.request(method, path, body, {**signed, **named})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def send_json(self, service: str, target: str, body: Dict[str, Any]) -> Dict[str, Any]:
        status, text = self.send(
            service, "POST", "/", json.dumps(body).encode(), X_Amz_Target=target
        )
        return {"status": status, **json.loads(text)}

    def send_form(self, service: str, **parameters: str) -> Tuple[int, str]:
        return self.send(
            service,
            "POST",
            "/",
            urlencode(parameters).encode(),
            Content_Type="application/x-www-form-urlencoded",
        )
