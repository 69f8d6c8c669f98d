import assert from "node:assert/strict";
import { releasedContainers } from "../../../stacks/config/containers";
import { checkFaults, faultsOf, parse, type Values } from "./support";

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

  it("hand logs on by options, of which numbers are texts", () => {
    const options = { Name: "datadog", apikey: "${API_KEY}", Retry_Limit: 3, TLS: true };
    const router = { kind: "fireLens", options, secrets: { API_KEY: "shop/datadog:key" } };
    const { sidecars: read } = parse(sidecars({ router })).services.web;
    assert.deepEqual(read.router.options, { ...options, Retry_Limit: "3", TLS: "true" });
    assert.match(read.router.image ?? "", /aws-for-fluent-bit:\d+\.\d+\.\d+$/);
  });

  it("show no option that may be a secret", () => {
    const options = { Name: "datadog", apikey: "Pa55wordForShop" };
    const text = JSON.stringify(faultsOf(sidecars({ router: { kind: "fireLens", options } })));
    assert.match(text, /sidecars\.router\.options\.apikey/);
    assert.ok(!text.includes("Pa55word"), text);
  });

  it("are told from others by their kinds, and not by names", () => {
    const others = { metrics: { image: "acme/metrics:1" }, "app-grpc": { image: "acme/grpc:1" } };
    const { services } = parse(sidecars({ ...others, nginx: "openTelemetry" }));
    assert.deepEqual(Object.keys(services.web.sidecars), ["metrics", "app-grpc", "nginx"]);
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
      "an option is a secret",
      { router: { kind: "fireLens", options: { apikey: "Pa55wordForShop" } } },
      "sidecars.router.options.apikey",
      "name it under the sidecar's secrets, as KEY, and write apikey: ${KEY}",
    ],
    [
      "an option names no secret",
      { router: { kind: "fireLens", options: { apikey: "${API_KEY}" } } },
      "sidecars.router.options.apikey",
      "set sidecars.router.secrets.API_KEY, or write the value",
    ],
    [
      "a sidecar of another kind has options",
      { nginx: { image: "nginx:1.29", options: {} } },
      "sidecars.nginx.options",
      "remove options, or set kind: fireLens",
    ],
    [
      "it has two images",
      { otel: { kind: "openTelemetry", image: "acme/collector:2", build: "." } },
      "sidecars.otel.image",
      "remove image, or build",
    ],
    [
      "its log and its metrics would be in one stream",
      { metrics: "openTelemetry" },
      "sidecars.metrics",
      "call it otel",
    ],
    [
      "it is called as the service's own container",
      { app: "fireLens" },
      "sidecars.app",
      "rename it",
    ],
    [
      "a sidecar is called as the service's own port",
      { "app-grpc": { image: "nginx:1.29", port: 8080 } },
      "sidecars.app-grpc",
      "rename it",
    ],
    [
      "a sidecar listens on a port of the collector",
      { otel: "openTelemetry", proxy: { image: "acme/proxy:2", port: 4317 } },
      "sidecars.proxy.port",
      "let one of the two listen on another port",
    ],
    [
      "a sidecar listens on a port of the log router",
      { router: "fireLens", proxy: { image: "acme/proxy:2", port: 24224 } },
      "sidecars.proxy.port",
      "let one of the two listen on another port",
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
