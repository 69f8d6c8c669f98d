import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import * as components from "../../components";
import { record, type RecordedResource } from "../support/record";
import { pullRequestProject, pullRequestRole } from "./pullRequestRoleArgs";
import { driftCheck } from "./driftCheckArgs";
import { stagingArgs } from "./pipeline/support";
import { sharedLoadBalancer } from "./service/existing";
import { job } from "./job/support";
import { notifications } from "./notifications/support";
import { cluster, network, web } from "./service/support";

/**
 * The type that a component has in every state file. A component that is renamed here is, to Pulumi, another one: all
 * that it holds would be deleted and made anew. It wants an alias with the old type, and then a line here.
 */
const made: Readonly<Record<keyof typeof components, [string, () => pulumi.Resource]>> = {
  Network: [
    "gantry:index:Network",
    () => new components.Network("shop", { mode: "existing", vpcId: "vpc-1", publicSubnetIds: [] }),
  ],
  Registry: [
    "gantry:index:Registry",
    () => new components.Registry("shop", { environment: "staging", repositories: {} }),
  ],
  EcsCluster: [
    "gantry:index:EcsCluster",
    () =>
      new components.EcsCluster("shop", {
        clusterName: cluster.clusterName,
        capacity: { type: "fargate" },
      }),
  ],
  AccessLogs: [
    "gantry:index:AccessLogs",
    () => new components.AccessLogs("shop", { accountId: "123456789012" }),
  ],
  AuditTrail: [
    "gantry:index:AuditTrail",
    () =>
      new components.AuditTrail("shop", {
        ...{ trailName: "shop", ofAccount: cluster.clusterArn },
      }),
  ],
  LogExport: [
    "gantry:index:LogExport",
    () =>
      new components.LogExport("shop", {
        ...{ exportName: "shop-logs", databaseName: "shop", logGroups: {} },
      }),
  ],
  ScheduleFailures: [
    "gantry:index:ScheduleFailures",
    () => new components.ScheduleFailures("shop", { queueName: "shop-schedules-dead" }),
  ],
  WebAcl: ["gantry:index:WebAcl", () => new components.WebAcl("shop", {})],
  EncryptionKey: [
    "gantry:index:EncryptionKey",
    () => new components.EncryptionKey("shop", { alias: "shop" }),
  ],
  Bucket: ["gantry:index:Bucket", () => new components.Bucket("shop", {})],
  FileSystem: [
    "gantry:index:FileSystem",
    () => new components.FileSystem("shop", { mode: "existing", fileSystemId: "fs-1" }),
  ],
  Cache: [
    "gantry:index:Cache",
    () =>
      new components.Cache("shop", {
        ...{ engine: "valkey", version: "8.0", serverless: {} },
        network: { vpcId: "vpc-1", privateSubnetIds: ["subnet-1", "subnet-2"] },
      }),
  ],
  Database: [
    "gantry:index:Database",
    () =>
      new components.Database("shop", {
        ...{ engine: "postgres", version: "17", serverless: { min: 0.5, max: 4 } },
        network: { vpcId: "vpc-1", privateSubnetIds: ["subnet-1", "subnet-2"] },
      }),
  ],
  PrivateNames: [
    "gantry:index:PrivateNames",
    () =>
      new components.PrivateNames("shop", {
        ...{ domain: "shop.internal", vpcId: "vpc-1", services: ["api"] },
      }),
  ],
  Service: ["gantry:index:Service", () => new components.Service("shop", web())],
  ServiceAlarms: [
    "gantry:index:ServiceAlarms",
    () =>
      new components.ServiceAlarms("shop", {
        ...{ clusterName: cluster.clusterName, serviceName: "web", countsTasks: true },
      }),
  ],
  Observability: [
    "gantry:index:Observability",
    () => new components.Observability("shop", { environmentName: "shop", cluster }),
  ],
  Job: ["gantry:index:Job", () => new components.Job("shop", job())],
  LoadBalancer: [
    "gantry:index:LoadBalancer",
    () => new components.LoadBalancer("shop", { network }),
  ],
  ExistingLoadBalancer: [
    "gantry:index:ExistingLoadBalancer",
    () => new components.ExistingLoadBalancer("shop", { found: sharedLoadBalancer() }),
  ],
  PullRequestRole: [
    "gantry:index:PullRequestRole",
    () => new components.PullRequestRole("shop", pullRequestRole()),
  ],
  DriftCheck: ["gantry:index:DriftCheck", () => new components.DriftCheck("shop", driftCheck())],
  PullRequestProject: [
    "gantry:index:PullRequestProject",
    () => new components.PullRequestProject("shop", pullRequestProject()),
  ],
  Notifications: [
    "gantry:index:Notifications",
    () => new components.Notifications("shop", notifications()),
  ],
  Topic: ["gantry:index:Topic", () => new components.Topic("shop", { topicName: "orders" })],
  Queue: ["gantry:index:Queue", () => new components.Queue("shop", { queueName: "orders" })],
  Pipeline: ["gantry:index:Pipeline", () => new components.Pipeline("shop", stagingArgs())],
};

const top = ({ options }: RecordedResource) => options.parent === "";

describe("the components", () => {
  for (const [name, [token, make]] of Object.entries(made)) {
    it(`${name} is exactly ${token}, in its URN too`, async () => {
      const { resources } = await record(make);
      const [component, ...others] = resources.filter(top);
      assert.deepEqual(others, [], "all else belongs to it");
      assert.equal(component.type, token);
      assert.equal(component.urn, `urn:pulumi:staging::gantry::${token}::shop`);
    });
  }

  it("are all here that users can import", () => {
    assert.deepEqual(Object.keys(made).sort(), Object.keys(components).sort());
  });
});
