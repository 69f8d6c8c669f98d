import type * as pulumi from "@pulumi/pulumi";
import { text } from "../shared/account";
import type { LogPlace } from "./containerParts";
import type { Permission } from "./statements";

/** Variables that the configuration of the collector reads: so it is the same text everywhere. */
const logGroupVariable = "METRICS_LOG_GROUP";
/** Holds a whole configuration, and comes before every file. */
export const configVariable = "AOT_CONFIG_CONTENT";
const logStreamVariable = "METRICS_LOG_STREAM";
/** What the streams of metrics are called, behind the collector's own name. */
export const metricsStream = "metrics";

/**
 * What the collector does: traces by OTLP and from X-Ray's SDKs go to X-Ray, metrics by OTLP to CloudWatch, as lines of the
 * service's log group that CloudWatch reads metrics from (embedded metric format). It listens for its own task alone.
 */
const collectorConfig = JSON.stringify({
  extensions: { health_check: { endpoint: "127.0.0.1:13133" } },
  receivers: {
    otlp: {
      protocols: { grpc: { endpoint: "127.0.0.1:4317" }, http: { endpoint: "127.0.0.1:4318" } },
    },
    awsxray: { endpoint: "127.0.0.1:2000", transport: "udp" },
  },
  processors: {
    // It refuses what comes too fast, where the container would be ended for its memory.
    memory_limiter: { check_interval: "1s", limit_percentage: 75, spike_limit_percentage: 15 },
    resourcedetection: { detectors: ["env", "ecs"], override: false },
    "batch/traces": { timeout: "1s", send_batch_size: 50 },
    "batch/metrics": { timeout: "60s" },
  },
  exporters: {
    awsxray: {},
    awsemf: {
      log_group_name: `\${env:${logGroupVariable}}`,
      log_stream_name: `\${env:${logStreamVariable}}/{TaskId}`,
      // Each further combination of dimensions is a metric that is paid for.
      dimension_rollup_option: "NoDimensionRollup",
    },
  },
  service: {
    extensions: ["health_check"],
    // Its own metrics would be served at port 8888, which may be the service's.
    telemetry: { metrics: { level: "none" } },
    pipelines: {
      traces: {
        receivers: ["otlp", "awsxray"],
        processors: ["memory_limiter", "resourcedetection", "batch/traces"],
        exporters: ["awsxray"],
      },
      metrics: {
        receivers: ["otlp"],
        processors: ["memory_limiter", "resourcedetection", "batch/metrics"],
        exporters: ["awsemf"],
      },
    },
  },
});

/** Where the collector listens: X-Ray's SDKs, OTLP by gRPC and by HTTP, its health check. */
export const collectorPorts = [2000, 4317, 4318, 13133] as const;

/**
 * Variables of the collector's container that is called `name`.
 * @param hasOwn whether somebody names another configuration, by the command or as a secret.
 */
export function collectorVariables(
  name: string,
  { logGroupName, region }: LogPlace,
  hasOwn: boolean,
): Record<string, pulumi.Input<string>> {
  return {
    AWS_REGION: region,
    [logGroupVariable]: logGroupName,
    [logStreamVariable]: `${name}/${metricsStream}`,
    ...(hasOwn ? {} : { [configVariable]: collectorConfig }),
  };
}

/** Variables by which OpenTelemetry's SDKs find the collector, and by what name the service is seen. */
export function telemetryVariables(taskFamily: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_SERVICE_NAME: taskFamily,
  };
}

/** What the task role may do for the collector. */
export function collectorPermissions(logGroupArn: pulumi.Input<string>): Permission[] {
  return [
    {
      // Segments and sampling rules have no ARNs that a sender could be held to: AWS offers nothing narrower.
      actions: [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
      ],
      resources: ["*"],
    },
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [text`${logGroupArn}:*`],
    },
  ];
}
