import assert from "node:assert/strict";
import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
} from "@aws-sdk/client-ecr";
import { emptyPreview } from "../../../rehearsal/update";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { buildOnEachOther, log, startBench, type Bench } from "../support";
import { RunningEnvironment } from "./environment";

const scaling = { min: 2, max: 4 };
const deployment = { strategy: "rolling" };
const web = { build: "app", port: 3000, scaling, deployment };
const api = { port: 3000, scaling, deployment, route: { paths: ["/api/*"] } };

/** What the listener of a running production may never do while somebody changes it: lead to nobody. */
describe("changes of a running environment, watched after every call", function () {
  buildOnEachOther();
  let bench: Bench;
  let environment: RunningEnvironment;

  const services = (given: Record<string, unknown>): StackConfig => ({
    "gantry:services": given,
  });

  /** Makes a change, and fails where any request would have been lost on the way. */
  const changes = async (config: StackConfig, ...paths: readonly string[]) => {
    await environment.watch(...paths);
    environment.config = { ...environment.config, ...config };
    await environment.up();
    assert.deepEqual(await environment.lost(), []);
    await emptyPreview(await environment.stack(), log);
  };

  before(async () => {
    bench = await startBench();
    environment = new RunningEnvironment(bench, services({ web, api }));
    await environment.up();
    await environment.release("web", "api");
    await environment.up();
  });

  after(() => bench?.stop());

  it("takes another port, whose tasks come late", async () => {
    await environment.slowStart("web");
    await changes(services({ web: { ...web, port: 8080 }, api }), "/", "/api/orders");
  });

  it("takes another health check and drain time", async () => {
    const healthCheck = { path: "/ready", intervalSeconds: 20 };
    const given = { ...web, port: 8080, healthCheck, drainSeconds: 60 };
    await changes(services({ web: given, api }), "/", "/api/orders");
  });

  it("exchanges the routes of two services", async () => {
    const exchanged = { web: { ...web, route: api.route }, api: { ...api, route: {} } };
    await changes(services(exchanged), "/", "/api/orders");
  });

  it("moves a service to other paths", async () => {
    const moved = { ...web, route: { paths: ["/api/*", "/v2/*"] } };
    await changes(services({ web: moved, api: { ...api, route: {} } }), "/", "/api/orders");
  });

  it("renames a service whose tasks come late", async () => {
    await environment.slowStart("site");
    const given = { web: { ...web, route: api.route }, site: { ...api, route: {} } };
    await changes(services(given), "/", "/api/orders");
  });

  it("keeps more releases, though the repositories are kept", async () => {
    const repositoryName = environment.names.repository("web");
    await changes({ "gantry:registry": { keepReleases: 60 } }, "/", "/api/orders");
    const { lifecyclePolicyText } = await new ECRClient(bench.client).send(
      new GetLifecyclePolicyCommand({ repositoryName }),
    );
    assert.match(lifecyclePolicyText ?? "", /"countNumber":61/);
  });

  it("removes a service, whose repository stays", async () => {
    await changes(services({ site: { ...api, route: {} } }), "/");
    const { repositories = [] } = await new ECRClient(bench.client).send(
      new DescribeRepositoriesCommand({}),
    );
    const names = repositories.map(({ repositoryName }) => repositoryName).sort();
    assert.deepEqual(names, ["api", "site", "web"].map(environment.names.repository));
  });
});
