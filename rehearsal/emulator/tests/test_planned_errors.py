"""A test plans errors of an action: throttling that passes, a denial that stays."""

from typing import Any, Dict, List, Tuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .support import REGION, EmulatorTest
from .test_sessions import SessionTest, allow


class PlannedErrorsTest(SessionTest):
    def plan(self, action: str, **more: Any) -> Any:
        return self.control("errors", {"action": action, **more})

    def refusal(self, call: Any, **arguments: Any) -> Tuple[str, int]:
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]

    def bucket(self, name: str) -> None:
        place = {"LocationConstraint": REGION}
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)

    def test_throttling_is_what_the_service_calls_it_and_passes(self) -> None:
        self.bucket("bucket")
        for service, action, call, arguments, expected in (
            ("ecs", "ecs:ListClusters", "list_clusters", {}, ("ThrottlingException", 400)),
            ("s3", "s3:ListObjectsV2", "list_objects_v2", {"Bucket": "bucket"}, ("SlowDown", 503)),
            ("ec2", "ec2:DescribeVpcs", "describe_vpcs", {}, ("RequestLimitExceeded", 503)),
            ("iam", "iam:ListRoles", "list_roles", {}, ("Throttling", 400)),
            (
                "lambda",
                "lambda:ListFunctions",
                "list_functions",
                {},
                ("TooManyRequestsException", 429),
            ),
        ):
            with self.subTest(action):
                self.plan(action)
                method = getattr(self.client(service), call)
                self.assertEqual(self.refusal(method, **arguments), expected)
                method(**arguments)

    def test_a_client_that_backs_off_gets_through_and_every_try_is_counted(self) -> None:
        patient = boto3.client(
            "ecs",
            region_name=REGION,
            endpoint_url=self.url,
            config=Config(retries={"total_max_attempts": 4, "mode": "standard"}),
        )
        self.plan("ecs:CreateCluster", count=3, status=429)
        patient.create_cluster(clusterName="c")
        calls = self.request("GET", "/gantry-emulator/calls")["calls"]
        self.assertEqual(calls["ecs:CreateCluster"], 4)
        self.assertEqual(self.request("GET", "/gantry-emulator/errors")["planned"], [])

    def test_what_is_refused_changes_nothing(self) -> None:
        self.plan("ecs:CreateCluster", status=429)
        ecs = self.client("ecs")
        code = self.refusal(ecs.create_cluster, clusterName="c")
        self.assertEqual(code, ("ThrottlingException", 429))
        self.assertEqual(ecs.list_clusters()["clusterArns"], [])

    def test_a_denial_of_one_bucket_stays_until_it_is_taken_back(self) -> None:
        for name in ("artifacts", "releases"):
            self.bucket(name)
        s3 = self.client("s3")
        put: Dict[str, Any] = {"Key": "a", "Body": b"1"}
        denial = {"code": "AccessDenied", "message": "Access Denied", "status": 403}
        self.plan("s3:PutObject", **denial, containing="/artifacts/", count=None)
        for _ in range(2):
            code = self.refusal(s3.put_object, Bucket="artifacts", **put)
            self.assertEqual(code, ("AccessDenied", 403))
        s3.put_object(Bucket="releases", **put)
        self.plan("s3:PutObject", count=0)
        s3.put_object(Bucket="artifacts", **put)

    def test_a_refused_head_has_no_body(self) -> None:
        self.bucket("bucket")
        self.plan("s3:HeadBucket", code="AccessDenied", status=403)
        self.assertEqual(self.refusal(self.client("s3").head_bucket, Bucket="bucket"), ("403", 403))

    def test_one_caller_s_calls_fail_and_another_s_do_not(self) -> None:
        keys = self.session(allow("ecs:*"))
        self.plan("ecs:ListClusters", caller=keys["aws_access_key_id"], code="ServerException")
        self.client("ecs").list_clusters()
        ecs = self.client("ecs", **keys)
        self.assertEqual(self.refusal(ecs.list_clusters), ("ServerException", 400))
        self.assertEqual(self.denials(), [])

    def test_is_forgotten_on_reset(self) -> None:
        self.plan("ecs:ListClusters", count=None)
        self.request("POST", "/moto-api/reset", {})
        self.client("ecs").list_clusters()


class RefusedPlansTest(EmulatorTest):
    def errors(self, bodies: List[Dict[str, Any]]) -> List[str]:
        return [self.control("errors", body)["error"] for body in bodies]

    def test_refuses_what_could_never_happen(self) -> None:
        wrong, unknown, missing, count = self.errors(
            [
                {"action": "ecs:DescribeService"},
                {"action": "ecs:DescribeServices", "times": 2},
                {},
                {"action": "ecs:DescribeServices", "count": -1},
            ]
        )
        self.assertIn("ecs:DescribeService is no action as GET calls names it", wrong)
        self.assertIn("unknown: times; there are: action, count", unknown)
        self.assertIn("missing in the request: 'action'", missing)
        self.assertIn("count must be a number of calls or null, not -1", count)
