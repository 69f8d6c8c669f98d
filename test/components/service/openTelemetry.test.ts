import assert from "node:assert/strict";
import type { SidecarArgs, WebServiceArgs } from "../../../components";
import { parsed, type RecordedResource } from "../../support/record";
import { service, types, web } from "./support";

const image = { uri: "acme/collector:1" };
const otel: SidecarArgs = { kind: "openTelemetry", image };
const logs = { logGroupName: "/shop/web", retentionDays: 7 };

type Variable = { readonly name: string; readonly value: string };
type Container = Record<string, unknown> & { readonly environment: readonly Variable[] };

async function made(more: Partial<WebServiceArgs>) {
  const { one } = await service(web({ logs, ...more }));
  const [app, sidecar] = parsed<Container[]>(one(types.taskDefinition), "containerDefinitions");
  const policy = () => statements(one(types.rolePolicy, "web-taskPolicy"));
  return { app, sidecar, policy };
}

function statements(policy: RecordedResource) {
  return parsed<{ Statement: { Action: string[]; Resource: unknown }[] }>(policy, "policy")
    .Statement;
}

function variables({ environment }: Container): Record<string, string> {
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

describe("the OpenTelemetry sidecar of a Service", () => {
  it("is not essential, is checked by its own program, and starts again by itself", async () => {
    const { sidecar } = await made({ sidecars: { otel } });
    const { environment, logConfiguration, ...rest } = sidecar;
    assert.ok(environment.length > 0 && logConfiguration);
    assert.deepEqual(rest, {
      name: "otel",
      image: "acme/collector:1",
      essential: false,
      memory: 160,
      portMappings: [],
      secrets: [],
      readonlyRootFilesystem: true,
      mountPoints: [],
      stopTimeout: 30,
      linuxParameters: { capabilities: { drop: ["ALL"] } },
      healthCheck: {
        command: ["CMD", "/healthcheck"],
        ...{ interval: 10, timeout: 5, retries: 3, startPeriod: 10 },
      },
      restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
    });
  });

  it("sends traces to X-Ray, and metrics to the service's log group, in a stream of each task", async () => {
    const { sidecar } = await made({ sidecars: { otel } });
    const { AOT_CONFIG_CONTENT, ...others } = variables(sidecar);
    assert.deepEqual(others, {
      AWS_REGION: "eu-west-1",
      METRICS_LOG_GROUP: "/shop/web",
      METRICS_LOG_STREAM: "otel/metrics",
    });
    const { receivers, exporters, service } = JSON.parse(AOT_CONFIG_CONTENT) as Collector;
    assert.deepEqual(Object.keys(exporters), ["awsxray", "awsemf"]);
    assert.equal(exporters.awsemf.log_group_name, "${env:METRICS_LOG_GROUP}");
    assert.equal(exporters.awsemf.log_stream_name, "${env:METRICS_LOG_STREAM}/{TaskId}");
    assert.deepEqual(service.pipelines.traces.exporters, ["awsxray"]);
    assert.deepEqual(service.pipelines.metrics.exporters, ["awsemf"]);
    for (const { receivers: named } of Object.values(service.pipelines)) {
      assert.ok(named.every((name) => Object.hasOwn(receivers, name)));
    }
    assert.ok(!AOT_CONFIG_CONTENT.includes("0.0.0.0"), "nobody else's telemetry is taken");
  });

  it("is found by the service, which waits for it and keeps what it says itself", async () => {
    const { app } = await made({
      sidecars: { otel },
      environment: { OTEL_SERVICE_NAME: "shop", LEVEL: "info" },
    });
    assert.deepEqual(variables(app), {
      LEVEL: "info",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_SERVICE_NAME: "shop",
      PORT: "3000",
    });
    assert.deepEqual(app.dependsOn, [{ containerName: "otel", condition: "START" }]);
    const { app: waiting } = await made({ sidecars: { otel }, dependsOn: { otel: "healthy" } });
    assert.deepEqual(waiting.dependsOn, [{ containerName: "otel", condition: "HEALTHY" }]);
  });

  it("may write to the service's log group, and send to X-Ray, before it is there", async () => {
    const rights = [
      {
        Effect: "Allow",
        Action: [
          "xray:PutTraceSegments",
          "xray:PutTelemetryRecords",
          "xray:GetSamplingRules",
          "xray:GetSamplingTargets",
        ],
        Resource: ["*"],
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["arn:aws:logs:eu-west-1:123456789012:log-group:/shop/web:*"],
      },
    ];
    const { app, sidecar, policy } = await made({
      sidecars: { otel: { ...otel, image: undefined } },
    });
    assert.equal(sidecar, undefined);
    assert.deepEqual(variables(app), { PORT: "3000" });
    assert.ok(!("dependsOn" in app));
    assert.deepEqual(policy(), rights);
  });

  it("is what somebody says of it", async () => {
    const given = {
      ...otel,
      image: { ...image, command: ["--config=/etc/ecs/ecs-xray.yaml"] },
      ...{ essential: true, memoryMiB: 256, cpu: 64 },
      environment: { AWS_REGION: "eu-central-1" },
    };
    const { sidecar } = await made({ sidecars: { otel: given } });
    const { AWS_REGION, AOT_CONFIG_CONTENT } = variables(sidecar);
    assert.deepEqual([sidecar.essential, sidecar.memory, sidecar.cpu], [true, 256, 64]);
    const secrets = { AOT_CONFIG_CONTENT: "/shop/collector" };
    const told = await made({ sidecars: { otel: { ...otel, secrets } } });
    assert.ok(!Object.hasOwn(variables(told.sidecar), "AOT_CONFIG_CONTENT"));
    assert.deepEqual([AWS_REGION, AOT_CONFIG_CONTENT], ["eu-central-1", undefined]);
  });

  const refused: [string, Partial<WebServiceArgs>, RegExp][] = [
    [
      "there are two",
      { sidecars: { otel, traces: otel } },
      /^Service sidecars\.traces\.kind: given "openTelemetry"; allowed: one of kind openTelemetry in a task, which otel is; remove traces/,
    ],
    [
      "the service listens where it does",
      { port: 4318, sidecars: { otel } },
      /^Service sidecars\.otel\.port: given 4318; allowed: any port but 4318, on which app listens/,
    ],
    [
      "it takes the memory of the service",
      { sidecars: { otel, big: { image, memoryMiB: 352 } } },
      /^Service sidecars\.\*\.memoryMiB: given 512; allowed: less than 512 in all/,
    ],
    [
      "it waits for the service, which waits for it",
      { sidecars: { otel: { ...otel, dependsOn: { app: "started" } } } },
      /^Service sidecars\.otel\.dependsOn\.app: given "otel waits for app waits for otel"/,
    ],
  ];
  for (const [what, more, message] of refused) {
    it(`is refused where ${what}`, async () => {
      await assert.rejects(service(web(more)), { message });
    });
  }
});

interface Collector {
  readonly receivers: Readonly<Record<string, unknown>>;
  readonly exporters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly service: {
    readonly pipelines: Readonly<
      Record<
        string,
        { readonly receivers: readonly string[]; readonly exporters: readonly string[] }
      >
    >;
  };
}
