"""Which digest a container's image has, as the agent would report it after pulling."""

import re
from typing import Optional

from moto.ecr.models import ecr_backends

REPOSITORY = r"(?P<repository>[^:@]+)(:(?P<tag>[^@]+))?(@(?P<digest>sha256:[0-9a-f]+))?$"
# As AWS names an image (IPv4 and dual-stack, with FIPS and in China), and as this emulator does (see ``registry/``).
ECR_IMAGES = (
    re.compile(
        r"^(?P<account>\d{12})\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/"
        + REPOSITORY
    ),
    re.compile(
        r"^(?P<account>\d{12})\.dkr-ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.on\."
        r"(aws|amazonwebservices\.com\.cn)/" + REPOSITORY
    ),
    re.compile(r"^127\.0\.0\.1:\d+/(?P<account>\d{12})/(?P<region>[a-z0-9-]+)/" + REPOSITORY),
)


def digest_of(image: str) -> Optional[str]:
    """The digest that ``image`` names, or that its tag has in the emulator's ECR; None when neither is known."""
    if "@sha256:" in image:
        return image.split("@")[1]
    match = next(filter(None, (form.match(image) for form in ECR_IMAGES)), None)
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
