import assert from "node:assert/strict";
import { Service, type DeploymentArgs, type PrivateServiceArgs } from "../../../components";
import { record } from "../../support/record";
import { container, service, types, web, worker } from "./support";

const namespaceArn = "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1a2b3c4d";

function hidden(more: Partial<PrivateServiceArgs> = {}): PrivateServiceArgs {
  const { kind, connect, ...common } = worker();
  assert.deepEqual([kind, connect], ["worker", undefined]);
  return {
    ...{ ...common, kind: "private", port: 8080, connect: { namespaceArn, alias: "api" } },
    ...more,
  };
}

const called = { namespaceArn, alias: "web" };

interface Served {
  readonly clientAlias: readonly {
    readonly testTrafficRules?: readonly {
      readonly header: { readonly name: string; readonly value: { readonly exact: string } };
    }[];
  }[];
}

describe("calls of services", () => {
  it("are no matter of a service that neither calls nor is called", async () => {
    const { inputs } = (await service(web())).one(types.service);
    assert.equal("serviceConnectConfiguration" in inputs, false);
  });

  it("reach a private one by its name and its port, which has no load balancer", async () => {
    const { one, all } = await service(hidden());
    const { inputs } = one(types.service);
    assert.deepEqual(inputs.serviceConnectConfiguration, {
      enabled: true,
      namespace: namespaceArn,
      services: [
        { portName: "app", discoveryName: "api", clientAlias: [{ dnsName: "api", port: 8080 }] },
      ],
    });
    assert.equal("loadBalancers" in inputs, false);
    assert.deepEqual([all(types.targetGroup), all(types.ingress)], [[], []]);
    const { portMappings, environment } = container(one(types.taskDefinition));
    assert.deepEqual(portMappings, [
      { name: "app", containerPort: 8080, hostPort: 8080, protocol: "tcp" },
    ]);
    assert.deepEqual(environment, [{ name: "PORT", value: "8080" }]);
  });

  for (const [protocol, appProtocol] of [
    ["http1", "http"],
    ["http2", "http2"],
    ["grpc", "grpc"],
  ] as const) {
    it(`are shared out by request where it speaks ${protocol}, which may take as long as it likes`, async () => {
      const { one } = await service(hidden({ connect: { namespaceArn, alias: "api", protocol } }));
      const { portMappings } = container(one(types.taskDefinition));
      const name = `app-${protocol}`;
      const port = { containerPort: 8080, hostPort: 8080, protocol: "tcp" };
      assert.deepEqual(portMappings, [{ name, ...port, appProtocol }]);
      const { serviceConnectConfiguration } = one(types.service).inputs;
      const { services } = serviceConnectConfiguration as { services: Record<string, unknown>[] };
      const timeout = { perRequestTimeoutSeconds: 0, idleTimeoutSeconds: 300 };
      assert.deepEqual([services[0].portName, services[0].timeout], [name, timeout]);
    });
  }

  it("come to a web service beside its load balancer, which connects to the container itself", async () => {
    const { one } = await service(web({ connect: called }));
    const { serviceConnectConfiguration, loadBalancers } = one(types.service).inputs;
    const { services } = serviceConnectConfiguration as { services: Record<string, unknown>[] };
    assert.equal(services[0].ingressPortOverride, 15_080);
    assert.deepEqual(services[0].clientAlias, [{ dnsName: "web", port: 3000 }]);
    assert.equal((loadBalancers as { containerPort: number }[])[0].containerPort, 3000);
  });

  it("find another port where the container has that one", async () => {
    const { one } = await service(web({ port: 15_080, connect: called }));
    const { serviceConnectConfiguration } = one(types.service).inputs;
    const { services } = serviceConnectConfiguration as { services: Record<string, unknown>[] };
    assert.equal(services[0].ingressPortOverride, 15_081);
  });

  it("of a worker need no name, and come with a deployment where they change", async () => {
    const calls = { api: "api:8080" };
    const { inputs } = (await service(worker({ connect: { namespaceArn, calls } }))).one(
      types.service,
    );
    assert.deepEqual(inputs.serviceConnectConfiguration, {
      enabled: true,
      namespace: namespaceArn,
    });
    assert.deepEqual([inputs.triggers, inputs.forceNewDeployment], [calls, true]);
  });

  describe("between two services", () => {
    const both = () =>
      record(() => {
        const api = new Service("api", hidden());
        const calls = { api: api.endpoint };
        const jobs = new Service("jobs", worker({ connect: { namespaceArn, calls } }));
        api.admit("jobs", jobs.securityGroupId, { team: "shop" });
      });

    it("come from the tasks of the caller, at one port", async () => {
      const { inputs } = (await both()).one(types.ingress);
      assert.deepEqual(inputs, {
        securityGroupId: "api-tasks-1a2b3c4-id",
        referencedSecurityGroupId: "jobs-tasks-1a2b3c4-id",
        description: "Calls of jobs",
        ipProtocol: "tcp",
        fromPort: 8080,
        toPort: 8080,
        tags: { team: "shop" },
      });
    });

    it("have the caller wait for the service that it calls", async () => {
      const { one } = await both();
      const jobs = one(types.service, "jobs-service");
      assert.deepEqual(jobs.inputs.triggers, { api: "api:8080" });
      assert.ok(jobs.options.dependencies.includes(one(types.service, "api-service").urn));
    });

    it("come to a web service at the port of its proxy alone", async () => {
      const { all } = await record(() => {
        new Service("web", web({ connect: called })).admit("jobs", "sg-jobs");
      });
      const rule = all(types.ingress).find(({ name }) => name === "web-from-jobs");
      assert.deepEqual([rule?.inputs.fromPort, rule?.inputs.toPort], [15_080, 15_080]);
    });

    it("fail where the one has no name to be called by", async () => {
      await assert.rejects(
        record(() => {
          new Service("jobs", worker()).admit("api", "sg-api");
        }),
        /Service jobs: nothing can call it; give it connect.alias/,
      );
    });
  });

  it("need no hook after a service that nobody calls", async () => {
    const { one } = await service(worker({ connect: { namespaceArn, calls: { api: "api:1" } } }));
    // What keeps a deployment that shifts from being stopped is there always.
    assert.deepEqual(one(types.service).options.hooks, ["beforeUpdate"]);
  });

  it("reach new tasks of a service that shifts by a header that nobody guesses, where there are any", async () => {
    const rulesOf = async (protocol: "http1" | "tcp", deployment: DeploymentArgs) => {
      const args = hidden({ deployment, connect: { namespaceArn, alias: "api", protocol } });
      const { serviceConnectConfiguration } = (await service(args)).one(types.service).inputs;
      const [made] = (serviceConnectConfiguration as { services: Served[] }).services;
      return made.clientAlias[0].testTrafficRules;
    };
    const [rule, ...others] = (await rulesOf("http1", { strategy: "canary" })) ?? [];
    assert.deepEqual(others, []);
    assert.equal(rule.header.name, "X-Gantry-Test");
    assert.match(rule.header.value.exact, /^[0-9a-f]{32}$/);
    assert.equal(await rulesOf("http1", {}), undefined);
    assert.equal(await rulesOf("tcp", { strategy: "blueGreen" }), undefined);
  });

  it("in a circle have the earlier caller deployed anew once the name is there, and when it changes", async () => {
    const connect = { namespaceArn, alias: "api", earlierCallers: ["shop-staging-web"] };
    const { one } = await service(hidden({ connect }));
    assert.deepEqual([...one(types.service).options.hooks].sort(), [
      "afterCreate",
      "afterUpdate",
      "beforeUpdate",
    ]);
  });
});
