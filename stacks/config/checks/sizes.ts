import {
  policyCharacters,
  taskDefinitionBytes,
  type MeasuredService,
} from "../../../components/service/measure";
import { longestAccount } from "../../../components/shared/account";
import { counted } from "../../../contract/counted";
import { imageKey } from "../../../contract/containers";
import { environmentNames } from "../../../contract/names";
import { pointerSize } from "../../../contract/pointer";
import { spokenProtocol } from "../callers";
import type { Check, Report } from "../checks";
import { containerCheck } from "../containerCheck";
import { releasedContainers } from "../containers";
import { cited, limits } from "../limits";
import { measuredAccess, measuredKey } from "../measuredAccess";
import { isOwn, literals } from "../own";
import { environmentTags } from "../tags";
import type { EnvironmentConfig } from "../types";

/** What AWS takes by its length, measured as it will be made. */
export const checkSizes: Check = (config, report) => {
  for (const name of Object.keys(config.services)) {
    const service = measured(name, config);
    checkPolicies(name, service, report);
    checkTaskDefinition(name, service, report);
  }
  checkPointer(config, report);
};

function measured(name: string, config: EnvironmentConfig): MeasuredService {
  const names = environmentNames(config);
  const service = config.services[name];
  const access = measuredAccess(name, config);
  return {
    ...service,
    // What own resources return is as long as it turns out to be.
    environment: literals(service.environment),
    secrets: { ...literals(service.secrets), ...access.secrets },
    permissions: [
      ...service.permissions.flatMap((one) => (isOwn(one) ? [] : [one])),
      ...access.permissions,
    ],
    port: service.kind === "worker" || service.kind === "job" ? undefined : service.port,
    protocol: spokenProtocol(name, config.services),
    containerHealthCheck: containerCheck(service),
    sidecars: Object.fromEntries(
      Object.entries(service.sidecars).map(([sidecar, given]) => [
        sidecar,
        {
          ...given,
          environment: literals(given.environment),
          secrets: literals(given.secrets),
          image: {
            uri: names.repository(imageKey({ service: name, container: sidecar })),
            ...{ entryPoint: given.entrypoint, command: given.command },
          },
        },
      ]),
    ),
    taskFamily: names.taskFamily(name),
    logGroupName: names.logGroup(name),
    execLogGroupName: names.execLogGroup,
    execKeyArn: measuredKey(config),
    clusterName: names.cluster,
    repositoryName: names.repository(name),
    tags: environmentTags(config),
  };
}

function checkPolicies(name: string, service: MeasuredService, report: Report) {
  const { execution, task } = policyCharacters(service);
  const { inlinePolicies } = limits;
  const roles = [
    {
      key: "permissions",
      of: "task role",
      characters: task,
      fix:
        "name fewer resources, such as one arn:aws:s3:::bucket/* in place of many, or divide the service: what it uses, " +
        "publishes and subscribes counts too",
    },
    {
      key: "secrets",
      of: "execution role",
      characters: execution,
      fix: "keep several values in one secret, and name each by its key: shop/database:url",
    },
  ] as const;
  for (const { key, of, characters, fix } of roles) {
    if (characters <= inlinePolicies.most) continue;
    report({
      path: ["services", name, key],
      given: `${counted(Object.keys(service[key]).length, key.replace(/s$/, ""))}, of which the ${of}'s policy takes ${characters} characters`,
      allowed: `at most ${inlinePolicies.most} characters ${cited(inlinePolicies)}`,
      fix,
    });
  }
}

function checkTaskDefinition(name: string, service: MeasuredService, report: Report) {
  const { taskDefinitionBytes: limit } = limits;
  const bytes = taskDefinitionBytes(service);
  if (bytes <= limit.most) return;
  report({
    path: ["services", name],
    given: `a task definition of ${bytes} bytes`,
    allowed: `at most ${limit.most} bytes, variables and all ${cited(limit)}`,
    fix: "put what is long into the image, S3 or SSM, and read it from there",
  });
}

/** The pointer to a release with an image of each service. */
function checkPointer({ name, stack, services }: EnvironmentConfig, report: Report) {
  const { repository } = environmentNames({ name, stack });
  const { accountId, region } = longestAccount;
  const image = (service: string) => ({
    uri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository(service)}`,
    tag: "3f9c2a1b",
    digest: `sha256:${"0".repeat(64)}`,
    architecture: "X86_64" as const,
  });
  const bytes = pointerSize({
    id: "3f9c2a1b-1000000",
    commit: "3f9c2a1b".repeat(5),
    createdAt: "2026-01-31T12:00:00.000Z",
    images: Object.fromEntries(
      Object.keys(releasedContainers(services)).map((each) => [each, image(each)]),
    ),
  });
  const { parameterBytes } = limits;
  if (bytes <= parameterBytes.most) return;
  report({
    path: ["services"],
    given: `${counted(Object.keys(services).length, "service")}, whose release takes ${bytes} bytes`,
    allowed: `at most ${parameterBytes.most} bytes, which an SSM parameter holds ${cited(parameterBytes)}`,
    fix: "divide the product (gantry:name)",
  });
}
