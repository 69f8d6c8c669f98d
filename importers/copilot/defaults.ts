import type { Draft } from "../draft";
import type { DifferingDefault } from "../imported";
import { unlimitedMinutes } from "./job";
import type { ManifestKind } from "./kinds";

/** Copilot's defaults that config says, where a manifest leaves them out: the service goes on as it was. */
const written: readonly (readonly [string, unknown, string, "web" | "both"])[] = [
  ["cpu", 256, "256; production 512", "both"],
  ["memoryMiB", 512, "512; production 1024", "both"],
  ["scaling.min", 1, "1; production 2", "both"],
  ["scaling.max", 1, "2; production 10", "both"],
  ["exec", false, "true; production false", "both"],
  ["readonlyRootFilesystem", false, "true", "both"],
  ["healthCheck.path", "/", "/health", "web"],
  ["healthCheck.healthyThreshold", 5, "2", "web"],
  ["healthCheck.unhealthyThreshold", 2, "6", "web"],
  ["healthCheck.intervalSeconds", 30, "5", "web"],
  ["healthCheck.graceSeconds", 60, "30", "web"],
  ["drainSeconds", 60, "15", "web"],
];

/**
 * Sources: Copilot's manifest documentation (site/content/docs/manifest, docs/include); size, count, exec and placement from its
 * code (`newDefaultLoadBalancedWebService`, internal/pkg/manifest/lb_web_svc.go at 007cc8b).
 */
export const copilotDefaults: readonly DifferingDefault[] = [
  ...written.map(([what, there, here]) => ({
    ...{ what, there: String(there), here },
    now: "config says it as it was, where no manifest said otherwise",
  })),
  {
    what: "timeoutMinutes of jobs",
    there: "none",
    here: "60",
    now: `${unlimitedMinutes}, a week, which is the longest`,
  },
  {
    what: "whether a job may begin while an earlier run of it is not over",
    there: "yes",
    here: "no",
    now: "Gantry's, which leaves that run out; overlap: true is as it was",
  },
  {
    what: "where tasks run",
    there: "public subnets",
    here: "private subnets, behind a NAT gateway",
    now: "Gantry's, which costs a gateway; gantry:network.nat: none is as it was",
  },
  {
    what: "pipeline.approval of production",
    there: "false",
    here: "true",
    now: "Gantry's, where staging promotes into it and no stage says otherwise",
  },
  {
    what: "network.cidr",
    there: "10.0.0.0/16",
    here: "10.10.0.0/16; production 10.20.0.0/16",
    now: "Gantry's, in a VPC of its own, unless a manifest said which",
  },
  {
    what: "variables that are there without being named (COPILOT_APPLICATION_NAME, COPILOT_ENVIRONMENT_NAME, COPILOT_SERVICE_NAME, COPILOT_LB_DNS, COPILOT_SERVICE_DISCOVERY_ENDPOINT, COPILOT_QUEUE_URI, ...)",
    there: "set",
    here: "none but PORT of web services",
    now: "set under environment what the program reads",
  },
  {
    what: "how services find each other",
    there:
      "by <service>.<environment>.<application>.local, or Service Connect: all of an environment",
    here: "by the service's name, those that say calls",
    now: "calls has what variables name as http://<service>:<port>: write the others, and change addresses that end with .local",
  },
];

/** What means healthy where a target group for gRPC says nothing ("Matcher", ELB API reference): no such method. */
const grpcMatcher = "12";

/** Fills in what the manifest left out. */
export function writeDefaults(draft: Draft, service: string, kind: ManifestKind): void {
  const scales = draft.has(["services", service, "scaling"]);
  for (const [key, value, , where] of written) {
    const path = ["services", service, ...key.split(".")];
    if (where === "web" && kind.becomes !== "web") continue;
    if (key.startsWith("scaling.") && (scales || kind.becomes === "job")) continue;
    if (!draft.has(path)) draft.set(path, value, undefined);
  }
  const limit = ["services", service, "timeoutMinutes"];
  if (kind.becomes === "job" && !draft.has(limit)) draft.set(limit, unlimitedMinutes, undefined);
  const matcher = ["services", service, "healthCheck", "matcher"];
  const isGrpc = draft.get(["services", service, "route", "protocol"]) === "grpc";
  if (isGrpc && !draft.has(matcher)) draft.set(matcher, grpcMatcher, undefined);
}
