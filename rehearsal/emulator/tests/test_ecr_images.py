"""Images are what their manifest says, immutable tags stay, scans find what a test wants."""

import hashlib
import json
from typing import Any

from .support import EmulatorTest

OCI = "application/vnd.oci.image.manifest.v1+json"


def manifest(mark: str) -> str:
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": OCI,
            "config": {"digest": "sha256:" + mark * 64},
            "layers": [],
        }
    )


class EcrImagesTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ecr = self.client("ecr")
        self.ecr.create_repository(
            repositoryName="web",
            imageTagMutability="IMMUTABLE",
            imageScanningConfiguration={"scanOnPush": True},
            encryptionConfiguration={
                "encryptionType": "KMS",
                "kmsKey": "arn:aws:kms:eu-west-1:123456789012:key/k",
            },
        )

    def put(self, mark: str, tag: str, **more: Any) -> Any:
        return self.ecr.put_image(
            repositoryName="web", imageManifest=manifest(mark), imageTag=tag, **more
        )["image"]

    def test_the_digest_is_the_hash_of_the_manifest(self) -> None:
        expected = "sha256:" + hashlib.sha256(manifest("a").encode()).hexdigest()
        self.assertEqual(self.put("a", "1")["imageId"], {"imageTag": "1", "imageDigest": expected})
        with self.assertRaises(self.ecr.exceptions.ImageDigestDoesNotMatchException):
            self.put("b", "2", imageDigest="sha256:" + "0" * 64)

    def test_an_immutable_tag_does_not_move(self) -> None:
        self.put("a", "1")
        with self.assertRaises(self.ecr.exceptions.ImageTagAlreadyExistsException):
            self.put("b", "1")
        with self.assertRaises(self.ecr.exceptions.ImageAlreadyExistsException):
            self.put("a", "1")

    def test_a_mutable_tag_moves(self) -> None:
        self.ecr.put_image_tag_mutability(repositoryName="web", imageTagMutability="MUTABLE")
        self.put("a", "latest")
        self.put("b", "latest")
        found = self.ecr.batch_get_image(repositoryName="web", imageIds=[{"imageTag": "latest"}])[
            "images"
        ]
        self.assertEqual([i["imageManifest"] for i in found], [manifest("b")])
        self.assertEqual(len(self.ecr.describe_images(repositoryName="web")["imageDetails"]), 2)

    def test_one_image_has_several_tags(self) -> None:
        digest = self.put("a", "1")["imageId"]["imageDigest"]
        self.put("a", "dev-1")
        details = self.ecr.describe_images(repositoryName="web", imageIds=[{"imageTag": "1"}])[
            "imageDetails"
        ]
        self.assertEqual(sorted(details[0]["imageTags"]), ["1", "dev-1"])
        wanted = [{"imageTag": "dev-1"}, {"imageDigest": digest}, {"imageTag": "none"}]
        answer = self.ecr.batch_get_image(repositoryName="web", imageIds=wanted)
        ids = [i["imageId"] for i in answer["images"]]
        self.assertEqual(
            ids, [{"imageDigest": digest, "imageTag": "dev-1"}, {"imageDigest": digest}]
        )
        self.assertEqual(answer["failures"][0]["failureCode"], "ImageNotFound")
        self.assertEqual(answer["images"][0]["imageManifestMediaType"], OCI)

    def test_an_index_refers_to_images_that_are_there(self) -> None:
        digest = self.put("a", "1")["imageId"]["imageDigest"]

        def index(referred: str) -> Any:
            text = {
                "schemaVersion": 2,
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "manifests": [{"mediaType": OCI, "digest": referred, "size": 1}],
            }
            return self.ecr.put_image(
                repositoryName="web", imageManifest=json.dumps(text), imageTag=referred[-8:]
            )

        self.assertNotEqual(index(digest)["image"]["imageId"]["imageDigest"], digest)
        with self.assertRaisesRegex(Exception, "ReferencedImagesNotFoundException"):
            index("sha256:" + "e" * 64)

    def test_a_scan_finds_nothing_unless_told(self) -> None:
        self.put("a", "1")
        scan = self.ecr.describe_image_scan_findings(
            repositoryName="web", imageId={"imageTag": "1"}
        )
        self.assertEqual(scan["imageScanStatus"]["status"], "COMPLETE")
        self.assertEqual(scan["imageScanFindings"]["findingSeverityCounts"], {})
        told = {"repository": "web", "imageTag": "1", "severities": {"CRITICAL": 2}}
        self.control("ecr/scan-findings", told)
        self.ecr.get_waiter("image_scan_complete").wait(
            repositoryName="web", imageId={"imageTag": "1"}
        )
        detail = self.ecr.describe_images(repositoryName="web")["imageDetails"][0]
        self.assertEqual(
            detail["imageScanFindingsSummary"]["findingSeverityCounts"], {"CRITICAL": 2}
        )
        self.assertIn(
            "there is no image",
            self.control("ecr/scan-findings", {**told, "imageTag": "2"})["error"],
        )

    def test_a_scan_can_be_told_to_go_on_or_fail(self) -> None:
        self.put("a", "1")
        self.control(
            "ecr/scan-findings", {"repository": "web", "imageTag": "1", "status": "IN_PROGRESS"}
        )
        scan = self.ecr.describe_image_scan_findings(
            repositoryName="web", imageId={"imageTag": "1"}
        )
        self.assertEqual(scan["imageScanStatus"]["status"], "IN_PROGRESS")
        self.assertNotIn("imageScanFindings", scan)
