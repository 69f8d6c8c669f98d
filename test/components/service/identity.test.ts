import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Service } from "../../../components";
import { record, type RecordedResource } from "../../support/record";
import { service, types, web, worker } from "./support";

const scaling = { min: 1, max: 2, cpuPercent: 60, memoryPercent: 75, requestsPerTarget: 1000 };

/** Which resource a URN names: its type below its parent's, and its logical name. */
function identity(resources: readonly RecordedResource[]): string[] {
  return resources.map(({ urn }) => urn.split("::").slice(2).join(" ")).sort();
}

/** A name that is not here any more, or a new type, is a resource that AWS loses and makes anew. */
describe("the identity of a Service", () => {
  const ofService = "gantry:index:Service$aws:";
  const ofLoadBalancer = "gantry:index:LoadBalancer$aws:";

  it("of a worker is these names and types", async () => {
    const { resources } = await service(worker());
    assert.deepEqual(identity(resources), [
      "gantry:index:Service jobs",
      `${ofService}cloudwatch/logGroup:LogGroup jobs-logs`,
      `${ofService}ec2/securityGroup:SecurityGroup jobs-tasks`,
      `${ofService}ecs/service:Service jobs-service`,
      `${ofService}ecs/taskDefinition:TaskDefinition jobs-task`,
      `${ofService}iam/role:Role jobs-executionRole`,
      `${ofService}iam/role:Role jobs-taskRole`,
      `${ofService}iam/rolePolicy:RolePolicy jobs-executionPolicy`,
      `${ofService}vpc/securityGroupEgressRule:SecurityGroupEgressRule jobs-tasksOut`,
    ]);
  });

  it("of a web service that scales and opens sessions is these names and types", async () => {
    const { resources } = await service(web({ scaling, exec: true }));
    assert.deepEqual(identity(resources), [
      `${ofLoadBalancer}ec2/securityGroup:SecurityGroup web-lb`,
      `${ofLoadBalancer}lb/listener:Listener web-http`,
      `${ofLoadBalancer}lb/listenerRule:ListenerRule web-rule-1134`,
      `${ofLoadBalancer}lb/listenerRule:ListenerRule web-rule-48867`,
      `${ofLoadBalancer}lb/loadBalancer:LoadBalancer web`,
      `${ofLoadBalancer}vpc/securityGroupIngressRule:SecurityGroupIngressRule web-from-0.0.0.0/0-80`,
      "gantry:index:Service web",
      `${ofService}appautoscaling/policy:Policy web-scaleOnCpu`,
      `${ofService}appautoscaling/policy:Policy web-scaleOnMemory`,
      `${ofService}appautoscaling/policy:Policy web-scaleOnRequests`,
      `${ofService}appautoscaling/target:Target web-scaling`,
      `${ofService}cloudwatch/logGroup:LogGroup web-logs`,
      `${ofService}ec2/securityGroup:SecurityGroup web-tasks`,
      `${ofService}ecs/service:Service web-service`,
      `${ofService}ecs/taskDefinition:TaskDefinition web-task`,
      `${ofService}iam/role:Role web-executionRole`,
      `${ofService}iam/role:Role web-taskRole`,
      `${ofService}iam/rolePolicy:RolePolicy web-executionPolicy`,
      `${ofService}iam/rolePolicy:RolePolicy web-taskPolicy`,
      `${ofService}lb/targetGroup:TargetGroup web`,
      `${ofService}vpc/securityGroupEgressRule:SecurityGroupEgressRule web-tasksOut`,
      `${ofService}vpc/securityGroupEgressRule:SecurityGroupEgressRule web-toTasks`,
      `${ofService}vpc/securityGroupIngressRule:SecurityGroupIngressRule web-fromLoadBalancer`,
      "gantry:index:Service$gantry:index:LoadBalancer web",
    ]);
  });

  it("keeps names that AWS bounds short enough for the suffix that Pulumi adds", async () => {
    const longest = "a-rather-long-product-name-production-order-notifications";
    const { all, one } = await record(() => new Service(longest, web()));
    const names = [one(types.targetGroup), one(types.loadBalancer)].map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => name.length > 32 - 8),
      [],
    );
    assert.deepEqual(
      all(types.role).filter(({ name }) => name.length > 64 - 8),
      [],
    );
    assert.notEqual(all(types.role)[0].name, all(types.role)[1].name);
  });

  it("belongs to the component, with the options that it was given", async () => {
    const { resources, one } = await record(() => new Service("jobs", worker(), { protect: true }));
    const { urn } = one("gantry:index:Service");
    for (const { type, options } of resources.filter(({ type }) => type.startsWith("aws:"))) {
      assert.deepEqual([options.parent, options.protect], [urn, true], type);
    }
  });

  describe("preview mode", () => {
    const secrets = { DATABASE_URL: "shop/database:url", TOKEN: "/shop/token" };

    it("shows what is known while outputs are not", async () => {
      const { one } = await service(web({ scaling, secrets, exec: true }), { preview: true });
      const { inputs } = one(types.service);
      assert.equal(inputs.name, "shop-staging-web");
      assert.ok(pulumi.isUnknown(inputs.taskDefinition));
      assert.equal(one(types.taskDefinition).inputs.cpu, "256");
      assert.ok(pulumi.isUnknown(one(types.taskDefinition).inputs.containerDefinitions));
    });

    it("registers the same resources as the deployment does", async () => {
      const args = () => web({ scaling, secrets, exec: true });
      const preview = await service(args(), { preview: true });
      assert.deepEqual(identity(preview.resources), identity((await service(args())).resources));
    });
  });
});
