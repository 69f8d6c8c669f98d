"""A session pushes and pulls what its role may, in its own account and, where the repository agrees, in another."""

from typing import Any, Dict

from .support import REGION
from .test_registry import OCI, RegistryTest, digest, manifest
from .test_sessions import HERE, THERE, SessionTest, allow, document

PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
PUSH = ["ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"]
WEB = "arn:aws:ecr:%s:%s:repository/shop/web" % (REGION, HERE)


class RegistryAccessTest(RegistryTest, SessionTest):
    def login(self, keys: Dict[str, str]) -> Dict[str, str]:
        [data] = self.client("ecr", **keys).get_authorization_token()["authorizationData"]
        return {"Authorization": "Basic " + data["authorizationToken"]}

    def test_a_session_does_what_its_role_may(self) -> None:
        self.push(self.web, "1", b"config", b"layer")
        token = allow("ecr:GetAuthorizationToken")
        puller = self.login(self.session(token, allow(PULL, WEB), name="puller"))
        self.assertEqual(self.ask("GET", "/v2/", **puller)[0], 200)
        self.assertEqual(self.ask("GET", self.web + "manifests/1", **puller)[0], 200)
        for method in ("HEAD", "GET"):
            blob = self.web + "blobs/" + digest(b"layer")
            self.assertEqual(self.ask(method, blob, **puller)[0], 200)
        refused = self.refusal("POST", self.web + "blobs/uploads/", **puller)
        self.assertEqual(refused, (403, "DENIED"))
        self.assertEqual(self.refusal("GET", self.web + "tags/list", **puller), (403, "DENIED"))
        self.assertEqual(self.refusal("GET", self.jobs + "manifests/1", **puller), (403, "DENIED"))
        pusher = self.login(self.session(token, allow(PUSH, WEB), name="pusher"))
        location = self.ask("POST", self.web + "blobs/uploads/", **pusher)[1]["Location"]
        self.assertEqual(self.ask("PATCH", location, b"other", **pusher)[0], 202)
        done = location + "?digest=" + digest(b"other")
        self.assertEqual(self.ask("PUT", done, **pusher)[0], 201)
        content = manifest(b"config", b"other")
        put = self.ask("PUT", self.web + "manifests/2", content, Content_Type=OCI, **pusher)
        self.assertEqual(put[0], 201)
        self.assertEqual(
            [denial["action"] for denial in self.denials()],
            ["ecr:InitiateLayerUpload", "ecr:ListImages", "ecr:BatchGetImage"],
        )

    def test_another_account_needs_the_repository_s_consent(self) -> None:
        self.push(self.web, "1", b"config", b"layer")
        keys = self.elsewhere()
        login, ecr = self.login(keys), self.client("ecr", **keys)
        wanted: Dict[str, Any] = {"registryId": HERE, "repositoryName": "shop/web"}
        self.assertDenied(ecr.describe_images, "no resource-based policy", **wanted)
        self.assertEqual(self.refusal("GET", self.web + "manifests/1", **login), (403, "DENIED"))
        statement = allow([*PULL, "ecr:DescribeImages"], Principal={"AWS": THERE})
        del statement["Resource"]
        self.ecr.set_repository_policy(repositoryName="shop/web", policyText=document(statement))
        [image] = ecr.describe_images(**wanted)["imageDetails"]
        self.assertEqual((image["registryId"], image["imageTags"]), (HERE, ["1"]))
        self.assertEqual(self.ask("GET", self.web + "manifests/1", **login)[0], 200)
        refused = self.refusal("POST", self.web + "blobs/uploads/", **login)
        self.assertEqual(refused, (403, "DENIED"))
