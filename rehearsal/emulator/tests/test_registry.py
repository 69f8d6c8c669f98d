"""ECR as a registry: what builders push is what the API shows, and nothing appears that is not whole."""

import base64
import hashlib
import http.client
import json
import urllib.request
from typing import Any, Dict, Iterable, Tuple

from .support import REGION, EmulatorTest

OCI = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def manifest(config: bytes, *layers: bytes) -> bytes:
    described = [{"mediaType": "x", "digest": digest(b), "size": len(b)} for b in (config, *layers)]
    shape = {"schemaVersion": 2, "mediaType": OCI, "config": described[0], "layers": described[1:]}
    return json.dumps(shape).encode()


class RegistryTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ecr = self.client("ecr")
        for name in ("shop/web", "shop/jobs"):
            self.ecr.create_repository(
                repositoryName=name,
                imageTagMutability="IMMUTABLE",
                imageScanningConfiguration={"scanOnPush": True},
            )
        self.web = "/v2/123456789012/%s/shop/web/" % REGION
        self.jobs = "/v2/123456789012/%s/shop/jobs/" % REGION

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> Tuple[int, Dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.url[len("http://") :])
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        chunked = body is not None and not isinstance(body, bytes)
        connection.request(method, path, body, named, encode_chunked=chunked)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), content

    def refusal(self, *request: Any, **headers: str) -> Tuple[int, str]:
        status, _, content = self.ask(*request, **headers)
        return status, json.loads(content)["errors"][0]["code"]

    def push_blob(self, path: str, content: bytes) -> None:
        location = self.ask("POST", path + "blobs/uploads/")[1]["Location"]
        self.assertEqual(self.ask("PUT", location + "?digest=" + digest(content), content)[0], 201)

    def push(self, path: str, tag: str, config: bytes, *layers: bytes) -> str:
        for blob in (config, *layers):
            self.push_blob(path, blob)
        content = manifest(config, *layers)
        status, headers, _ = self.ask("PUT", path + "manifests/" + tag, content, Content_Type=OCI)
        self.assertEqual((status, headers["Docker-Content-Digest"]), (201, digest(content)))
        return digest(content)

    def images(self, repository: str = "shop/web") -> Any:
        return self.ecr.describe_images(repositoryName=repository)["imageDetails"]


class PushTest(RegistryTest):
    def test_an_image_is_pushed_and_pulled_where_the_repository_says(self) -> None:
        repositories = self.ecr.describe_repositories(repositoryNames=["shop/web"])["repositories"]
        host, _, path = repositories[0]["repositoryUri"].partition("/")
        self.assertEqual(("http://" + host, "/v2/" + path + "/"), (self.url, self.web))
        pushed = self.push(self.web, "1a2b3c4d", b"config", b"layer")
        for reference in ("1a2b3c4d", pushed):
            status, headers, content = self.ask("GET", self.web + "manifests/" + reference)
            self.assertEqual((status, content), (200, manifest(b"config", b"layer")))
            shown = (headers["Content-Type"], headers["Docker-Content-Digest"])
            self.assertEqual(shown, (OCI, pushed))
        layer = self.web + "blobs/" + digest(b"layer")
        self.assertEqual(self.ask("GET", layer)[2], b"layer")
        status, headers, content = self.ask("HEAD", layer)
        self.assertEqual((status, headers["Content-Length"], content), (200, "5", b""))

    def test_the_api_shows_what_was_pushed_at_once(self) -> None:
        pushed = self.push(self.web, "1", b"config", b"layer")
        self.push(self.web, "dev-1", b"config", b"layer")
        [image] = self.images()
        self.assertEqual(sorted(image["imageTags"]), ["1", "dev-1"])
        self.assertEqual((image["imageDigest"], image["imageSizeInBytes"]), (pushed, 11))
        wanted = {"repositoryName": "shop/web", "imageId": {"imageTag": "dev-1"}}
        scan = self.ecr.describe_image_scan_findings(**wanted)
        self.assertEqual(scan["imageScanFindings"]["findingSeverityCounts"], {})
        got = self.ecr.batch_get_image(repositoryName="shop/web", imageIds=[{"imageTag": "1"}])
        self.assertEqual(got["images"][0]["imageManifest"].encode(), manifest(b"config", b"layer"))

    def test_a_push_that_ends_half_way_shows_nothing(self) -> None:
        self.push_blob(self.web, b"config")
        content = manifest(b"config", b"layer")
        refused = self.refusal("PUT", self.web + "manifests/1", content, Content_Type=OCI)
        self.assertEqual(refused, (400, "MANIFEST_BLOB_UNKNOWN"))
        self.assertEqual((self.images(), self.tags()), ([], []))

    def tags(self, query: str = "") -> Any:
        return json.loads(self.ask("GET", self.web + "tags/list" + query)[2])["tags"]

    def test_an_immutable_tag_stays(self) -> None:
        kept = self.push(self.web, "1", b"config", b"layer")
        self.push(self.web, "1", b"config", b"layer")
        self.push_blob(self.web, b"other")
        other = manifest(b"config", b"other")
        refused = self.refusal("PUT", self.web + "manifests/1", other, Content_Type=OCI)
        self.assertEqual(refused, (400, "TAG_INVALID"))
        self.assertEqual([i["imageDigest"] for i in self.images()], [kept])

    def test_an_index_names_images_of_the_repository(self) -> None:
        part = self.push(self.web, "amd64", b"config", b"layer")
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [{"digest": part}]}
        put = self.ask("PUT", self.web + "manifests/1", json.dumps(index).encode())
        self.assertEqual(put[0], 201)
        index["manifests"].append({"digest": digest(b"arm64")})
        content = json.dumps(index).encode()
        refused = self.refusal("PUT", self.web + "manifests/2", content)
        self.assertEqual(refused, (400, "MANIFEST_BLOB_UNKNOWN"))
        self.assertEqual(self.tags(), ["1", "amd64"])
        self.assertEqual((self.tags("?n=1"), self.tags("?last=1")), (["1"], ["amd64"]))

    def test_what_is_no_manifest_is_refused(self) -> None:
        for content in (b"{", b"[]", b'{"schemaVersion": 1}', b"\xff"):
            refused = self.refusal("PUT", self.web + "manifests/1", content)
            self.assertEqual(refused, (400, "MANIFEST_INVALID"))
        self.push_blob(self.web, b"config")
        elsewhere = self.web + "manifests/" + digest(b"else")
        self.assertEqual(
            self.refusal("PUT", elsewhere, manifest(b"config"), Content_Type=OCI),
            (400, "DIGEST_INVALID"),
        )

    def test_what_is_not_there_is_told_apart(self) -> None:
        nowhere = ("/v2/123456789012/eu-west-1/none/", "/v2/123456789012/xx-nowhere-1/a/", "/v2/a/")
        for path in nowhere:
            self.assertEqual(self.refusal("GET", path + "tags/list"), (404, "NAME_UNKNOWN"))
        self.assertEqual(self.refusal("GET", self.web + "manifests/1"), (404, "MANIFEST_UNKNOWN"))
        unknown = self.web + "blobs/" + digest(b"layer")
        self.assertEqual(self.refusal("GET", unknown), (404, "BLOB_UNKNOWN"))
        self.assertEqual(self.refusal("DELETE", unknown), (405, "UNSUPPORTED"))


class BlobsTest(RegistryTest):
    def test_an_upload_comes_in_pieces(self) -> None:
        def pieces() -> Iterable[bytes]:
            yield b"one "
            yield b"two "

        location = self.ask("POST", self.web + "blobs/uploads/")[1]["Location"]
        status, headers, _ = self.ask("PATCH", location, pieces())
        self.assertEqual((status, headers["Range"]), (202, "0-7"))
        refused = self.refusal("PATCH", location, b"three", Content_Range="9-13")
        self.assertEqual(refused, (416, "BLOB_UPLOAD_INVALID"))
        self.assertEqual(self.ask("PATCH", location, b"three", Content_Range="8-12")[0], 202)
        self.assertEqual(self.ask("GET", location)[1]["Range"], "0-12")
        whole = b"one two three"
        self.assertEqual(self.ask("PUT", location + "?digest=" + digest(whole))[0], 201)
        blob = self.web + "blobs/" + digest(whole)
        self.assertEqual(self.ask("GET", blob)[2], whole)
        self.assertEqual(self.ask("GET", blob, Range="bytes=4-6")[::2], (206, b"two"))
        self.assertEqual(self.refusal("GET", blob, Range="bytes=13-"), (416, "RANGE_INVALID"))
        self.assertEqual(self.refusal("GET", location), (404, "BLOB_UPLOAD_UNKNOWN"))

    def test_content_must_be_what_the_client_says(self) -> None:
        at_once = self.web + "blobs/uploads/?digest="
        refused = self.refusal("POST", at_once + digest(b"a"), b"b")
        self.assertEqual(refused, (400, "DIGEST_INVALID"))
        self.assertEqual(self.ask("POST", at_once + digest(b"a"), b"a")[0], 201)

    def test_a_cancelled_upload_is_gone(self) -> None:
        location = self.ask("POST", self.web + "blobs/uploads/")[1]["Location"]
        self.assertEqual(self.ask("DELETE", location)[0], 204)
        self.assertEqual(self.refusal("PATCH", location, b"a"), (404, "BLOB_UPLOAD_UNKNOWN"))

    def test_a_blob_belongs_to_a_repository_and_can_be_taken_over(self) -> None:
        self.push_blob(self.web, b"layer")
        there = self.jobs + "blobs/" + digest(b"layer")
        self.assertEqual(self.ask("HEAD", there)[0], 404)
        mount = self.jobs + "blobs/uploads/?mount=%s&from=%s"
        source = "123456789012/%s/shop/web" % REGION
        self.assertEqual(self.ask("POST", mount % (digest(b"none"), source))[0], 202)
        self.assertEqual(self.ask("POST", mount % (digest(b"layer"), "elsewhere"))[0], 202)
        self.assertEqual(self.ask("POST", mount % (digest(b"layer"), source))[0], 201)
        self.assertEqual(self.ask("GET", there)[2], b"layer")

    def test_a_body_that_breaks_off_is_no_blob(self) -> None:
        location = self.ask("POST", self.web + "blobs/uploads/")[1]["Location"]
        connection = http.client.HTTPConnection(self.url[len("http://") :])
        connection.putrequest("PUT", location + "?digest=" + digest(b"whole"))
        connection.putheader("Content-Length", "100")
        connection.endheaders(b"whole")
        connection.close()
        self.assertEqual(self.ask("HEAD", self.web + "blobs/" + digest(b"whole"))[0], 404)

    def test_a_reset_forgets_them(self) -> None:
        self.push_blob(self.web, b"layer")
        self.request("POST", "/moto-api/reset", {})
        self.ecr.create_repository(repositoryName="shop/web")
        self.assertEqual(self.ask("HEAD", self.web + "blobs/" + digest(b"layer"))[0], 404)


class AccessTest(RegistryTest):
    def test_asks_for_credentials_and_takes_those_of_the_token(self) -> None:
        status, headers, _ = self.ask("GET", "/v2/")
        self.assertEqual((status, headers["WWW-Authenticate"]), (401, 'Basic realm="emulator"'))
        [data] = self.ecr.get_authorization_token()["authorizationData"]
        self.assertEqual(data["proxyEndpoint"], self.url)
        self.assertTrue(base64.b64decode(data["authorizationToken"]).startswith(b"AWS:"))
        basic = "Basic " + data["authorizationToken"]
        self.assertEqual(self.ask("GET", "/v2/", Authorization=basic)[0], 200)

    def test_says_whether_a_client_reached_it(self) -> None:
        before = self.request("GET", "/gantry-emulator/registry")["requests"]
        self.ecr.describe_repositories()
        self.assertEqual(self.request("GET", "/gantry-emulator/registry")["requests"], before)
        self.ask("GET", "/v2/")
        self.assertEqual(self.request("GET", "/gantry-emulator/registry")["requests"], before + 1)

    def test_a_layer_has_an_address(self) -> None:
        self.push_blob(self.web, b"layer")
        named = {"repositoryName": "shop/web"}
        answer = self.ecr.get_download_url_for_layer(layerDigest=digest(b"layer"), **named)
        with urllib.request.urlopen(answer["downloadUrl"]) as content:
            self.assertEqual(content.read(), b"layer")
        with self.assertRaises(self.ecr.exceptions.LayersNotFoundException):
            self.ecr.get_download_url_for_layer(layerDigest=digest(b"none"), **named)
        both = [digest(b"layer"), digest(b"none")]
        layers = self.ecr.batch_check_layer_availability(layerDigests=both, **named)["layers"]
        self.assertEqual(
            [layer["layerAvailability"] for layer in layers], ["AVAILABLE", "UNAVAILABLE"]
        )

    def test_a_task_runs_the_digest_that_was_pushed(self) -> None:
        pushed = self.push(self.web, "1", b"config", b"layer")
        ecs, image = self.client("ecs"), self.url[len("http://") :] + self.web[len("/v2") : -1]
        ecs.create_cluster(clusterName="c")
        for reference in (":1", "@" + pushed, ":1@" + pushed):
            container = {"name": "app", "image": image + reference, "memory": 128}
            ecs.register_task_definition(family="f", containerDefinitions=[container])
            [task] = ecs.run_task(cluster="c", taskDefinition="f")["tasks"]
            self.assertEqual(task["containers"][0]["imageDigest"], pushed)
