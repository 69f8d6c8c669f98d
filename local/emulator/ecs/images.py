"""Which digest a container's image has, as the agent would report it after pulling."""

import re
from typing import Optional

from moto.ecr.models import ecr_backends

ECR_IMAGE = re.compile(
    r"^(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/"
    r"(?P<repository>[^:@]+)(:(?P<tag>[^@]+))?(@(?P<digest>sha256:[0-9a-f]+))?$"
)


def digest_of(image: str) -> Optional[str]:
    """The digest that ``image`` names, or that its tag has in the emulator's ECR; None when neither is known."""
    if "@sha256:" in image:
        return image.split("@")[1]
    match = ECR_IMAGE.match(image)
    if not match:
        return None
    repositories = ecr_backends[match["account"]][match["region"]].repositories
    if match["repository"] not in repositories:
        return None
    tag = match["tag"] or "latest"
    for stored in repositories[match["repository"]].images:
        if tag in stored.image_tags:
            return stored.get_image_digest()
    return None
