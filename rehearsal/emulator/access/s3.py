"""What a request to S3 needs."""

import re
from typing import Iterator, List
from xml.etree import ElementTree

from urllib.parse import unquote

from .conditions import Context
from .names import action_of
from .policies import Need
from .requests import Request

BUCKET = "arn:aws:s3:::"
CONTEXT_OF_QUERY = {"prefix": "s3:prefix", "delimiter": "s3:delimiter", "versionId": "s3:versionid"}
CONTEXT_OF_HEADERS = (
    "x-amz-acl",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
)


def bucket_of(request: Request) -> str:
    """The name of the bucket; empty where there is none."""
    return request.path.strip("/").split("/")[0]


def needs(request: Request) -> List[Need]:
    """An action on the bucket or object, and on whatever else the request touches."""
    return list(_needs(request))


def _needs(request: Request) -> Iterator[Need]:
    operation = request.call.action
    if operation == "ListBuckets":
        yield Need("s3:ListAllMyBuckets", "*")
        return
    action = action_of("s3", operation, "versionId" in request.query)
    context = _context(request)
    bucket, _, key = request.path.lstrip("/").partition("/")
    if operation == "DeleteObjects":
        for name, version in _deleted(request.body):
            versioned = "s3:DeleteObjectVersion" if version else action
            yield Need(versioned, BUCKET + bucket + "/" + name, context)
        return
    yield Need(action, BUCKET + bucket + ("/" + key if key else ""), context)
    source = request.headers.get("x-amz-copy-source")
    if source:
        path, _, version = unquote(source).lstrip("/").partition("?versionId=")
        yield Need("s3:GetObjectVersion" if version else "s3:GetObject", BUCKET + path)
    if action == "s3:PutObject" and "x-amz-acl" in request.headers:
        yield Need("s3:PutObjectAcl", BUCKET + bucket + "/" + key, context)
    if action == "s3:PutObject" and "x-amz-tagging" in request.headers:
        yield Need("s3:PutObjectTagging", BUCKET + bucket + "/" + key, context)


def listing(request: Request) -> Need:
    """What decides whether somebody learns that an object is not there, or only that it is none of theirs."""
    return Need("s3:ListBucket", BUCKET + bucket_of(request))


def _context(request: Request) -> Context:
    context: Context = {
        key: request.query[name] for name, key in CONTEXT_OF_QUERY.items() if name in request.query
    }
    for name in CONTEXT_OF_HEADERS:
        if name in request.headers:
            context["s3:" + name] = request.headers[name]
    return context


def _deleted(body: bytes) -> Iterator[tuple]:
    try:
        root = ElementTree.fromstring(re.sub(rb'\sxmlns="[^"]*"', b"", body, count=1))
    except ElementTree.ParseError:
        return
    for item in root.iter("Object"):
        yield item.findtext("Key", ""), item.findtext("VersionId")
