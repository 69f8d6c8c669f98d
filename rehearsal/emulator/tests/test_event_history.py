"""CloudTrail LookupEvents: what changed something, by whom, without values."""

import json
from typing import Any, Dict, List

from botocore.exceptions import ClientError

from .support import EmulatorTest


class EventHistoryTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.trail = self.client("cloudtrail")
        self.secrets = self.client("secretsmanager")
        self.secrets.create_secret(Name="shop/api-key", SecretString="hunter2")

    def looked_up(self, name: str, **more: Any) -> List[Dict[str, Any]]:
        attributes = [{"AttributeKey": "EventName", "AttributeValue": name}]
        found = self.trail.lookup_events(LookupAttributes=attributes, **more)["Events"]
        return [json.loads(event["CloudTrailEvent"]) for event in found]

    def test_a_change_is_there_with_its_caller_and_without_its_value(self) -> None:
        self.secrets.put_secret_value(SecretId="shop/api-key", SecretString="hunter3")
        [event] = self.looked_up("PutSecretValue")
        self.assertEqual(event["requestParameters"]["secretId"], "shop/api-key")
        self.assertEqual(event["userIdentity"]["arn"], "arn:aws:iam::123456789012:root")
        self.assertNotIn("hunter", json.dumps(self.trail.lookup_events()["Events"], default=str))

    def test_a_parameter_is_there_by_its_name(self) -> None:
        self.client("ssm").put_parameter(Name="/shop/a", Value="hunter2", Type="String")
        [event] = self.looked_up("PutParameter")
        self.assertEqual(event["requestParameters"]["name"], "/shop/a")
        self.assertEqual(event["requestParameters"]["value"], "HIDDEN_DUE_TO_SECURITY_REASONS")

    def test_a_change_is_found_by_what_it_names(self) -> None:
        self.client("ssm").put_parameter(Name="/shop/a", Value="x", Type="String")
        found = self.trail.lookup_events(
            LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": "/shop/a"}]
        )["Events"]
        self.assertEqual([event["EventName"] for event in found], ["PutParameter"])

    def test_reading_is_no_change(self) -> None:
        self.secrets.get_secret_value(SecretId="shop/api-key")
        self.assertEqual(self.looked_up("GetSecretValue"), [])

    def test_a_role_is_named_with_its_session(self) -> None:
        iam, sts = self.client("iam"), self.client("sts")
        trusted = {"AWS": "arn:aws:iam::123456789012:root"}
        trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        arn = iam.create_role(RoleName="Admin", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="ada")["Credentials"]
        secrets = self.client(
            "secretsmanager",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        with self.assertRaises(ClientError):
            secrets.put_secret_value(SecretId="shop/api-key", SecretString="hunter3")
        [event] = self.looked_up("PutSecretValue")
        self.assertEqual(event["errorCode"], "AccessDeniedException")
        identity = event["userIdentity"]
        self.assertTrue(identity["arn"].endswith(":assumed-role/Admin/ada"), identity)
        self.assertEqual(identity["sessionContext"]["sessionIssuer"]["userName"], "Admin")

    def test_pages_come_newest_first(self) -> None:
        for n in range(3):
            self.client("ssm").put_parameter(Name="/shop/%d" % n, Value="x", Type="String")
        attributes = [{"AttributeKey": "EventName", "AttributeValue": "PutParameter"}]
        first = self.trail.lookup_events(LookupAttributes=attributes, MaxResults=2)
        rest = self.trail.lookup_events(LookupAttributes=attributes, NextToken=first["NextToken"])
        events = [json.loads(e["CloudTrailEvent"]) for e in first["Events"] + rest["Events"]]
        names = [event["requestParameters"]["name"] for event in events]
        self.assertEqual(names, ["/shop/2", "/shop/1", "/shop/0"])
        self.assertNotIn("NextToken", rest)

    def test_what_is_no_attribute_and_no_time_is_refused(self) -> None:
        for wrong in (
            {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "a"}] * 2},
            {"StartTime": 2, "EndTime": 1},
        ):
            with self.assertRaises(ClientError):
                self.trail.lookup_events(**wrong)
