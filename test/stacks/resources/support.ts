import * as aws from "@pulumi/aws";
import type { OwnResources, ResourcesContext, ResourcesFunction } from "../../../stacks/resources";
import { ResourcesError } from "../../../stacks/resources/error";
import type { Values } from "../config/support";
import { environment, type EnvironmentOptions } from "../support";

/** A service that takes one of each. */
export const takes = {
  kind: "worker",
  environment: { TABLE: { from: "tableName" }, LOG_LEVEL: "debug" },
  secrets: { DATABASE_URL: { from: "database", key: "url" } },
  permissions: [{ from: "orders" }],
  securityGroups: [{ from: "database" }],
};

/** A table, a secret, and who may reach what. */
export function orders({ name, tags, network }: ResourcesContext) {
  const table = new aws.dynamodb.Table("orders", {
    name: name("orders"),
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    billingMode: "PAY_PER_REQUEST",
    tags,
  });
  const secret = new aws.secretsmanager.Secret("database", { tags });
  const clients = new aws.ec2.SecurityGroup("clients", { vpcId: network.vpcId });
  return {
    values: { tableName: table.name },
    secrets: { database: secret.arn },
    grants: { orders: { actions: ["dynamodb:GetItem"], resources: [table.arn] } },
    securityGroups: { database: clients.id },
  } satisfies OwnResources;
}

export function withOwn(
  resources: ResourcesFunction,
  service: Values = takes,
  options: EnvironmentOptions = {},
) {
  return environment({ services: { jobs: service } }, { ...options, resources });
}

/** The faults of own resources that no service could be made with. */
export async function faultsOf(resources: ResourcesFunction, service: Values = takes) {
  try {
    await withOwn(resources, service);
  } catch (error) {
    if (error instanceof ResourcesError) return error.faults;
    throw error;
  }
  throw new Error("the own resources were accepted");
}
