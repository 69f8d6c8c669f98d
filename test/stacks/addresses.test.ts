import assert from "node:assert/strict";
import { callVariables } from "../../stacks/config/addresses";
import { container, types } from "../components/service/support";
import { faultsOf, parse, type Values } from "./config/support";
import { environment } from "./support";

const api = { kind: "private", port: 8080 };
const registry = "aws:servicediscovery/service:Service";
const namespace = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace";
const job = (more: Values = {}): Values => ({ kind: "job", build: "app", ...more });
const releaseCommand = { command: ["node", "migrate.js"] };

type Variables = readonly { readonly name: string; readonly value: string }[];

/** The variables of a task definition, by name. */
const told = async (services: Values, name: string) => {
  const { one } = await environment({ services });
  const { environment: given } = container(
    one(types.taskDefinition, `shop--staging--${name}-task`),
  );
  return Object.fromEntries((given as Variables).map((each) => [each.name, each.value]));
};

describe("calls of jobs and release commands", () => {
  it("find a service by a name in the VPC's DNS, which those that are called so have alone", async () => {
    const services = { web: {}, api, cache: api, report: job({ calls: ["api"] }) };
    const { all, one } = await environment({ services });
    assert.equal(one(namespace).inputs.name, "staging.shop.internal");
    assert.deepEqual(
      all(registry).map(({ inputs }) => inputs.name),
      ["api"],
    );
    const registries = (name: string) =>
      one(types.service, `shop--staging--${name}-service`).inputs.serviceRegistries;
    assert.ok(registries("api"));
    assert.deepEqual([registries("cache"), registries("web")], [undefined, undefined]);
  });

  it("are told it in the variables that services have for those they call", async () => {
    const services = { web: { calls: ["api"] }, api, report: job({ calls: ["api", "web"] }) };
    const { API_HOST, API_PORT } = await told(services, "web");
    assert.deepEqual([API_HOST, API_PORT], ["api", "8080"]);
    const inJob = await told(services, "report");
    assert.deepEqual(
      [inJob.API_HOST, inJob.API_PORT, inJob.WEB_HOST, inJob.WEB_PORT],
      ["api.staging.shop.internal", "8080", "web.staging.shop.internal", "3000"],
    );
  });

  it("leave what config sets itself", () => {
    const { services } = parse({
      services: { web: { calls: ["api"], environment: { API_HOST: "localhost" } }, api },
    });
    assert.deepEqual(callVariables("web", services, "staging.shop.internal"), { API_PORT: "8080" });
  });

  it("are let in at the container's port: pairs that call, and no others", async () => {
    const services = {
      web: { calls: ["api"], releaseCommand },
      api,
      report: job({ calls: ["api", "web"] }),
      jobs: { kind: "worker", calls: ["web"], releaseCommand },
      other: job(),
    };
    const { all } = await environment({ services });
    const rules = all(types.ingress)
      .filter(({ inputs }) => /alls of/.test(String(inputs.description)))
      .map(({ name, inputs }) => `${name} ${String(inputs.fromPort)}`)
      .sort();
    assert.deepEqual(rules, [
      // The release command of web comes from its service's group, which is let in at this port already.
      "shop--staging--api-from-report-directly 8080",
      "shop--staging--api-from-web 8080",
      "shop--staging--web-from-jobs 15080",
      "shop--staging--web-from-jobs-directly 3000",
      "shop--staging--web-from-report-directly 3000",
    ]);
  });

  it("give a service on the web no proxy, where jobs alone call it", async () => {
    const { one } = await environment({ services: { web: {}, report: job({ calls: ["web"] }) } });
    const { inputs } = one(types.service, "shop--staging--web-service");
    assert.equal(inputs.serviceConnectConfiguration, undefined);
    assert.ok(inputs.serviceRegistries);
  });

  it("make nothing where there are none", async () => {
    const { all } = await environment({
      services: { web: { calls: ["api"] }, api, report: job() },
    });
    assert.deepEqual([all(namespace), all(registry)], [[], []]);
  });

  it("are refused of what listens nowhere", () => {
    const services = { web: {}, report: job({ calls: ["other"] }), other: job() };
    const [{ path, fix }] = faultsOf({ services });
    assert.equal(path, "gantry:services.report.calls[0]");
    assert.match(fix, /kind: private/);
  });

  it("are refused by a name that a job does not know, and taken by one that it does", () => {
    const report = (API_URL: string) => ({
      services: { api, report: job({ calls: ["api"], environment: { API_URL } }) },
    });
    const [{ path, fix }, ...others] = faultsOf(report("http://api:8080/v1"));
    assert.deepEqual([path, others], ["gantry:services.report.environment.API_URL", []]);
    assert.match(fix, /write api\.staging\.shop\.internal .*, or have the program read API_HOST/);
    parse(report("http://api.staging.shop.internal:8080"));
    parse(report("http://api.example.com"));
  });

  it("are refused of a name that something used has, which has the same variables", () => {
    const values = (called: string) => ({
      services: { web: { calls: [called], uses: ["ledger"] }, [called]: api },
      caches: { ledger: { engine: "valkey", version: "8.0", serverless: {} } },
    });
    const [{ path, allowed }, ...others] = faultsOf(values("ledger"));
    assert.deepEqual([path, others], ["gantry:services.web.calls[0]", []]);
    assert.match(allowed, /LEDGER_HOST says where each is/);
    parse(values("api"));
  });
});
