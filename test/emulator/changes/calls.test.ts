import assert from "node:assert/strict";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { environmentNames } from "../../../contract/names";
import { destroy, emptyPreview, emptyRefresh, up } from "../../../rehearsal/update";
import { call, rules } from "../calls";
import { buildOnEachOther, log, startBench, type Bench } from "../support";

type Services = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const names = environmentNames({ name: "gantry", stack: "staging" });
const one = { scaling: { min: 1, max: 1 } };
const api = { kind: "private", port: 8080, ...one };
const mail = { kind: "private", port: 9090, ...one };
const jobs = { kind: "worker", ...one };
const report = { kind: "job", build: "app", calls: ["api"] };

interface Discovered {
  readonly Namespaces?: readonly { readonly Id: string; readonly Name: string }[];
  readonly Service?: {
    readonly Name: string;
    readonly DnsConfig: { readonly NamespaceId: string };
  };
}

describe("services that call each other on the emulator", function () {
  buildOnEachOther();
  let bench: Bench;
  let namespaces: Discovered["Namespaces"];

  before(async () => {
    bench = await startBench();
  });

  after(() => bench?.stop());

  const stack = (services: Services) =>
    bench.workspace.stack("staging", { "gantry:services": services });

  const changed = async (services: Services) => {
    await up(await stack(services), log);
    await emptyPreview(await stack(services), log);
  };

  /** When the deployment of a service began, and the names that its tasks have. */
  const deployment = async (service: string) => {
    const asked = { cluster: names.cluster, services: [names.service(service)] };
    const { services = [] } = await new ECSClient(bench.client).send(
      new DescribeServicesCommand(asked),
    );
    const [primary] = services[0].deployments ?? [];
    const { enabled, services: served = [] } = primary.serviceConnectConfiguration ?? {};
    const began = primary.createdAt?.getTime() ?? 0;
    return { began, enabled, aliases: served.flatMap(({ clientAliases }) => clientAliases ?? []) };
  };

  const described = async (service: string) => {
    const asked = { cluster: names.cluster, services: [names.service(service)] };
    const { services = [] } = await new ECSClient(bench.client).send(
      new DescribeServicesCommand(asked),
    );
    return services[0];
  };
  const madeAt = async (service: string) => (await described(service)).createdAt?.getTime();

  const discovery = (action: string, body: object = {}) =>
    call<Discovered>(bench, "servicediscovery", `Route53AutoNaming_v20170314.${action}`, body);

  /** The names in DNS that tasks of a service are registered under. */
  const registered = async (service: string) => {
    const { serviceRegistries = [] } = await described(service);
    const { Namespaces = [] } = await discovery("ListNamespaces");
    return Promise.all(
      serviceRegistries.map(async ({ registryArn = "" }) => {
        const Id = registryArn.split("/").at(-1);
        const { Service: found } = await discovery("GetService", { Id });
        const space = Namespaces.find((each) => each.Id === found?.DnsConfig.NamespaceId);
        return `${found?.Name}.${space?.Name}`;
      }),
    );
  };

  /** The rules for callers that there are. */
  const calls = () => rules(bench, "Calls of");

  it("are there with a service that nobody calls yet", async () => {
    await up(await stack({ api, jobs }), log);
    namespaces = (await discovery("ListNamespaces")).Namespaces;
    const { enabled, aliases } = await deployment("api");
    assert.deepEqual([enabled, aliases], [true, [{ dnsName: "api", port: 8080 }]]);
    assert.notEqual((await deployment("jobs")).enabled, true);
    assert.deepEqual(await calls(), []);
  });

  it("get a caller, which knows a name that came with it, and a job, which finds one by DNS", async () => {
    const before = await madeAt("api");
    await changed({ api, mail, jobs: { ...jobs, calls: ["api", "mail"] }, report });
    assert.deepEqual(await registered("api"), ["api.staging.gantry.internal"]);
    assert.deepEqual(await registered("mail"), []);
    assert.equal(await madeAt("api"), before);
    assert.deepEqual(await rules(bench, "Direct calls"), ["Direct calls of report at 8080"]);
    const [caller, called] = [await deployment("jobs"), await deployment("mail")];
    assert.ok(caller.enabled);
    assert.ok(caller.began > called.began);
    assert.deepEqual(await calls(), ["Calls of jobs at 8080", "Calls of jobs at 9090"]);
    const services = { api, mail, jobs: { ...jobs, calls: ["api", "mail"] }, report };
    await emptyRefresh(await stack(services), log);
  });

  it("go in a circle, where the earlier one is deployed anew for the later one's new port", async () => {
    const services = {
      api: { ...api, calls: ["mail"] },
      mail: { ...mail, calls: ["api"] },
      jobs: { ...jobs, calls: ["api", "mail"] },
    };
    await up(await stack(services), log);
    const port = 8081;
    await changed({ ...services, api: { ...services.api, port } });
    const later = await deployment("api");
    assert.deepEqual(later.aliases, [{ dnsName: "api", port }]);
    for (const caller of ["mail", "jobs"]) {
      assert.ok((await deployment(caller)).began > later.began, caller);
    }
  });

  it("refuse another protocol, and change nothing", async () => {
    const services = { api: { ...api, port: 8081, protocol: "grpc" }, jobs };
    await assert.rejects(
      async () => up(await stack(services), log),
      /what a service speaks to its callers cannot change/,
    );
    assert.deepEqual((await deployment("api")).aliases, [{ dnsName: "api", port: 8081 }]);
  });

  it("are no callers any more, and cannot connect", async () => {
    await changed({ api: { ...api, port: 8081 }, jobs });
    assert.notEqual((await deployment("jobs")).enabled, true);
    assert.deepEqual([await calls(), await rules(bench, "Direct calls")], [[], []]);
    assert.deepEqual(await registered("api"), []);
    assert.deepEqual((await discovery("ListNamespaces")).Namespaces, namespaces);
  });

  it("are destroyed", async () => {
    const { changes } = await destroy(await stack({ api, jobs }), log);
    assert.deepEqual(Object.keys(changes), ["delete"]);
  });
});
