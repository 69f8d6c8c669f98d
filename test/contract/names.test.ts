import assert from "node:assert/strict";
import fc from "fast-check";
import { environmentNames, type EnvironmentNames } from "../../contract/names";

/** Every name of an environment, those of one service among them. */
function namesOf(names: EnvironmentNames, service: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(
      ([key, name]: [string, string | ((...parts: string[]) => string)]) => [
        key,
        typeof name === "string" ? name : name(service, "eu-west-1"),
      ],
    ),
  );
}

describe("environmentNames", () => {
  it("are these: whoever renames one parts delivery from what runs", () => {
    assert.deepEqual(namesOf(environmentNames({ name: "shop", stack: "staging" }), "web"), {
      prefix: "shop--staging",
      cluster: "shop--staging",
      domain: "staging.shop.internal",
      releasePointer: "/gantry/shop/staging/release",
      releasePointerPath: "/gantry/shop/staging",
      sleepMarker: "/gantry/shop/staging/asleep",
      flowLogGroup: "/gantry/shop/staging/flow-logs",
      historyRole: "shop--staging--history",
      execLogGroup: "/gantry/shop/staging/exec",
      auditTrail: "shop.staging",
      logExportGroup: "/gantry/shop/staging/log-export",
      logExport: "shop--staging--logs",
      logDatabase: "shop__staging",
      service: "shop--staging--web",
      taskFamily: "shop--staging--web",
      releaseCommandFamily: "shop--staging--web--release",
      repository: "shop/staging/web",
      notifications: "shop--staging--notifications",
      own: "shop--staging--own--web",
      builderRepository: "shop/staging.builder",
      mirrorRepository: "shop/staging.mirror",
      topic: "shop--staging--web--eu-west-1",
      queue: "shop--staging--web--eu-west-1",
      scheduleFailures: "shop--staging--schedules-dead",
      secret: "shop/staging/web",
      logGroup: "/gantry/shop/staging/services/web",
      pipeline: "shop--staging",
      action: "shop--staging--web",
      deployRetry: "shop--staging--deploy--retry",
      receiveRole: "shop--staging--receive",
      releaseBucket: "shop--staging--releases-web-eu-west-1",
      stateKeyAlias: "alias/shop--staging--pulumi",
      ledger: "shop--staging--deployments",
      accessTokenSecret: "gantry/shop/staging/pulumi-access-token",
    });
  });

  it("keep the pointer directly below the path that it is read by", () => {
    const { releasePointer, releasePointerPath } = environmentNames({ name: "a", stack: "b" });
    assert.equal(releasePointer.replace(/\/[^/]+$/, ""), releasePointerPath);
  });

  it("of any two environments never meet, whatever product, stack and service are called", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,2}(-[a-z0-9]{1,2}){0,2}$/);
    const key = fc.record({ name: word, stack: word });
    fc.assert(
      fc.property(key, key, word, word, (one, other, service, otherService) => {
        fc.pre(one.name !== other.name || one.stack !== other.stack);
        const names = namesOf(environmentNames(one), service);
        const others = namesOf(environmentNames(other), otherService);
        for (const [key, value] of Object.entries(names)) assert.notEqual(value, others[key]);
      }),
    );
  });

  it("tell shop with eu-staging from shop-eu with staging", () => {
    const one = namesOf(environmentNames({ name: "shop", stack: "eu-staging" }), "web");
    const other = namesOf(environmentNames({ name: "shop-eu", stack: "staging" }), "web");
    for (const [key, value] of Object.entries(one)) assert.notEqual(value, other[key]);
  });

  it("that begin with an environment's prefix and two hyphens are of no other environment", () => {
    const { prefix } = environmentNames({ name: "shop", stack: "staging" });
    for (const stack of ["staging-eu", "staging-web", "staging2"]) {
      const { taskFamily, action, ledger } = environmentNames({ name: "shop", stack });
      for (const name of [taskFamily("web"), action("deploy"), ledger]) {
        assert.ok(!name.startsWith(`${prefix}--`), name);
      }
    }
  });

  it("of one environment never meet within one kind of resource", () => {
    const names = environmentNames({ name: "shop", stack: "staging" });
    const odd = [
      "web",
      "web-release",
      "release",
      "deploy",
      "build-web",
      "receive",
      "builder",
      "mirror",
    ];
    const services = [...odd, "deployments", "releases", "services", "exec", "flow-logs"];
    const actions = ["release", "plan", "deploy", "verify", "conclude", "promote", "source", "ecs"];
    const families = services.flatMap((s) => [names.taskFamily(s), names.releaseCommandFamily(s)]);
    const repositories = [
      ...services.map(names.repository),
      ...[names.builderRepository, names.mirrorRepository],
    ];
    const logGroups = [
      ...[...services.map(names.logGroup), names.flowLogGroup],
      ...[names.execLogGroup, names.logExportGroup],
    ];
    const roles = [
      ...[...actions, ...services.map((s) => `build-${s}`)].map(names.action),
      names.receiveRole,
      names.historyRole,
    ];
    for (const kind of [families, repositories, logGroups, roles]) {
      assert.deepEqual([...new Set(kind)], kind);
    }
  });
});
