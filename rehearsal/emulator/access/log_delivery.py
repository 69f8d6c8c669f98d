"""Whether a bucket lets a service of AWS write its logs, as the service finds out before it takes the bucket."""

from fnmatch import fnmatchcase
from typing import Any, List

from moto.s3.models import FakeBucket

from .policies import statements


def takes_logs(bucket: FakeBucket, principal: str, key: str) -> bool:
    """Whether the bucket's policy lets a service put an object; conditions count as met."""
    if not bucket.policy:
        return False
    arn = "%s/%s" % (bucket.arn, key)
    return any(
        statement["Effect"] == "Allow"
        and principal in _listed(statement["Principal"].get("Service"))
        and "s3:PutObject" in _listed(statement["Action"])
        and any(fnmatchcase(arn, pattern) for pattern in _listed(statement["Resource"]))
        for statement in statements(bucket.policy.decode())
        if isinstance(statement.get("Principal"), dict)
    )


def _listed(value: Any) -> List[Any]:
    return value if isinstance(value, list) else [value]
