import assert from "node:assert/strict";
import { familyOf, parseImageName } from "../../../../rehearsal/runner/baseImages/families";

describe("the name of an image", () => {
  const table: [string, string, string, string][] = [
    ["node", "docker.io", "library/node", "latest"],
    ["node:carbon", "docker.io", "library/node", "carbon"],
    ["acme/shop:1", "docker.io", "acme/shop", "1"],
    ["docker.io/library/node:22", "docker.io", "library/node", "22"],
    ["docker.io/node:22", "docker.io", "library/node", "22"],
    ["index.docker.io/library/node", "docker.io", "library/node", "latest"],
    ["public.ecr.aws/docker/library/node:22", "public.ecr.aws", "docker/library/node", "22"],
    ["localhost/web", "localhost", "web", "latest"],
    ["127.0.0.1:5000/a/b:c", "127.0.0.1:5000", "a/b", "c"],
    ["node:22@sha256:abc", "docker.io", "library/node", "22"],
  ];
  for (const [image, registry, repository, tag] of table) {
    it(`${image} is read as builders read it`, () =>
      assert.deepEqual(parseImageName(image), { registry, repository, tag }));
  }
});

describe("what stands in for a base image", () => {
  const node = (system: "debian" | "busybox") => ({ runtime: "node", system });
  const none = (system: "debian" | "busybox") => ({ runtime: "none", system });
  const table: [string, object | undefined][] = [
    ["node", node("debian")],
    ["node:carbon", node("debian")],
    ["node:22-bookworm-slim", node("debian")],
    ["node:22.23-alpine", node("busybox")],
    ["public.ecr.aws/docker/library/node:22-alpine3.20", node("busybox")],
    ["mirror.gcr.io/library/node:22", node("debian")],
    ["public.ecr.aws/docker/library/python:3.13-slim", { runtime: "python", system: "debian" }],
    ["python:3.13-alpine", { runtime: "python", system: "busybox" }],
    ["nginx", { runtime: "nginx", system: "debian" }],
    ["nginx:1.29-alpine", { runtime: "nginx", system: "busybox" }],
    ["nginxinc/nginx-unprivileged", undefined],
    ["debian:bookworm-slim", none("debian")],
    ["ubuntu:24.04", none("debian")],
    ["alpine:3", none("busybox")],
    ["busybox", none("busybox")],
    ["golang:1.22", undefined],
    ["acme/node:22", undefined],
    ["ghcr.io/acme/node:22", undefined],
  ];
  for (const [image, family] of table) {
    it(`${image}: ${family ? JSON.stringify(family) : "nothing"}`, () =>
      assert.deepEqual(familyOf(image), family));
  }
});
