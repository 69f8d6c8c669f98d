"""ECR PutImage, BatchGetImage, DescribeImages, StartImageScan, DescribeImageScanFindings.

moto makes up the digest of an image, so one that a builder computed, or that another registry has for the same
manifest, never matches; answers an immutable tag with the wrong error; and finds a severe vulnerability in every
image. Here a digest is the SHA-256 of the manifest, as everywhere, and a scan finds nothing unless a test says so
(``POST /gantry-emulator/ecr/scan-findings``).
"""

import hashlib
import json
from typing import Any, Dict, List, Optional

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecr.exceptions import (
    ImageAlreadyExistsException,
    InvalidParameterException,
    ScanNotFoundException,
)
from moto.ecr.models import ECRBackend, Image, ecr_backends
from moto.ecr.responses import ECRResponse

from ..control import Refused, route


class ImageTagAlreadyExists(ServiceException):
    code = "ImageTagAlreadyExistsException"


class ReferencedImagesNotFound(ServiceException):
    code = "ReferencedImagesNotFoundException"


class ImageDigestDoesNotMatch(ServiceException):
    code = "ImageDigestDoesNotMatchException"


def _put(
    self: ECRBackend, name: str, manifest: str, tag: str, kind: Any = None, digest: Any = None
) -> Dict[str, Any]:
    repository = self._get_repository(name)
    parsed = _parsed(manifest)
    kind = kind or parsed.get("mediaType")
    if not kind:
        raise InvalidParameterException(
            "image manifest mediatype not provided in manifest or parameter"
        )
    there = [i.get_image_digest() for i in repository.images]
    lost = [m["digest"] for m in parsed.get("manifests", []) if m["digest"] not in there]
    if lost:
        raise ReferencedImagesNotFound(
            "The manifest list is referencing images that do not exist in the repository: %s" % ", ".join(lost)
        )
    computed = "sha256:" + hashlib.sha256(manifest.encode()).hexdigest()
    if digest and digest != computed:
        raise ImageDigestDoesNotMatch(
            "the digest of the manifest is %s, not %s" % (computed, digest)
        )
    holder = next((i for i in repository.images if tag and tag in i.image_tags), None)
    if holder and holder.get_image_digest() == computed:
        raise ImageAlreadyExistsException(name, repository.registry_id, computed, tag)
    if holder and repository.is_tag_immutable():
        raise ImageTagAlreadyExists(
            "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the repository "
            "is immutable." % (tag, name)
        )
    if holder:
        holder.remove_tag(tag)
    image = next((i for i in repository.images if i.get_image_digest() == computed), None)
    if image is None:
        image = Image(self.account_id, tag, manifest, name, kind, computed, repository.registry_id)
        repository.images.append(image)
        if (repository.image_scanning_configuration or {}).get("scanOnPush"):
            image.last_scan = utcnow()
    elif tag:
        image.update_tag(tag)
    return _shown(image, {"imageTag": tag} if tag else {})


def _parsed(manifest: str) -> Dict[str, Any]:
    try:
        return json.loads(manifest)
    except ValueError:
        raise InvalidParameterException(
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'"
        )


def _shown(image: Image, wanted: Dict[str, str]) -> Dict[str, Any]:
    """An image under the tag that it was asked by, and not under the last that it got."""
    image_id = {"imageDigest": image.get_image_digest()}
    if wanted.get("imageTag"):
        image_id["imageTag"] = wanted["imageTag"]
    return {
        "registryId": image.registry_id,
        "repositoryName": image.repository_name,
        "imageId": image_id,
        "imageManifest": image.image_manifest,
        "imageManifestMediaType": image.image_manifest_media_type,
    }


def _batch_get(
    self: ECRBackend, name: str, registry_id: Any = None, image_ids: Any = None
) -> Dict[str, Any]:
    repository = self._get_repository(name, registry_id)
    images, failures = [], []
    for wanted in image_ids or []:
        image = _find(repository.images, wanted)
        if image:
            images.append(_shown(image, wanted))
        else:
            reason = "Requested image not found"
            failures.append(
                {"imageId": wanted, "failureCode": "ImageNotFound", "failureReason": reason}
            )
    return {"images": images, "failures": failures}


def _find(images: List[Image], wanted: Dict[str, str]) -> Optional[Image]:
    tag, digest = wanted.get("imageTag"), wanted.get("imageDigest")
    matching = (
        i for i in images if tag in [None, *i.image_tags] and digest in (None, i.get_image_digest())
    )
    return next(matching, None)


def _findings(
    self: ECRBackend, registry_id: Any, repository_name: str, image_id: Dict[str, Any]
) -> Dict[str, Any]:
    repository = self._get_repository(repository_name, registry_id)
    image = repository._get_image(image_id.get("imageTag"), image_id.get("imageDigest"))
    if not image.last_scan:
        shown = "{imageDigest:'%s', imageTag:'%s'}" % (
            image.get_image_digest(),
            image_id.get("imageTag", "null"),
        )
        raise ScanNotFoundException(shown, repository_name, repository.registry_id)
    set_by_test = getattr(image, "scan", {})
    status = set_by_test.get("status", "COMPLETE")
    answer = {
        "registryId": repository.registry_id,
        "repositoryName": repository_name,
        "imageId": _shown(image, image_id)["imageId"],
        "imageScanStatus": {"status": status, "description": set_by_test.get("description")},
    }
    if status in ("COMPLETE", "ACTIVE"):
        answer["imageScanFindings"] = {
            **_summary(image),
            "findings": set_by_test.get("findings", []),
        }
    return answer


def _summary(image: Image) -> Dict[str, Any]:
    at = image.last_scan
    counts = getattr(image, "scan", {}).get("severities", {})
    return {
        "imageScanCompletedAt": at,
        "vulnerabilitySourceUpdatedAt": at,
        "findingSeverityCounts": counts,
    }


@route("POST", "ecr/scan-findings")
def _set_findings(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Sets what the scan of one image found: ``severities`` (counts), ``findings``, ``status``, ``description``."""
    wanted = {key: body[key] for key in ("imageTag", "imageDigest") if key in body}
    repositories = (b.repositories for regions in ecr_backends.values() for b in regions.values())
    for found in (r[body["repository"]] for r in repositories if body["repository"] in r):
        image = _find(found.images, wanted)
        if image:
            image.scan = {
                k: body[k] for k in ("severities", "findings", "status", "description") if k in body
            }
            image.last_scan = utcnow()
            return _findings(
                ecr_backends[found.account_id][found.region_name], None, found.name, wanted
            )
    raise Refused("there is no image %s in a repository %s" % (wanted, body["repository"]))


def apply() -> None:
    describe = ECRResponse.describe_images

    def described(self: ECRResponse) -> ActionResult:
        result = describe(self)
        for image in result.result["imageDetails"]:
            if image.last_scan:
                image.image_scan_status = {
                    "status": getattr(image, "scan", {}).get("status", "COMPLETE")
                }
                image.image_scan_findings_summary = _summary(image)
        return result

    def scanned(
        self: ECRBackend, registry_id: str, repository_name: str, image_id: Dict[str, str]
    ) -> Dict[str, Any]:
        repository = self._get_repository(repository_name, registry_id)
        image = repository._get_image(image_id.get("imageTag"), image_id.get("imageDigest"))
        image.last_scan = utcnow()
        return {
            **_findings(self, registry_id, repository_name, image_id),
            "imageScanStatus": {"status": "IN_PROGRESS"},
        }

    ECRBackend.put_image, ECRBackend.batch_get_image = _put, _batch_get
    ECRBackend.describe_image_scan_findings, ECRBackend.start_image_scan = _findings, scanned
    ECRResponse.describe_images = described
