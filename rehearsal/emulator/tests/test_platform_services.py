"""S3, SQS, KMS, Logs, CloudWatch, Lambda, IAM, SSM, Budgets, CloudTrail, CodeCommit, ECR rules, Service Discovery."""

import io
import json
import time
import zipfile

from botocore.exceptions import ClientError

from .support import EmulatorTest


class S3Test(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.s3 = self.client("s3")
        self.s3.create_bucket(
            Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )

    def policy(self, **statement: object) -> None:
        base = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::bucket/*",
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [{**base, **statement}]})
        self.s3.put_bucket_policy(Bucket="bucket", Policy=document)

    def test_events_go_to_eventbridge(self) -> None:
        configuration = {"EventBridgeConfiguration": {}}
        self.s3.put_bucket_notification_configuration(
            Bucket="bucket", NotificationConfiguration=configuration
        )
        self.assertIn(
            "EventBridgeConfiguration",
            self.s3.get_bucket_notification_configuration(Bucket="bucket"),
        )

    def test_a_policy_against_requests_without_tls_denies_nothing_here(self) -> None:
        self.policy(Condition={"Bool": {"aws:SecureTransport": "false"}})
        self.s3.put_object(Bucket="bucket", Key="a", Body=b"1")
        self.assertEqual(self.s3.get_object(Bucket="bucket", Key="a")["Body"].read(), b"1")

    def test_a_policy_against_somebody_else_denies_nothing_here(self) -> None:
        self.policy(Principal={"AWS": "arn:aws:iam::210987654321:root"})
        self.s3.put_object(Bucket="bucket", Key="a", Body=b"1")

    def test_a_policy_against_everybody_denies(self) -> None:
        self.policy()
        with self.assertRaises(ClientError) as caught:
            self.s3.put_object(Bucket="bucket", Key="a", Body=b"1")
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 403)


class OthersTest(EmulatorTest):
    def test_a_redrive_policy_comes_back_as_compact_text(self) -> None:
        sqs = self.client("sqs")
        sqs.create_queue(QueueName="dead")
        policy = (
            '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead","maxReceiveCount":5}'
        )
        url = sqs.create_queue(QueueName="q", Attributes={"RedrivePolicy": policy})["QueueUrl"]
        self.assertEqual(
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"][
                "RedrivePolicy"
            ],
            policy,
        )

    def test_a_key_has_its_rotation_period(self) -> None:
        kms = self.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        self.assertNotIn("RotationPeriodInDays", kms.get_key_rotation_status(KeyId=key))
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
        self.assertEqual(kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"], 180)

    def test_a_key_says_what_it_is_for(self) -> None:
        kms = self.client("kms")
        signs = {"KeyUsage": "SIGN_VERIFY", "KeySpec": "ECC_NIST_P256"}
        for given, usage in (({}, "ENCRYPT_DECRYPT"), (signs, "SIGN_VERIFY")):
            made = kms.create_key(**given)["KeyMetadata"]
            known = kms.describe_key(KeyId=made["KeyId"])["KeyMetadata"]
            self.assertEqual((made["KeyUsage"], known["KeyUsage"]), (usage, usage))

    def test_a_log_group_has_its_class_retention_and_key(self) -> None:
        logs = self.client("logs")
        key = self.client("kms").create_key()["KeyMetadata"]["Arn"]
        logs.create_log_group(
            logGroupName="g", logGroupClass="INFREQUENT_ACCESS", kmsKeyId=key
        )
        logs.put_retention_policy(logGroupName="g", retentionInDays=30)
        group = logs.describe_log_groups()["logGroups"][0]
        self.assertEqual(
            (group["logGroupClass"], group["retentionInDays"]), ("INFREQUENT_ACCESS", 30)
        )
        self.assertEqual(group["kmsKeyId"], key)

    def test_a_log_group_takes_a_key_that_is_there_and_gives_it_up(self) -> None:
        logs, kms = self.client("logs"), self.client("kms")
        key = kms.create_key()["KeyMetadata"]
        logs.create_log_group(logGroupName="g")
        logs.associate_kms_key(logGroupName="g", kmsKeyId=key["Arn"])
        self.assertEqual(logs.describe_log_groups()["logGroups"][0]["kmsKeyId"], key["Arn"])
        logs.disassociate_kms_key(logGroupName="g")
        self.assertNotIn("kmsKeyId", logs.describe_log_groups()["logGroups"][0])
        kms.disable_key(KeyId=key["Arn"])
        for ask, name in ((logs.create_log_group, "other"), (logs.associate_kms_key, "g")):
            with self.assertRaisesRegex(ClientError, "InvalidParameterException.*not allowed"):
                ask(logGroupName=name, kmsKeyId=key["Arn"])

    def test_filtered_events_are_of_a_prefix_in_the_order_of_time(self) -> None:
        logs = self.client("logs")
        logs.create_log_group(logGroupName="g")
        now = int(time.time() * 1000)
        for stream, at in (("app/app/1", 2), ("app/app/2", 1), ("nginx/nginx/1", 3)):
            logs.create_log_stream(logGroupName="g", logStreamName=stream)
            event = {"timestamp": now + at, "message": stream}
            logs.put_log_events(logGroupName="g", logStreamName=stream, logEvents=[event])

        def found(**asked: object) -> list:
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName="g", **asked)
            return [event["message"] for page in pages for event in page["events"]]

        self.assertEqual(found(), ["app/app/2", "app/app/1", "nginx/nginx/1"])
        for more in ({}, {"limit": 1}):
            self.assertEqual(found(logStreamNamePrefix="app/", **more), ["app/app/2", "app/app/1"])
        self.assertEqual(found(logStreamNamePrefix="other/"), [])
        for pattern in ('{ $.level = "error"', '"half', "a ]"):
            with self.assertRaisesRegex(ClientError, "Invalid filter pattern"):
                found(filterPattern=pattern)

    def test_saved_queries(self) -> None:
        logs = self.client("logs")
        known = logs.put_query_definition(name="errors", queryString="fields @message")[
            "queryDefinitionId"
        ]
        logs.put_query_definition(
            name="errors", queryString="fields @timestamp", queryDefinitionId=known
        )
        found = logs.describe_query_definitions(queryDefinitionNamePrefix="err")["queryDefinitions"]
        self.assertEqual([q["queryString"] for q in found], ["fields @timestamp"])
        logs.delete_query_definition(queryDefinitionId=known)
        self.assertEqual(logs.describe_query_definitions()["queryDefinitions"], [])

    def test_composite_alarms_are_apart_from_metric_alarms(self) -> None:
        alarms = self.client("cloudwatch")
        self.put_alarm("a")
        alarms.put_composite_alarm(
            AlarmName="any", AlarmRule="ALARM(a)", AlarmActions=["arn:aws:sns:eu-west-1:1:t"]
        )
        self.assertEqual(alarms.describe_alarms()["CompositeAlarms"], [])
        found = alarms.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        self.assertEqual([(a["AlarmName"], a["AlarmRule"]) for a in found], [("any", "ALARM(a)")])

    def test_composite_alarms_name_alarms_that_are_there(self) -> None:
        alarms = self.client("cloudwatch")
        arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a b"

        def put(name: str, rule: str) -> None:
            alarms.put_composite_alarm(AlarmName=name, AlarmRule=rule)

        for rule in ("ALARM(c)", f'OK("{arn}")', 'TRUE AND NOT INSUFFICIENT_DATA("a b")'):
            with self.assertRaisesRegex(ClientError, r"ValidationError.*\[(c|a b)\] .* do not exist"):
                put("any", rule)
        found = alarms.describe_alarms(AlarmTypes=["CompositeAlarm"])
        self.assertEqual(found["CompositeAlarms"], [])
        self.put_alarm("a b")
        put("any", f'(OK("{arn}") OR ALARM("a b")) AND NOT FALSE')
        put("of-any", "ALARM(any)")

    def put_alarm(self, name: str) -> None:
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace="n",
            MetricName="m",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )

    def test_a_function_logs_where_it_was_told(self) -> None:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("i.js", "")
        trust = json.dumps(
            {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]}
        )
        role = self.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"][
            "Arn"
        ]
        functions = self.client("lambda")
        logging = {"LogFormat": "JSON", "LogGroup": "/g"}
        functions.create_function(
            FunctionName="f",
            Role=role,
            Runtime="nodejs20.x",
            Handler="i.h",
            Code={"ZipFile": code.getvalue()},
            LoggingConfig=logging,
        )
        self.assertEqual(
            functions.get_function(FunctionName="f")["Configuration"]["LoggingConfig"], logging
        )
        functions.update_function_configuration(
            FunctionName="f", Environment={}, TracingConfig={"Mode": "Active"}
        )
        configuration = functions.get_function_configuration(FunctionName="f")
        self.assertEqual(
            (configuration["TracingConfig"], configuration["LoggingConfig"]),
            ({"Mode": "Active"}, logging),
        )

    def test_managed_policies_can_be_attached(self) -> None:
        iam = self.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument='{"Statement": []}')
        arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
        iam.attach_role_policy(RoleName="r", PolicyArn=arn)
        self.assertEqual(
            iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"][0]["PolicyArn"], arn
        )

    def test_a_role_keeps_what_an_update_leaves_out(self) -> None:
        iam = self.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument='{"Statement": []}', Description="d")
        iam.update_role(RoleName="r", MaxSessionDuration=7200)
        iam.update_role(RoleName="r", Description="e")
        role = iam.get_role(RoleName="r")["Role"]
        self.assertEqual((role["Description"], role["MaxSessionDuration"]), ("e", 7200))

    def test_a_path_without_parameters_is_an_empty_list(self) -> None:
        ssm = self.client("ssm")
        self.assertEqual(ssm.get_parameters_by_path(Path="/gantry/shop/staging")["Parameters"], [])
        ssm.put_parameter(Name="/gantry/shop/staging/release", Value="r", Type="String")
        found = ssm.get_parameters_by_path(Path="/gantry/shop/staging")["Parameters"]
        self.assertEqual(
            [(p["Name"], p["Value"]) for p in found], [("/gantry/shop/staging/release", "r")]
        )

    def test_a_budget_has_subscribers_and_tags(self) -> None:
        budgets = self.client("budgets")
        notification = {
            "NotificationType": "FORECASTED",
            "ComparisonOperator": "GREATER_THAN",
            "Threshold": 80.0,
        }
        subscribers = [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}]
        limit = {"Amount": "100", "Unit": "USD"}
        budgets.create_budget(
            AccountId="123456789012",
            Budget={
                "BudgetName": "b",
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": limit,
            },
            NotificationsWithSubscribers=[
                {"Notification": notification, "Subscribers": subscribers}
            ],
            ResourceTags=[{"Key": "k", "Value": "v"}],
        )
        known = {"AccountId": "123456789012", "BudgetName": "b"}
        asked = {**notification, "ThresholdType": "PERCENTAGE"}
        answer = budgets.describe_subscribers_for_notification(**known, Notification=asked)
        self.assertEqual(answer["Subscribers"], subscribers)
        tags = budgets.list_tags_for_resource(ResourceARN="arn:aws:budgets::123456789012:budget/b")[
            "ResourceTags"
        ]
        self.assertEqual(tags, [{"Key": "k", "Value": "v"}])
        budgets.update_budget(
            AccountId="123456789012",
            NewBudget={
                "BudgetName": "b",
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": "5", "Unit": "USD"},
            },
        )
        self.assertEqual(budgets.describe_budget(**known)["Budget"]["BudgetLimit"]["Amount"], "5")

    def test_a_trail_is_found_by_its_arn(self) -> None:
        s3, trails = self.client("s3"), self.client("cloudtrail")
        s3.create_bucket(
            Bucket="trail", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        arn = trails.create_trail(Name="trail", S3BucketName="trail")["TrailARN"]
        trails.start_logging(Name=arn)
        self.assertTrue(trails.get_trail_status(Name=arn)["IsLogging"])
        trails.delete_trail(Name=arn)
        self.assertEqual(trails.describe_trails()["trailList"], [])

    def test_a_repository_of_sources(self) -> None:
        commits = self.client("codecommit")
        made = commits.create_repository(repositoryName="shop", tags={"k": "v"})[
            "repositoryMetadata"
        ]
        commits.update_repository_description(repositoryName="shop", repositoryDescription="new")
        got = commits.get_repository(repositoryName="shop")["repositoryMetadata"]
        self.assertEqual(
            (got["repositoryDescription"], got["creationDate"]), ("new", made["creationDate"])
        )
        commits.tag_resource(resourceArn=made["Arn"], tags={"l": "w"})
        commits.untag_resource(resourceArn=made["Arn"], tagKeys=["k"])
        self.assertEqual(
            commits.list_tags_for_resource(resourceArn=made["Arn"])["tags"], {"l": "w"}
        )

    def test_rules_for_mirrored_images(self) -> None:
        ecr = self.client("ecr")
        rule = {"ecrRepositoryPrefix": "public", "upstreamRegistryUrl": "public.ecr.aws"}
        ecr.create_pull_through_cache_rule(**rule)
        with self.assertRaises(ecr.exceptions.PullThroughCacheRuleAlreadyExistsException):
            ecr.create_pull_through_cache_rule(**rule)
        found = ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"]
        self.assertEqual([r["upstreamRegistryUrl"] for r in found], ["public.ecr.aws"])
        secrets = self.client("secretsmanager")
        secret = secrets.create_secret(Name="ecr-pullthroughcache/hub", SecretString="{}")["ARN"]
        ecr.create_pull_through_cache_rule(
            ecrRepositoryPrefix="hub",
            upstreamRegistryUrl="registry-1.docker.io",
            credentialArn=secret,
        )

        def works(prefix: str) -> bool:
            return ecr.validate_pull_through_cache_rule(ecrRepositoryPrefix=prefix)["isValid"]

        self.assertEqual((works("public"), works("hub")), (True, False))
        secrets.put_secret_value(
            SecretId=secret, SecretString=json.dumps({"username": "a", "accessToken": "b"})
        )
        self.assertTrue(works("hub"))
        ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix="public")
        with self.assertRaises(ecr.exceptions.PullThroughCacheRuleNotFoundException):
            ecr.describe_pull_through_cache_rules(ecrRepositoryPrefixes=["public"])

    def test_a_namespace_is_made_at_once(self) -> None:
        discovery = self.client("servicediscovery")
        operation = discovery.create_http_namespace(Name="n")["OperationId"]
        self.assertEqual(
            discovery.get_operation(OperationId=operation)["Operation"]["Status"], "SUCCESS"
        )
