import assert from "node:assert/strict";
import type { SidecarArgs, WebServiceArgs } from "../../../components";
import { parsed } from "../../support/record";
import { service, types, web } from "./support";

const router: SidecarArgs = { kind: "fireLens", image: { uri: "acme/router:1" } };
const logs = { logGroupName: "/shop/web", retentionDays: 7 };
const datadog = {
  ...router,
  options: { Name: "datadog", apikey: "${API_KEY}", dd_tags: "env:${STAGE}" },
  environment: { STAGE: "staging" },
  secrets: { API_KEY: "/shop/datadog" },
};
const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/datadog";

async function made(more: Partial<WebServiceArgs>) {
  const { one, all } = await service(web({ logs, ...more }));
  const [app, sidecar] = parsed<Record<string, unknown>[]>(
    one(types.taskDefinition),
    "containerDefinitions",
  );
  const statements = (name: string) =>
    parsed<{ Statement: { Action: string[]; Resource: unknown }[] }>(
      one(types.rolePolicy, name),
      "policy",
    ).Statement;
  return { app, sidecar, statements, policies: all(types.rolePolicy).map(({ name }) => name) };
}

describe("the log router of a Service", () => {
  it("is Fluent Bit as root, essential, and logs to CloudWatch itself", async () => {
    const { sidecar } = await made({ sidecars: { router } });
    const { logConfiguration, ...rest } = sidecar;
    assert.deepEqual(rest, {
      name: "router",
      image: "acme/router:1",
      essential: true,
      user: "0",
      portMappings: [],
      environment: [],
      secrets: [],
      readonlyRootFilesystem: false,
      mountPoints: [],
      stopTimeout: 30,
      linuxParameters: {
        capabilities: { drop: ["AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT"] },
      },
      firelensConfiguration: {
        type: "fluentbit",
        options: { "enable-ecs-log-metadata": "true" },
      },
    });
    assert.equal((logConfiguration as { logDriver: string }).logDriver, "awslogs");
  });

  it("leaves the service's lines where they were, in the same streams, and may write there", async () => {
    const { app, statements } = await made({ sidecars: { router } });
    assert.deepEqual(app.dependsOn, [{ containerName: "router", condition: "START" }]);
    assert.deepEqual(app.logConfiguration, {
      logDriver: "awsfirelens",
      options: {
        Name: "cloudwatch",
        region: "eu-west-1",
        log_group_name: "/shop/web",
        log_stream_name: "app/app/$(ecs_task_id)",
        log_key: "log",
        auto_create_group: "false",
        retry_limit: "2",
      },
    });
    assert.deepEqual(statements("web-taskPolicy"), [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: ["arn:aws:logs:eu-west-1:123456789012:log-group:/shop/web:*"],
      },
    ]);
  });

  it("hands them on by options, of which one that is a secret is given as one", async () => {
    const { app, statements, policies } = await made({ sidecars: { router: datadog } });
    assert.deepEqual(app.logConfiguration, {
      logDriver: "awsfirelens",
      options: { Name: "datadog", dd_tags: "env:${STAGE}" },
      secretOptions: [{ name: "apikey", valueFrom: parameter }],
    });
    assert.ok(!policies.includes("web-taskPolicy"), "whoever names another place gives the rights");
    const read = statements("web-executionPolicy").find(({ Action }) =>
      Action.includes("ssm:GetParameters"),
    );
    assert.deepEqual(read?.Resource, [parameter]);
  });

  it("takes a configuration of its image, a health check that the service waits for, and no options", async () => {
    const given = {
      ...router,
      ...{ configFile: "/shop.conf", options: {} },
      healthCheck: { command: ["true"] },
    };
    const { app, sidecar } = await made({ sidecars: { router: given } });
    assert.deepEqual(app.dependsOn, [{ containerName: "router", condition: "HEALTHY" }]);
    assert.deepEqual(app.logConfiguration, { logDriver: "awsfirelens", options: {} });
    assert.deepEqual(sidecar.firelensConfiguration, {
      type: "fluentbit",
      options: {
        "enable-ecs-log-metadata": "true",
        "config-file-type": "file",
        "config-file-value": "/shop.conf",
      },
    });
  });

  it("is not logged by before it is there", async () => {
    const { app } = await made({ sidecars: { router: { ...datadog, image: undefined } } });
    assert.equal((app.logConfiguration as { logDriver: string }).logDriver, "awslogs");
    assert.ok(!("dependsOn" in app));
  });

  const refused: [string, Partial<WebServiceArgs>, RegExp][] = [
    [
      "an option names a variable that it has not",
      { sidecars: { router: { ...datadog, secrets: {} } } },
      /^Service sidecars\.router\.options\.apikey: given "\$\{API_KEY\}"; allowed: a variable or secret of router: STAGE; set sidecars\.router\.secrets\.API_KEY/,
    ],
    [
      "it is another user",
      { sidecars: { router: { ...router, user: "1000" } } },
      /^Service sidecars\.router\.user: given "1000"; allowed: 0: ECS runs a log router as root alone/,
    ],
    [
      "another sidecar has options",
      { sidecars: { nginx: { image: { uri: "nginx:1.29" }, options: {} } } },
      /^Service sidecars\.nginx\.options: given "options"; allowed: nothing: it is for the kind fireLens; remove it/,
    ],
    [
      "the service listens where it does",
      { port: 24224, sidecars: { router } },
      /^Service sidecars\.router\.port: given 24224; allowed: any port but 24224/,
    ],
  ];
  for (const [what, more, message] of refused) {
    it(`is refused where ${what}`, async () => {
      await assert.rejects(service(web(more)), { message });
    });
  }
});
