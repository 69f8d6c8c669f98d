import assert from "node:assert/strict";
import { imagesOf } from "../../../../rehearsal/runner/baseImages/dockerfile";

describe("the images that a Dockerfile is built on", () => {
  const table: [string, string, string[], Record<string, string>?][] = [
    ["one", "FROM node:carbon\nRUN ls", ["node:carbon"]],
    [
      "with a registry",
      "FROM public.ecr.aws/docker/library/node:22 AS a",
      ["public.ecr.aws/docker/library/node:22"],
    ],
    [
      "in small letters, after comments and directives",
      "# syntax=docker/dockerfile:1\n# x\nfrom node",
      ["node"],
    ],
    [
      "several stages, each once",
      "FROM node:22 AS a\nFROM node:22\nFROM debian:12",
      ["node:22", "debian:12"],
    ],
    [
      "no stage of its own, whatever the case",
      "FROM node:22 AS Build\nFROM build AS last\nFROM LAST",
      ["node:22"],
    ],
    [
      "a stage of a later name is an image before it",
      "FROM build\nFROM node:22 AS build",
      ["build", "node:22"],
    ],
    ["no scratch", "FROM scratch\nCOPY --from=busybox:1 /bin /bin", ["busybox:1"]],
    [
      "what is copied from, but stages by name and number",
      "FROM node:22 AS a\nFROM debian:12\nCOPY --from=a / /\nCOPY --from=0 / /\nCOPY --chown=1 --from=nginx:1 / /",
      ["node:22", "debian:12", "nginx:1"],
    ],
    [
      "what is mounted",
      "FROM node:22\nRUN --mount=type=bind,from=golang:1.22,target=/go ls",
      ["node:22", "golang:1.22"],
    ],
    ["a platform", "FROM --platform=$BUILDPLATFORM node:22", ["node:22"]],
    ["a digest", "FROM node:22@sha256:abc", ["node:22@sha256:abc"]],
    ["an argument with its default", "ARG IMAGE=node:22\nFROM ${IMAGE}", ["node:22"]],
    ["an argument in quotes", 'ARG V="22"\nFROM node:$V-alpine', ["node:22-alpine"]],
    ["an argument that is given", "ARG V=22\nFROM node:${V}", ["node:24"], { V: "24" }],
    ["an argument of arguments", "ARG A=22\nARG B=node:$A\nFROM $B", ["node:22"]],
    ["another value where there is none", "ARG V\nFROM node:${V:-22}${V:+-slim}", ["node:22"]],
    [
      "another value where there is one",
      "ARG V=20\nFROM node:${V:-22}${V:+-slim}",
      ["node:20-slim"],
    ],
    [
      "no argument after FROM",
      "ARG V=22\nFROM node:$V\nARG V=18\nFROM debian:$V",
      ["node:22", "debian:22"],
    ],
    ["nothing in a heredoc", "FROM node:22\nRUN <<EOF\nFROM nope\nEOF", ["node:22"]],
    ["a line that goes on", "FROM \\\n  node:22 \\\n  AS a", ["node:22"]],
    ["an empty name for an argument without a value", "ARG IMAGE\nFROM $IMAGE", [""]],
    ["none of an empty file", "", []],
  ];
  for (const [title, text, images, buildArgs = {}] of table) {
    it(`are ${title}`, () => assert.deepEqual(imagesOf(text, buildArgs), images));
  }
});
