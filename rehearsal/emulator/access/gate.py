"""Lets API calls pass, or refuses them: see ``authorization.py``."""

from typing import Any, Dict, List, Optional, Tuple

from moto.ecr.models import ecr_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from ..actions import Call
from ..errors import Answer, client_error
from . import accounts  # noqa: F401  registers its control endpoint
from . import assume_role, s3
from .authorization import Denied, ResourcePolicy, require
from .conditions import Context
from .needs import needs_of
from .policies import Need
from .requests import Request, read
from .sessions import PARTITION, ROOT_ACCOUNT, Session, find_session, is_forgotten

# What services call the same refusal.
CODES = {
    "json": "AccessDeniedException",
    "rest-json": "AccessDeniedException",
    "smithy-rpc-v2-cbor": "AccessDeniedException",
}
CODES_OF_SERVICES = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
READS = {"GetObject", "HeadObject"}
# What another account may be granted by policies that the emulator does not read; elsewhere nothing is.
POLICIES_NOT_READ = {"events", "lambda", "secretsmanager", "sns", "sqs"}


def admit(call: Call, environ: Dict[str, Any], body: bytes) -> Optional[Answer]:
    """The refusal of a call, or None when it may be made."""
    if is_forgotten(call.caller):
        message = "The security token included in the request is invalid"
        code = "InvalidClientTokenId"
        if call.protocol in CODES:
            code = "UnrecognizedClientException"
        return client_error(call.protocol, code, message, 403)
    session = find_session(call.caller)
    if call.service == "s3" and _is_others(call, environ):
        answer = client_error(call.protocol, "AccessDenied", "Access Denied", 403)
        return _without_body(answer) if call.action.startswith("Head") else answer
    assumes = (call.service, call.action) == ("sts", "AssumeRole")
    if session is None and not assumes:
        return None
    request = read(call, session.account if session else ROOT_ACCOUNT, environ, body)
    if assumes or session is None:
        return _assumes(session, request)
    return _refused(session, request, needs_of(request))


def review(call: Call, environ: Dict[str, Any], answer: Answer) -> Answer:
    """Whoever may not list a bucket does not learn that an object is not there: to them it is forbidden."""
    if call.service != "s3" or call.action not in READS or not answer[0].startswith("404"):
        return answer
    session = find_session(call.caller)
    if session is None:
        return answer
    request = read(call, session.account, environ, b"")
    if s3.bucket_of(request) not in s3_backends.bucket_accounts:
        return answer
    return _refused(session, request, [s3.listing(request)]) or answer


def context_of(region: str) -> Context:
    """What conditions can ask about any request."""
    return {"aws:requestedregion": region}


def policy_of(session: Session, resource: Optional[str]) -> ResourcePolicy:
    """The policy of a bucket, repository or key, which IAM reads beside those of the role, and the account that must agree."""
    parts = (resource or "").split(":", 5)
    _, _, service, region, account, rest = parts if len(parts) == 6 else [""] * 6
    if service == "s3":
        name = rest.split("/")[0]
        partition, owner = s3_backends.bucket_accounts.get(name, (PARTITION, session.account))
        bucket = s3_backends[owner][partition].buckets.get(name)
        document = bucket.policy if bucket else None
        text = document.decode() if isinstance(document, bytes) else document
        return ResourcePolicy(text, owner)
    if service == "ecr" and account.isdigit() and region in ecr_backends[account]:
        repositories = ecr_backends[account][region].repositories
        name = rest.partition("/")[2]
        document = repositories[name].policy if name in repositories else None
        return ResourcePolicy(document, account)
    if service == "kms" and account.isdigit() and region in kms_backends[account]:
        keys = kms_backends[account][region].keys
        name = rest.partition("/")[2]
        return ResourcePolicy(keys[name].policy if name in keys else None, account)
    foreign = account.isdigit() and service not in POLICIES_NOT_READ
    return ResourcePolicy(None, account if foreign else session.account)


def _is_others(call: Call, environ: Dict[str, Any]) -> bool:
    """Whether a bucket is not of the account that the caller expects: that is refused to everybody."""
    expected = environ.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER")
    if expected is None:
        return False
    name = s3.bucket_of(read(call, ROOT_ACCOUNT, environ, b""))
    _, owner = s3_backends.bucket_accounts.get(name, (PARTITION, expected))
    return bool(owner != expected)


def _assumes(session: Optional[Session], request: Request) -> Optional[Answer]:
    try:
        assume_role.check(session, request)
    except Denied as denied:
        return client_error("query", "AccessDenied", str(denied), 403)
    except ValueError as error:
        return client_error("query", "ValidationError", str(error))
    return None


def _refused(session: Session, request: Request, needs: List[Need]) -> Optional[Answer]:
    call = request.call
    try:
        for need in needs:
            policy = policy_of(session, need.resource)
            require(session, need, context_of(call.region), policy)
    except Denied as denied:
        code = CODES_OF_SERVICES.get(call.service, CODES.get(call.protocol, "AccessDenied"))
        status = 400 if call.protocol == "json" else 403
        answer = client_error(call.protocol, code, str(denied), status)
        return _without_body(answer) if call.action.startswith("Head") else answer
    return None


def _without_body(answer: Answer) -> Answer:
    status, _, _ = answer
    headers: List[Tuple[str, str]] = [("Content-Length", "0")]
    return status, headers, b""
