"""What the server does beyond moto: counting, control, errors that are not retried."""

import http.client
import threading
import unittest
from typing import Any

from botocore.exceptions import ClientError

from ..actions import identify
from .support import NONCE, EmulatorTest


class IdentifyTest(unittest.TestCase):
    def test_operations_of_one_address_differ_by_the_query_that_they_require(self) -> None:
        for method, query, action in (
            ("DELETE", "x-id=DeleteObject", "DeleteObject"),
            ("DELETE", "", "DeleteObject"),
            ("DELETE", "uploadId=1", "AbortMultipartUpload"),
            ("GET", "", "GetObject"),
            ("GET", "uploadId=1", "ListParts"),
            ("PUT", "x-id=PutObject", "PutObject"),
            ("PUT", "partNumber=1&uploadId=1", "UploadPart"),
        ):
            signed = "Credential=a/20260101/eu-west-1/s3/aws4_request"
            environ = {
                "REQUEST_METHOD": method,
                "PATH_INFO": "/bucket/key",
                "QUERY_STRING": query,
                "HTTP_AUTHORIZATION": signed,
            }
            self.assertEqual(identify(environ, b"").action, action, (method, query))


class CallsTest(EmulatorTest):
    def calls(self, query: str = "") -> Any:
        return self.request("GET", "/gantry-emulator/calls" + query)

    def test_counts_by_service_and_action_in_every_protocol(self) -> None:
        self.client("ecs").list_clusters()
        self.client("ecs").list_clusters()
        self.client("ec2").describe_vpcs()
        self.client("s3").create_bucket(
            Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        self.client("s3").put_bucket_versioning(
            Bucket="bucket", VersioningConfiguration={"Status": "Enabled"}
        )
        self.client("s3").put_object(Bucket="bucket", Key="a/b", Body=b"x")
        self.client("route53").list_hosted_zones()
        self.client("lambda").list_functions()
        self.client("elbv2").describe_load_balancers()
        self.client("sns").list_topics()
        self.client("scheduler").list_schedules()
        self.client("efs").describe_file_systems()
        counted = self.calls()
        expected = {
            "ec2:DescribeVpcs": 1,
            "ecs:ListClusters": 2,
            "elasticfilesystem:DescribeFileSystems": 1,
            "elasticloadbalancing:DescribeLoadBalancers": 1,
            "lambda:ListFunctions": 1,
            "route53:ListHostedZones": 1,
            "s3:CreateBucket": 1,
            "s3:PutBucketVersioning": 1,
            "s3:PutObject": 1,
            "scheduler:ListSchedules": 1,
            "sns:ListTopics": 1,
        }
        self.assertEqual(counted["calls"], expected)
        self.assertEqual((counted["total"], counted["cursor"]), (12, 12))

    def test_counts_after_a_cursor_and_by_caller(self) -> None:
        self.client("ecs").list_clusters()
        cursor = self.calls()["cursor"]
        self.client("sqs", aws_access_key_id="deployer", aws_secret_access_key="x").list_queues()
        later = self.calls("?since=%d" % cursor)
        self.assertEqual(later["callers"], {"deployer": {"sqs:ListQueues": 1}})
        self.assertEqual(self.calls("?caller=test")["calls"], {"ecs:ListClusters": 1})
        self.request("DELETE", "/gantry-emulator/calls")
        self.assertEqual(self.calls()["total"], 0)

    def test_lists_calls_in_their_order(self) -> None:
        self.client("ecs").list_clusters()
        cursor = self.calls()["cursor"]
        self.client("sqs").list_queues()
        self.client("ecs").list_clusters()
        self.assertEqual(self.calls()["sequence"], [])
        later = self.calls("?sequence=true&caller=test&since=%d" % cursor)
        self.assertEqual(later["sequence"], ["sqs:ListQueues", "ecs:ListClusters"])
        self.assertEqual(later["calls"], {"ecs:ListClusters": 1, "sqs:ListQueues": 1})


class ErrorsTest(EmulatorTest):
    def assertRefused(self, code: str, message: str, call: Any, **arguments: Any) -> None:
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertEqual(answer["Error"]["Code"], code)
        self.assertIn(message, answer["Error"]["Message"])

    def test_an_action_that_moto_lacks_is_a_client_error_in_every_protocol(self) -> None:
        unknown = "UnknownOperationException"
        self.assertRefused(
            unknown, "describe_fast_launch", self.client("ec2").describe_fast_launch_images
        )
        self.assertRefused(
            unknown,
            "list_services_by_namespace",
            self.client("ecs").list_services_by_namespace,
            namespace="n",
        )
        self.assertRefused(
            unknown,
            "get_trust_store",
            self.client("elbv2").get_trust_store_ca_certificates_bundle,
            TrustStoreArn="arn",
        )
        self.assertRefused(unknown, "no route", self.client("route53").list_cidr_collections)

    def test_a_service_that_moto_lacks_is_a_client_error(self) -> None:
        self.assertRefused(
            "UnknownOperationException",
            "moto has no service",
            self.client("codeartifact").list_domains,
        )

    def test_a_fault_of_moto_is_a_client_error(self) -> None:
        ecs = self.client("ecs")
        self.assertRefused(
            "EmulatorError",
            "KeyError",
            ecs.register_container_instance,
            instanceIdentityDocument="{}",
        )


class ControlTest(EmulatorTest):
    def test_tells_who_it_is(self) -> None:
        self.assertEqual(self.request("GET", "/gantry-emulator/identity")["nonce"], NONCE)

    def test_stops_for_the_one_who_started_it_only(self) -> None:
        self.assertIn("the nonce differs", self.control("stop", {"nonce": "guess"})["error"])

    def test_names_what_there_is_and_what_is_missing(self) -> None:
        self.assertIn("GET calls", self.request("GET", "/gantry-emulator/nothing")["error"])
        self.assertEqual(
            self.control("connections", {})["error"], "missing in the request: 'status'"
        )

    def test_takes_a_body_in_chunks(self) -> None:
        s3 = self.client("s3")
        s3.create_bucket(
            Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        connection = http.client.HTTPConnection(self.url[len("http://") :])
        scope = (
            "Credential=test/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        )
        headers = {"Authorization": "AWS4-HMAC-SHA256 " + scope}
        connection.request(
            "PUT", "/bucket/k", iter([b"one ", b"two"]), headers, encode_chunked=True
        )
        self.assertEqual(connection.getresponse().status, 200)
        self.assertEqual(s3.get_object(Bucket="bucket", Key="k")["Body"].read(), b"one two")

    def test_one_write_wins(self) -> None:
        table = self.client("dynamodb")
        table.create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        won = []

        def write(i: int) -> None:
            try:
                item = {"pk": {"S": "lock"}, "by": {"N": str(i)}}
                table.put_item(
                    TableName="t", Item=item, ConditionExpression="attribute_not_exists(pk)"
                )
                won.append(i)
            except table.exceptions.ConditionalCheckFailedException:
                pass

        threads = [threading.Thread(target=write, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(won), 1)
