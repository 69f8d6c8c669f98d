import assert from "node:assert/strict";
import type { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { commandTimes, deliveryTimes } from "../../../contract/times";
import { Deadline } from "../../../delivery/deadline";
import { describeServices } from "../../../delivery/deploy/ecs";
import { servicePorts, type ServicePorts } from "../../../delivery/deploy/servicePorts";
import { aTarget } from "../support/aTarget";
import { FakeClock } from "../support/fakeClock";
import { releaseNumber } from "../support/fakePorts";
import { ecsWithAll, ShiftingEcs } from "../support/shiftingEcs";

const target = aTarget({
  services: {
    web: { build: "web" },
    pages: {
      ...{ build: "pages", route: { paths: ["/pages/*"] } },
      deployment: { strategy: "blueGreen", compare: false },
    },
    report: { kind: "job", build: "report" },
  },
});

describe("what deployments ask of services that are held", () => {
  let clock: FakeClock;
  let web: ShiftingEcs;
  let pages: ShiftingEcs;
  let ports: ServicePorts;
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const release = releaseNumber(2, ["web"]);
  const { uri, digest } = release.images.web;

  const compared: GetMetricDataCommand["input"][] = [];
  const cloudwatch = {
    send: ({ input }: GetMetricDataCommand) => Promise.resolve(compared.push(input) && {}),
  } as unknown as CloudWatchClient;

  const make = () => {
    clock = new FakeClock();
    web = new ShiftingEcs(clock, target.names.service("web"));
    pages = new ShiftingEcs(clock, target.names.service("pages"));
    const ecs = ecsWithAll([web, pages], (revision) =>
      revision === "2" ? `${uri}@${digest}` : "registry.example.com/earlier",
    );
    const times = deliveryTimes(target.config);
    ports = servicePorts(ecs, target, {
      ...{ cloudwatch, times, clock, deadline: new Deadline(clock, commandTimes(times, "deploy")) },
      described: () => describeServices(ecs, target),
    });
  };

  beforeEach(make);

  it("compares new tasks with old ones where it is asked to, but for services of which config says not to", async () => {
    await ports.steadyState(release, note);
    assert.deepEqual(compared, []);
    make();
    await ports.steadyState(release, note, { compares: true });
    const groups = JSON.stringify(compared).match(/targetgroup\/[^/]+/g);
    const of = (revision: number) => `targetgroup/${web.serviceName}-${revision}`;
    assert.deepEqual([...new Set(groups)], [of(2), of(1)]);
    assert.match(lines.join("\n"), /pages: .*not compared with the old tasks: config says/);
  });

  it("waits until the release is held, and leaves others to whoever began them", async () => {
    const held = await ports.steadyState(release, note, { held: "stop", since: web.createdAt });
    assert.deepEqual(
      held.map(({ service }) => service),
      ["web"],
    );
    assert.deepEqual([web.asked, pages.asked], [[], []]);
  });

  it("lets all go on that are held, also those that the release has no image of", async () => {
    assert.deepEqual(await ports.steadyState(release, note, { since: web.createdAt }), []);
    assert.deepEqual([web.asked, pages.asked], [["answer CONTINUE"], ["answer CONTINUE"]]);
    assert.deepEqual([web.status, pages.status], ["SUCCESSFUL", "SUCCESSFUL"]);
    assert.deepEqual(await ports.underWay(), []);
  });

  it("goes back on all of them, and says on which ECS has", async () => {
    await ports.steadyState(release, note, { held: "stop" });
    assert.deepEqual(
      (await ports.underWay()).map(({ service, held }) => [service, held?.hookId]),
      [
        ["web", "hook-1"],
        ["pages", undefined],
      ],
    );
    pages.stuckAt = "SCALE_UP";
    assert.deepEqual([...(await ports.goBack(note))].sort(), ["pages", "web"]);
    assert.deepEqual([web.asked, pages.asked], [["answer ROLLBACK"], ["stop ROLLBACK"]]);
    assert.deepEqual(await ports.wentBack(web.createdAt), ["web", "pages"]);
    assert.deepEqual(await ports.wentBack(new Date(web.createdAt.getTime() + 1)), []);
  });

  it("leaves alone what began with the deployment, or after it", async () => {
    await ports.steadyState(release, note, { held: "stop" });
    assert.deepEqual(await ports.goBack(note, web.createdAt), []);
    assert.deepEqual([web.asked, pages.asked], [[], []]);
  });
});
