import assert from "node:assert/strict";
import { callOrder } from "../../stacks/calls";
import { container, types } from "../components/service/support";
import { parse, type Values } from "./config/support";
import { environment } from "./support";

const api = (more: Values = {}): Values => ({ kind: "private", port: 8080, ...more });
const worker = (more: Values = {}): Values => ({ kind: "worker", ...more });

const connectOf = (inputs: Readonly<Record<string, unknown>>) =>
  inputs.serviceConnectConfiguration as
    { namespace: string; services?: { clientAlias: unknown }[] } | undefined;

/** Rules between tasks: who may connect to whom, at which ports. */
async function openings(services: Values): Promise<unknown[]> {
  const { all } = await environment({ services });
  return all(types.ingress)
    .filter(({ inputs }) => String(inputs.description).startsWith("Calls of"))
    .map(({ name, inputs: { fromPort, toPort } }) => [name, fromPort, toPort])
    .sort();
}

describe("calls between the services of an environment", () => {
  it("leave services alone that have none", async () => {
    const { one } = await environment({ services: { web: {}, jobs: worker() } });
    for (const name of ["shop--staging--web-service", "shop--staging--jobs-service"]) {
      const { inputs } = one(types.service, name);
      assert.equal(connectOf(inputs), undefined);
      assert.equal(inputs.triggers, undefined);
    }
  });

  it("are in the cluster's namespace, of the caller and of the one that is called", async () => {
    const services = { web: { calls: ["api"] }, api: api() };
    const { one } = await environment({ services });
    const web = one(types.service, "shop--staging--web-service").inputs;
    const called = one(types.service, "shop--staging--api-service").inputs;
    const namespace = connectOf(web)?.namespace;
    assert.match(String(namespace), /^arn:aws:servicediscovery:/);
    assert.equal(connectOf(called)?.namespace, namespace);
    assert.deepEqual(web.triggers, { api: "api:8080" });
    assert.equal(connectOf(web)?.services, undefined);
    assert.deepEqual(connectOf(called)?.services?.[0].clientAlias, [
      { dnsName: "api", port: 8080 },
    ]);
  });

  it("are open to the pairs that call, and to nobody else", async () => {
    const services = {
      web: { calls: ["api"] },
      jobs: worker({ calls: ["api", "web"] }),
      other: worker(),
      api: api(),
    };
    assert.deepEqual(await openings(services), [
      ["shop--staging--api-from-jobs", 8080, 8080],
      ["shop--staging--api-from-web", 8080, 8080],
      ["shop--staging--web-from-jobs", 15_080, 15_080],
    ]);
  });

  it("make a web service speak HTTP to callers, and the rest of it is as before", async () => {
    const { one } = await environment({ services: { web: {}, jobs: worker({ calls: ["web"] }) } });
    const { portMappings } = container(one(types.taskDefinition, "shop--staging--web-task"));
    const ports = { containerPort: 3000, hostPort: 3000, protocol: "tcp" };
    assert.deepEqual(portMappings, [{ name: "app-http1", ...ports, appProtocol: "http" }]);
  });

  it("speak to a web service as its load balancer does", async () => {
    const services = { web: { route: { protocol: "grpc" } }, jobs: worker({ calls: ["web"] }) };
    const { one } = await environment({
      services,
      loadBalancer: { domain: { name: "shop.example.com", zone: "example.com" } },
    });
    const { portMappings } = container(one(types.taskDefinition, "shop--staging--web-task"));
    assert.equal((portMappings as { appProtocol: string }[])[0].appProtocol, "grpc");
  });

  it("are answered by the placeholder until the first release", async () => {
    const { one } = await environment({ services: { api: api() } });
    const { command } = container(one(types.taskDefinition, "shop--staging--api-task"));
    assert.match(String((command as string[])[2]), /waits for its first release/);
  });

  describe("in a circle", () => {
    const services = { web: { calls: ["api"] }, api: api({ calls: ["web"] }) };

    it("have the later one wait, and the earlier one deployed anew", async () => {
      const { one } = await environment({ services });
      const web = one(types.service, "shop--staging--web-service");
      const called = one(types.service, "shop--staging--api-service");
      assert.ok(web.options.dependencies.includes(called.urn));
      assert.ok(!called.options.dependencies.includes(web.urn));
      assert.deepEqual(called.inputs.triggers, { web: "web:3000" });
      assert.ok(web.options.hooks.includes("afterCreate"));
      assert.ok(!called.options.hooks.includes("afterCreate"));
    });

    it("are open both ways", async () => {
      assert.deepEqual(await openings(services), [
        ["shop--staging--api-from-web", 8080, 8080],
        ["shop--staging--web-from-api", 15_080, 15_080],
      ]);
    });
  });

  it("order services by what they call, and else as config does", () => {
    const services = {
      web: { calls: ["api"] },
      jobs: worker(),
      api: api({ calls: ["cache"] }),
      cache: api({ port: 6379 }),
    };
    assert.deepEqual(callOrder(parse({ services }).services), ["cache", "api", "web", "jobs"]);
  });
});
