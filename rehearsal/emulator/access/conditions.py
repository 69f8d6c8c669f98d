"""Conditions of policy statements: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""

import re
from functools import lru_cache
from typing import Any, Callable, Dict, List, Pattern, Union

Context = Dict[str, Union[str, List[str]]]

# Keys that a request may have or lack; whether it has any other cannot be told here.
KNOWN = {
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:tagkeys",
    "cloudwatch:namespace",
    "dynamodb:leadingkeys",
    "ecs:auto-assign-public-ip",
    "ecs:cluster",
    "ecs:createaction",
    "ecs:enable-execute-command",
    "ecs:subnet",
    "ecs:task-definition",
    "iam:passedtoservice",
    "kms:encryptioncontext:parameter_arn",
    "kms:encryptioncontext:secretarn",
    "kms:viaservice",
    "s3:delimiter",
    "s3:prefix",
    "s3:versionid",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "sts:externalid",
    "sts:rolesessionname",
}


class Unknowable(Exception):
    """A condition on something that the emulator cannot tell."""


@lru_cache(maxsize=4096)
def pattern(text: str, ignore_case: bool = False) -> Pattern[str]:
    """What a pattern with ``*`` and ``?`` matches, whole."""
    expression = re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(expression + r"\Z", re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def like(wanted: str, actual: str) -> bool:
    """Whether ``actual`` matches a pattern."""
    return bool(pattern(wanted).match(actual))


def arn_like(wanted: str, actual: str) -> bool:
    """Whether an ARN matches a pattern, part by part: no ``*`` reaches over a colon of the first five."""
    parts, found = wanted.split(":", 5), actual.split(":", 5)
    return len(parts) == len(found) == 6 and all(map(like, parts, found))


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    return lambda wanted, actual: compare(float(actual), float(wanted))


OPERATORS: Dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringEqualsIgnoreCase": lambda wanted, actual: wanted.lower() == actual.lower(),
    "StringLike": like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": lambda wanted, actual: wanted.lower() == actual.lower(),
    "NumericEquals": _number(lambda actual, wanted: actual == wanted),
    "NumericLessThan": _number(lambda actual, wanted: actual < wanted),
    "NumericLessThanEquals": _number(lambda actual, wanted: actual <= wanted),
    "NumericGreaterThan": _number(lambda actual, wanted: actual > wanted),
    "NumericGreaterThanEquals": _number(lambda actual, wanted: actual >= wanted),
}
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
}


def listed(value: Any) -> List[str]:
    """A value of a policy, which may stand alone or in a list, as text."""
    values = value if isinstance(value, list) else [value]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in values]


def holds(conditions: Dict[str, Dict[str, Any]], context: Context) -> bool:
    """Whether every condition of a statement holds.

    :raises Unknowable: for a key that the emulator does not model, or an operator that it does not have
    """
    return all(
        _holds(operator, key, listed(wanted), context)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _holds(operator: str, key: str, wanted: List[str], context: Context) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name[: -len("IfExists")] if if_exists else name
    actual = context.get(key.lower())
    if actual is None and key.lower() not in KNOWN and not _tag_of_request(key, context):
        raise Unknowable(key)
    if name == "Null":
        return wanted == [str(actual is None).lower()]
    negated = name in NEGATED
    compare = OPERATORS.get(NEGATED.get(name, name))
    if compare is None:
        raise Unknowable(operator)
    if actual is None:
        return if_exists or negated or quantifier == "ForAllValues"
    wanted = [substituted(text, context) for text in wanted]

    def matches(value: str) -> bool:
        return any(compare(text, value) for text in wanted) != negated

    values = actual if isinstance(actual, list) else [actual]
    return (all if quantifier == "ForAllValues" else any)(map(matches, values))


def _tag_of_request(key: str, context: Context) -> bool:
    """Tags that a request does not set are absent, where its tags are known at all."""
    return key.lower().startswith("aws:requesttag/") and "aws:tagkeys" in context


def substituted(text: str, context: Context) -> str:
    """A text of a policy with its variables, ``${aws:PrincipalAccount}``, filled in."""

    def value(match: "re.Match[str]") -> str:
        if match[1] in ("*", "?", "$"):
            return match[1]
        found = context.get(match[1].lower())
        return found if isinstance(found, str) else match[0]

    return re.sub(r"\$\{([^}]+)\}", value, text)
