"""The registry's view of moto's ECR: which blobs a repository has, and manifests that become its images."""

import json
import re
from typing import Any, Dict, List, NamedTuple, Set

from moto.core.exceptions import ServiceException
from moto.ecr.exceptions import ImageAlreadyExistsException
from moto.ecr.models import ECRBackend, Image, Repository, ecr_backends

from .errors import RegistryError

NAME = re.compile(r"^(?P<account>\d{12})/(?P<region>[a-z]{2}(-[a-z]+)+-\d)/(?P<repository>.+)$")
DEFAULT_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


class Place(NamedTuple):
    """A repository, and the backend (account and region) that has it."""

    backend: ECRBackend
    repository: Repository

    @property
    def blobs(self) -> Set[str]:
        """The digests of its blobs; they are forgotten with it."""
        return self.repository.__dict__.setdefault("blobs", set())


def find(name: str) -> Place:
    """The repository that ``<account>/<region>/<repository>`` names."""
    match = NAME.match(name)
    if match and match["region"] in ecr_backends[match["account"]]:
        backend = ecr_backends[match["account"]][match["region"]]
        if match["repository"] in backend.repositories:
            return Place(backend, backend.repositories[match["repository"]])
    raise RegistryError(
        404,
        "NAME_UNKNOWN",
        "The repository with name '%s' does not exist: names are <account>/<region>/<repository>, and it must have "
        "been created" % name,
    )


def image_of(place: Place, reference: str) -> Image:
    """The image under a tag or digest."""
    for image in place.repository.images:
        if reference in image.image_tags or reference == image.get_image_digest():
            return image
    raise RegistryError(404, "MANIFEST_UNKNOWN", "Requested image not found: " + reference)


def tags_of(place: Place) -> List[str]:
    """Every tag of a repository, in order."""
    return sorted(tag for image in place.repository.images for tag in image.image_tags)


def put_manifest(place: Place, reference: str, content: bytes, media_type: str) -> str:
    """Makes a manifest an image of the repository, and answers its digest.

    Everything that it names must be there before: a push that dies on its way leaves no tag.
    """
    try:
        text = content.decode()
        manifest = json.loads(text)
        missing = _missing(place, manifest)
        if manifest["schemaVersion"] != 2:
            raise ValueError("schemaVersion")
    except (ValueError, AttributeError, KeyError, TypeError):
        raise RegistryError(400, "MANIFEST_INVALID", "the manifest is not one of an image or index")
    if missing:
        raise RegistryError(
            400,
            "MANIFEST_BLOB_UNKNOWN",
            "not in the repository '%s': %s" % (place.repository.name, ", ".join(missing)),
        )
    by_digest = reference.startswith("sha256:")
    try:
        shown = place.backend.put_image(
            place.repository.name,
            text,
            None if by_digest else reference,
            media_type or manifest.get("mediaType") or DEFAULT_TYPE,
            reference if by_digest else None,
        )
    except ImageAlreadyExistsException:
        return image_of(place, reference).get_image_digest()
    except ServiceException as error:
        code = {
            "ImageTagAlreadyExistsException": "TAG_INVALID",
            "ImageDigestDoesNotMatchException": "DIGEST_INVALID",
        }.get(error.code, "MANIFEST_INVALID")
        raise RegistryError(400, code, error.message)
    return shown["imageId"]["imageDigest"]


def _missing(place: Place, manifest: Dict[str, Any]) -> List[str]:
    images = {image.get_image_digest() for image in place.repository.images}
    parts = [part["digest"] for part in manifest.get("manifests", [])]
    missing = [digest for digest in parts if digest not in images]
    # A layer with addresses of its own is fetched from there.
    layers = [layer for layer in manifest.get("layers", []) if not layer.get("urls")]
    if "config" in manifest:
        layers.append(manifest["config"])
    return missing + [layer["digest"] for layer in layers if layer["digest"] not in place.blobs]
