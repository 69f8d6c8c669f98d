import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordedResource } from "../support/record";
import { everything } from "./everything";
import { environment } from "./support";

const aws = join(__dirname, "../../node_modules/@pulumi/aws");
const encryptionKeyArn =
  "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

type Inputs = RecordedResource["inputs"];
type Texts = Readonly<Record<string, unknown>>;

/** Of an ARN of a log group, with or without `:*`. */
const named = (arn: unknown) =>
  String(arn)
    .replace(/^.*:log-group:/, "")
    .replace(/:\*$/, "");

/** By what logs: the log groups that it writes to. Nothing, where it logs to none. */
const written: Readonly<Record<string, (inputs: Inputs) => readonly unknown[]>> = {
  // In a group of us-east-1 that is named so.
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": ({ configurationName }) => [
    `/aws/chatbot/${String(configurationName)}`,
  ],
  "aws:codebuild/project:Project": ({ logsConfig }) => [
    (logsConfig as { cloudwatchLogs: Texts }).cloudwatchLogs.groupName,
  ],
  "aws:ec2/flowLog:FlowLog": ({ logDestination }) => [named(logDestination)],
  "aws:ecs/cluster:Cluster": ({ configuration }) => {
    const { executeCommandConfiguration } = configuration as {
      executeCommandConfiguration: { logConfiguration: Texts };
    };
    return [executeCommandConfiguration.logConfiguration.cloudWatchLogGroupName];
  },
  // Proxies of Service Connect log nothing without it.
  "aws:ecs/service:Service": ({ serviceConnectConfiguration }) => {
    const { logConfiguration } = (serviceConnectConfiguration ?? {}) as Texts;
    return logConfiguration === undefined ? [] : ["of the proxy"];
  },
  "aws:ecs/taskDefinition:TaskDefinition": ({ containerDefinitions }) =>
    (
      JSON.parse(String(containerDefinitions)) as {
        logConfiguration: { logDriver: string; options: Texts };
      }[]
    ).map(({ logConfiguration: { logDriver, options } }) =>
      logDriver === "awslogs" ? options["awslogs-group"] : logDriver,
    ),
  "aws:sfn/stateMachine:StateMachine": ({ loggingConfiguration }) => [
    named((loggingConfiguration as Texts | undefined)?.logDestination),
  ],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ({ logDestinationConfigs }) =>
    (logDestinationConfigs as unknown[]).map(named),
  // What these would export goes to groups that AWS makes, and keeps for ever.
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ logDeliveryConfigurations }) =>
    (logDeliveryConfigurations ?? []) as unknown[],
  "aws:rds/cluster:Cluster": ({ enabledCloudwatchLogsExports }) =>
    (enabledCloudwatchLogsExports ?? []) as unknown[],
  "aws:rds/instance:Instance": ({ enabledCloudwatchLogsExports }) =>
    (enabledCloudwatchLogsExports ?? []) as unknown[],
};

/** What logs to S3 alone, is itself where logs are, or asks there. */
const elsewhere = [
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/queryDefinition:QueryDefinition",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:s3/bucket:Bucket",
];

/** Whether such a resource can log, as the names of its arguments in the provider's SDK tell. */
function canLog(type: string): boolean {
  const file = join(aws, `${type.split(":")[1]}.d.ts`);
  if (!type.startsWith("aws:") || !existsSync(file)) return false;
  const [, args = ""] = readFileSync(file, "utf8").split(/^export interface \w+Args \{/m);
  return /^ {4}\w*log(?:s|ging)?(?:[A-Z]\w*)?\??:/im.test(args);
}

const loadBalancer = { ...everything.loadBalancer, waf: "managed" };
const stacks = {
  staging: {
    ...everything,
    loadBalancer,
    pullRequests: {
      repository: "acme/shop",
      codeBuild: {
        connectionArn:
          "arn:aws:codeconnections:eu-west-1:123456789012:connection/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
      },
    },
  },
  production: {
    ...everything,
    loadBalancer,
    services: {
      ...everything.services,
      web: { ...everything.services.web, scaling: { min: 2, max: 4 } },
      api: { kind: "private", scaling: { min: 2, max: 4 } },
    },
    pipeline: { soakMinutes: 60 },
    pullRequests: undefined,
  },
};

describe("log groups", () => {
  for (const [stack, values] of Object.entries(stacks)) {
    describe(`of ${stack}`, () => {
      let made: Awaited<ReturnType<typeof environment>>;
      let groups: RecordedResource[];
      before(async () => {
        made = await environment({ ...values, encryptionKeyArn }, { stack });
        groups = made.all("aws:cloudwatch/logGroup:LogGroup");
      });

      it("are known of whatever can log", () => {
        const types = [...new Set(made.resources.map(({ type }) => type))].filter(canLog);
        assert.ok(types.length > 8, String(types.length));
        const known = [...Object.keys(written), ...elsewhere];
        assert.deepEqual(
          types.filter((type) => !known.includes(type)),
          [],
        );
      });

      it("are made before AWS would make them without retention and key", () => {
        const names = groups.map(({ name, inputs: { name: given } }) =>
          typeof given === "string" ? given : `${name}-1a2b3c4`,
        );
        const used = made.resources.flatMap(({ type, name, inputs }) =>
          Object.hasOwn(written, type)
            ? written[type](inputs).map((group) => ({ by: `${type} ${name}`, group }))
            : [],
        );
        assert.ok(used.length > 10, String(used.length));
        assert.deepEqual(
          used.filter(({ group }) => !names.includes(String(group))),
          [],
        );
        // And nothing that nobody writes to.
        const inUse = new Set(used.map(({ group }) => group));
        assert.deepEqual(
          names.filter((name) => !inUse.has(name)),
          [],
        );
      });

      it("have a retention and the environment's key", () => {
        const expected = stack === "production" ? 365 : 14;
        assert.deepEqual(
          groups.filter(
            ({ inputs }) =>
              inputs.region === undefined &&
              (inputs.retentionInDays !== expected || inputs.kmsKeyId !== encryptionKeyArn),
          ),
          [],
        );
        const elsewhere = groups.filter(({ inputs }) => inputs.region !== undefined);
        assert.deepEqual(
          elsewhere.map(({ inputs }) => [inputs.region, inputs.retentionInDays, inputs.kmsKeyId]),
          [["us-east-1", 90, undefined]],
          "a key is of its region",
        );
      });
    });
  }
});
