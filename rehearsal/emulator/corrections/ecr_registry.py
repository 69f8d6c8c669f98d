"""ECR CreateRepository, DescribeRepositories, GetAuthorizationToken, DescribeImages, GetDownloadUrlForLayer,
BatchCheckLayerAvailability: as they are with a registry behind them.

moto answers addresses on the internet, a token that ended in 2015, and sizes that it makes up, and has no repositories
but the caller's. Here a repository's address is the emulator's own,
``127.0.0.1:<port>/<account>/<region>/<repository>`` (``registry/``), and ``registryId`` names whose it is.
"""

import base64
import json
import time
from typing import Any, Optional

from moto import settings
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ecr.models import ECRBackend, Image, Repository, ecr_backends
from moto.ecr.responses import ECRResponse

from ..access.registry import password

TOKEN_SECONDS = 12 * 3600


class LayerInaccessible(ServiceException):
    code = "LayersNotFoundException"


def _backend(self: ECRResponse) -> ECRBackend:
    return ecr_backends[self._get_param("registryId") or self.current_account][self.region]


def _host() -> str:
    return "127.0.0.1:" + settings.moto_server_port()


def _uri(self: Repository) -> str:
    return "%s/%s/%s/%s" % (_host(), self.registry_id, self.region_name, self.name)


def _token(self: ECRResponse) -> ActionResult:
    accounts = self._get_param("registryIds") or [self.current_account]
    token = base64.b64encode(("AWS:" + password(self.get_access_key())).encode()).decode()
    data = {
        "authorizationToken": token,
        "expiresAt": time.time() + TOKEN_SECONDS,
        "proxyEndpoint": "http://" + _host(),
    }
    return ActionResult({"authorizationData": [data for _ in accounts]})


def _blobs(self: ECRResponse) -> Any:
    name, account = self._get_param("repositoryName"), self._get_param("registryId")
    repository = self.ecr_backend._get_repository(name, account)
    return repository, getattr(repository, "blobs", set())


def _layer_url(self: ECRResponse) -> ActionResult:
    repository, blobs = _blobs(self)
    digest = self._get_param("layerDigest")
    if digest not in blobs:
        raise LayerInaccessible(
            "The layer with digest '%s' does not exist in the repository with name '%s'"
            % (digest, repository.name)
        )
    path = repository.uri.split("/", 1)[1]
    url = "http://%s/v2/%s/blobs/%s" % (_host(), path, digest)
    return ActionResult({"downloadUrl": url, "layerDigest": digest})


def _layers_available(self: ECRResponse) -> ActionResult:
    _, blobs = _blobs(self)
    layers = [
        {
            "layerDigest": digest,
            "layerAvailability": "AVAILABLE" if digest in blobs else "UNAVAILABLE",
        }
        for digest in self._get_param("layerDigests")
    ]
    return ActionResult({"layers": layers, "failures": []})


def apply() -> None:
    made_up = Image.get_image_size_in_bytes

    def size(self: Image) -> Optional[int]:
        manifest = json.loads(self.image_manifest)
        parts = [*manifest.get("layers", []), manifest.get("config", {})]
        if all("size" in part for part in parts):
            return sum(part["size"] for part in parts)
        return made_up(self)

    # moto sets it when a repository is made.
    Repository.uri = property(_uri, lambda self, value: None)
    Image.get_image_size_in_bytes = size
    ECRResponse.ecr_backend = property(_backend)
    ECRResponse.get_authorization_token = _token
    ECRResponse.get_download_url_for_layer = _layer_url
    ECRResponse.batch_check_layer_availability = _layers_available
