"""What a pipeline is made of comes back as it was put: rules, topics, buckets, tables, projects."""

import json
from typing import Any, Dict

from .support import REGION, EmulatorTest

ROLE = "arn:aws:iam::123456789012:role/r"
TOPIC = "arn:aws:sns:%s:123456789012:topic" % REGION
PIPELINE = "arn:aws:codepipeline:%s:123456789012:shop" % REGION


class EventsTest(EmulatorTest):
    def test_a_rule_and_its_targets(self) -> None:
        events = self.client("events")
        pattern = json.dumps({"source": ["aws.codepipeline"], "detail": {"state": ["FAILED"]}})
        rule: Dict[str, Any] = {"Name": "rule", "EventPattern": pattern, "Description": "d"}
        arn = events.put_rule(**rule, Tags=[{"Key": "k", "Value": "v"}])["RuleArn"]
        transformer = {"InputPathsMap": {"at": "$.time"}, "InputTemplate": '"Failed at <at>"'}
        targets = [
            {"Id": "topic", "Arn": TOPIC, "InputTransformer": transformer},
            {
                "Id": "pipeline",
                "Arn": PIPELINE,
                "RoleArn": ROLE,
                "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60},
            },
        ]
        events.put_targets(Rule="rule", Targets=targets)
        events.put_rule(**rule, State="DISABLED")
        shown = events.describe_rule(Name="rule")
        expected = {**rule, "Arn": arn, "State": "DISABLED", "EventBusName": "default"}
        self.assertEqual({key: shown[key] for key in expected}, expected)
        self.assertEqual(events.list_targets_by_rule(Rule="rule")["Targets"], targets)
        tags = events.list_tags_for_resource(ResourceARN=arn)["Tags"]
        self.assertEqual(tags, [{"Key": "k", "Value": "v"}])

    def test_a_topic_its_policy_and_its_subscriptions(self) -> None:
        sns = self.client("sns")
        key = "arn:aws:kms:%s:123456789012:key/k" % REGION
        arn = sns.create_topic(Name="topic", Attributes={"KmsMasterKeyId": key})["TopicArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": PIPELINE}},
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        text = json.dumps(policy)
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text)
        attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
        self.assertEqual(json.loads(attributes["Policy"]), policy)
        self.assertEqual(attributes["KmsMasterKeyId"], key)
        whom = {"TopicArn": arn, "Protocol": "email", "Endpoint": "team@example.com"}
        subscription = sns.subscribe(**whom)["SubscriptionArn"]
        shown = sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]
        self.assertEqual({name: shown[name] for name in whom}, whom)


class BucketTest(EmulatorTest):
    def test_a_bucket_of_artifacts(self) -> None:
        s3, named = self.client("s3"), {"Bucket": "bucket"}
        s3.create_bucket(**named, CreateBucketConfiguration={"LocationConstraint": REGION})
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:::key/k"}
        encryption = {
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
        }
        blocked = {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }
        rule = {
            "ID": "expire",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": 30},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
        events = {"EventBridgeConfiguration": {}}
        s3.put_bucket_versioning(**named, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_encryption(**named, ServerSideEncryptionConfiguration=encryption)
        s3.put_public_access_block(**named, PublicAccessBlockConfiguration=blocked)
        s3.put_bucket_lifecycle_configuration(**named, LifecycleConfiguration={"Rules": [rule]})
        s3.put_bucket_notification_configuration(**named, NotificationConfiguration=events)
        self.assertEqual(s3.get_bucket_versioning(**named)["Status"], "Enabled")
        shown = s3.get_bucket_encryption(**named)["ServerSideEncryptionConfiguration"]
        self.assertEqual(shown, encryption)
        shown = s3.get_public_access_block(**named)["PublicAccessBlockConfiguration"]
        self.assertEqual(shown, blocked)
        self.assertEqual(s3.get_bucket_lifecycle_configuration(**named)["Rules"], [rule])
        notified = s3.get_bucket_notification_configuration(**named)
        self.assertEqual(notified["EventBridgeConfiguration"], {})

    def test_versions_of_one_object(self) -> None:
        s3, named = self.client("s3"), {"Bucket": "bucket", "Key": "release.zip"}
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket="bucket", CreateBucketConfiguration=place)
        s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
        first = s3.put_object(**named, Body=b"1")["VersionId"]
        second = s3.put_object(**named, Body=b"2")["VersionId"]
        self.assertEqual(s3.get_object(**named, VersionId=first)["Body"].read(), b"1")
        self.assertEqual(s3.head_object(**named)["VersionId"], second)


class LedgerTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.table = self.client("dynamodb")
        keys = (("pk", "HASH"), ("sk", "RANGE"))
        self.table.create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in keys],
            DeletionProtectionEnabled=True,
        )

    def test_a_table_is_protected_and_backed_up(self) -> None:
        wanted = {"PointInTimeRecoveryEnabled": True}
        self.table.update_continuous_backups(TableName="t", PointInTimeRecoverySpecification=wanted)
        backups = self.table.describe_continuous_backups(TableName="t")
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        self.assertEqual(recovery["PointInTimeRecoveryStatus"], "ENABLED")
        self.assertTrue(
            self.table.describe_table(TableName="t")["Table"]["DeletionProtectionEnabled"]
        )
        with self.assertRaisesRegex(Exception, "DeletionProtectionEnabled"):
            self.table.delete_table(TableName="t")
        self.table.update_table(TableName="t", DeletionProtectionEnabled=False)
        self.table.delete_table(TableName="t")

    def put(self, sort: str) -> Dict[str, Any]:
        item = {"pk": {"S": "deployments"}, "sk": {"S": sort}}
        once = "attribute_not_exists(pk)"
        return {"Put": {"TableName": "t", "Item": item, "ConditionExpression": once}}

    def sorts(self) -> Any:
        found = self.table.query(
            TableName="t",
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": "deployments"}},
            ScanIndexForward=False,
        )
        return [item["sk"]["S"] for item in found["Items"]]

    def test_a_transaction_is_all_or_nothing_and_says_why(self) -> None:
        self.table.transact_write_items(TransactItems=[self.put("1"), self.put("lock")])
        with self.assertRaises(self.table.exceptions.TransactionCanceledException) as caught:
            self.table.transact_write_items(TransactItems=[self.put("2"), self.put("lock")])
        reasons = [reason["Code"] for reason in caught.exception.response["CancellationReasons"]]
        self.assertEqual(reasons, ["None", "ConditionalCheckFailed"])
        self.assertEqual(self.sorts(), ["lock", "1"])
        gone = {
            "TableName": "t",
            "Key": {"pk": {"S": "deployments"}, "sk": {"S": "lock"}},
            "ConditionExpression": "attribute_exists(pk)",
        }
        self.table.transact_write_items(TransactItems=[self.put("2"), {"Delete": gone}])
        self.assertEqual(self.sorts(), ["2", "1"])


class ProjectTest(EmulatorTest):
    def test_a_project_of_an_action(self) -> None:
        builds = self.client("codebuild")
        variable = {
            "name": "TOKEN",
            "value": "arn:aws:secretsmanager:::s",
            "type": "SECRETS_MANAGER",
        }
        project: Dict[str, Any] = {
            "name": "shop-build",
            "source": {"type": "CODEPIPELINE", "buildspec": "b.yml", "insecureSsl": False},
            "artifacts": {"type": "CODEPIPELINE"},
            "cache": {"type": "LOCAL", "modes": ["LOCAL_DOCKER_LAYER_CACHE"]},
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                "imagePullCredentialsType": "CODEBUILD",
                "privilegedMode": True,
                "environmentVariables": [variable],
            },
            "serviceRole": ROLE,
            "timeoutInMinutes": 30,
            "queuedTimeoutInMinutes": 20,
            "logsConfig": {
                "cloudWatchLogs": {"status": "ENABLED", "groupName": "/aws/codebuild/shop-build"},
                "s3Logs": {"status": "DISABLED"},
            },
        }
        builds.create_project(**project)
        [shown] = builds.batch_get_projects(names=["shop-build"])["projects"]
        self.assertEqual({key: shown[key] for key in project}, project)
