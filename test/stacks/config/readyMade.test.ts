import assert from "node:assert/strict";
import { releasedContainers } from "../../../stacks/config/containers";
import { checkFaults, parse, type Values } from "./support";

const collector = "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0";
const sidecars = (more: Values): Values => ({ services: { web: { sidecars: more } } });

describe("ready-made sidecars in config", () => {
  it("are one word, and an image of the release", () => {
    const { services } = parse(sidecars({ otel: "openTelemetry" }));
    const { kind, image } = services.web.sidecars.otel;
    assert.deepEqual({ kind, image }, { kind: "openTelemetry", image: collector });
    assert.equal(releasedContainers(services)["web.otel"].image, collector);
  });

  it("take what differs, also another image or a build", () => {
    const otel = { kind: "openTelemetry", image: "acme/collector:2", cpu: 64 };
    const traces = { kind: "openTelemetry", build: "collector" };
    const one = parse(sidecars({ otel })).services.web.sidecars.otel;
    assert.deepEqual([one.image, one.cpu, one.kind], ["acme/collector:2", 64, "openTelemetry"]);
    const other = parse(sidecars({ traces })).services.web.sidecars.traces;
    assert.deepEqual([other.image, other.build?.context], [undefined, "collector"]);
  });

  checkFaults("gantry:services.web", sidecars, [
    ["the word is none", { otel: "openTelemetri" }, "sidecars.otel", "set otel: openTelemetry"],
    [
      "the kind is none",
      { otel: { kind: "datadog" } },
      "sidecars.otel.kind",
      "choose one of these",
    ],
    [
      "it has two images",
      { otel: { kind: "openTelemetry", image: "acme/collector:2", build: "." } },
      "sidecars.otel.image",
      "remove image, or build",
    ],
    [
      "there are two",
      { otel: "openTelemetry", traces: "openTelemetry" },
      "sidecars.traces.kind",
      "remove traces",
    ],
    [
      "the task is too small for it",
      { otel: "openTelemetry", nginx: { image: "nginx:1.29", memoryMiB: 400 } },
      "sidecars",
      "raise memoryMiB, or give the sidecars less",
    ],
  ]);
});
