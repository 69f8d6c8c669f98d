"""What IAM calls an operation: mostly the signing name of its service and its own name."""

import re

PREFIXES = {
    "monitoring": "cloudwatch",
    "email": "ses",
    "tagging": "tag",
    "eventbridge": "events",
}

# Operations whose action has another name: https://docs.aws.amazon.com/service-authorization/latest/reference/
S3 = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
OTHERS = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("dynamodb", "TransactGetItems"): "GetItem",
}
# Versions of objects have actions of their own.
VERSIONED = re.compile(r"^(Get|Delete)Object(Tagging|Acl|Attributes)?$")

# Actions that know no resource: only a statement about ``*`` allows them.
WITHOUT_RESOURCE = {
    "autoscaling": r"Describe.*",
    "cloudwatch": r"(GetMetric(Data|Statistics)|ListMetrics|PutMetricData|ListDashboards)",
    "codebuild": r"List(Projects|Builds|CuratedEnvironmentImages)",
    "dynamodb": r"(ListTables|DescribeLimits|DescribeEndpoints)",
    "ec2": r"Describe.*",
    "ecr": r"(GetAuthorizationToken|DescribeRegistry|(Get|Put|Delete)RegistryPolicy)",
    "ecs": r"(DeregisterTaskDefinition|DescribeTaskDefinition|ListClusters|ListServices|ListTaskDefinitions"
    r"|ListTaskDefinitionFamilies|ListAccountSettings)",
    "elasticloadbalancing": r"Describe.*",
    "kms": r"(CreateKey|ListKeys|ListAliases|GenerateRandom)",
    "route53": r"(ListHostedZones.*|GetHostedZoneCount|CreateHostedZone|TestDNSAnswer)",
    "s3": r"ListAllMyBuckets",
    "secretsmanager": r"(ListSecrets|GetRandomPassword|BatchGetSecretValue)",
    "sns": r"(ListTopics|ListSubscriptions|Unsubscribe)",
    "ssm": r"DescribeParameters",
    "sts": r"(GetCallerIdentity|GetSessionToken|DecodeAuthorizationMessage)",
}


def action_of(service: str, operation: str, versioned: bool = False) -> str:
    """The action, ``service:Operation``, that an operation needs."""
    prefix = PREFIXES.get(service, service)
    name = OTHERS.get((service, operation), operation)
    if service == "s3":
        name = S3.get(name, name)
        if versioned:
            name = VERSIONED.sub(r"\1ObjectVersion\2", name)
    if service == "budgets":
        name = "ViewBudget" if name.startswith(("Describe", "List")) else "ModifyBudget"
    # CloudFront and Lambda carry the version of their API in names.
    return prefix + ":" + re.sub(r"\d{4}_?\d{2}_?\d{2}$", "", name)


def knows_no_resource(action: str) -> bool:
    """Whether an action can be allowed on ``*`` alone."""
    prefix, _, name = action.partition(":")
    return bool(re.fullmatch(WITHOUT_RESOURCE.get(prefix, r"(?!)"), name))
