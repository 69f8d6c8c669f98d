"""What a request to the registry needs, when it comes with the token of a session."""

import base64
import binascii
from typing import Any, Dict, Optional, Tuple

from moto.ecr.models import Repository

from .authorization import ResourcePolicy, require
from .policies import Need
from .sessions import Session, find_session

SUFFIX = "-auth-token"

# By method and kind: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
ACTIONS: Dict[Tuple[str, str], str] = {
    ("GET", "manifests"): "ecr:BatchGetImage",
    ("HEAD", "manifests"): "ecr:BatchGetImage",
    ("PUT", "manifests"): "ecr:PutImage",
    ("GET", "tags"): "ecr:ListImages",
    ("HEAD", "blobs"): "ecr:BatchCheckLayerAvailability",
    ("GET", "blobs"): "ecr:GetDownloadUrlForLayer",
    ("POST", "uploads"): "ecr:InitiateLayerUpload",
    ("PATCH", "uploads"): "ecr:UploadLayerPart",
    ("PUT", "uploads"): "ecr:CompleteLayerUpload",
}


def password(access_key: str) -> str:
    """The password of the token that whoever has this key is given."""
    return access_key + SUFFIX


def session_of(environ: Dict[str, Any]) -> Optional[Session]:
    """Whose token a request comes with; None for root's, and for none."""
    scheme, _, encoded = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, _, given = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return find_session(given[: -len(SUFFIX)]) if given.endswith(SUFFIX) else None


def require_for(session: Session, method: str, kind: str, repository: Repository) -> None:
    """Lets a request pass that the session may make.

    :raises Denied: when it may not
    """
    action = ACTIONS.get((method, kind))
    if action:
        policy = ResourcePolicy(repository.policy, repository.account_id)
        context = {"aws:requestedregion": repository.region_name}
        require(session, Need(action, repository.arn), context, policy)
