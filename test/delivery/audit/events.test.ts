import assert from "node:assert/strict";
import { environmentNames } from "../../../contract/names";
import type { AuditEntry } from "../../../delivery/audit/entries";
import { lookedUp, readEvent, type TrailEvent } from "../../../delivery/audit/events";
import { trailEntries } from "../../../delivery/audit/trail";
import { FakeClock } from "../support/fakeClock";
import { minute } from "../metrics/records";

const names = environmentNames({ name: "shop", stack: "production" });
const concerned = { names, secrets: [{ id: "payment-key" }] };
const token = `ghp_${"a".repeat(36)}`;
const ada = "arn:aws:sts::123456789012:assumed-role/Admin/ada";

/** As CloudTrail has it. */
const event = (
  eventName: string,
  requestParameters: object,
  more: TrailEvent = {},
): TrailEvent => ({
  ...{ eventName, eventID: `id-${eventName}`, eventTime: minute(10) },
  userIdentity: {
    ...{ type: "AssumedRole", arn: ada },
    sessionContext: { sessionIssuer: { userName: "Admin" } },
  },
  requestParameters: requestParameters as Record<string, unknown>,
  ...more,
});

describe("what CloudTrail's events are to an environment", () => {
  const entry = (of: TrailEvent): AuditEntry => {
    const reading = readEvent(of, concerned);
    assert.ok(typeof reading !== "string");
    return reading.entry;
  };
  const cluster = `arn:aws:ecs:eu-west-1:123456789012:cluster/${names.cluster}`;
  const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:payment-key-Ab12Cd";

  it("are changed secrets that its services read, by name and by ARN, and those of its name", () => {
    for (const id of ["payment-key", secretArn, "gantry/shop/production/pulumi-access-token"]) {
      const { kind, what, who } = entry(event("PutSecretValue", { secretId: id }));
      assert.deepEqual([kind, what, who], ["secret", `PutSecretValue ${id}`, ada]);
    }
    for (const id of ["payment-key-of-another", "gantry/shop/staging/token", "other"]) {
      assert.equal(readEvent(event("PutSecretValue", { secretId: id }), concerned), "other", id);
    }
  });

  it("are a pointer that somebody moved, and the mark of a sleep, which are changes and no secrets", () => {
    for (const name of [names.releasePointer, names.sleepMarker]) {
      assert.equal(entry(event("PutParameter", { name })).kind, "change");
    }
    const other = event("PutParameter", { name: "/gantry/shop/staging/release" });
    assert.equal(readEvent(other, concerned), "other");
  });

  it("are sessions, with the program and never its arguments", () => {
    const session = event(
      "ExecuteCommand",
      { cluster, task: "0f1e", command: `psql --password hunter2 ${token}` },
      { responseElements: { session: { sessionId: "ecs-execute-command-0f1e" } } },
    );
    const reading = readEvent(session, concerned);
    assert.ok(typeof reading !== "string");
    assert.equal(reading.session, "ecs-execute-command-0f1e");
    assert.deepEqual([reading.entry.kind, reading.entry.detail], ["session", "runs psql"]);
    assert.doesNotMatch(JSON.stringify(reading), /hunter2|ghp_/);
  });

  it("are services and tasks of its cluster, whichever way that is named", () => {
    for (const named of [names.cluster, cluster]) {
      const { what, kind } = entry(event("UpdateService", { cluster: named, service: "web" }));
      assert.deepEqual([what, kind], ["UpdateService web", "change"]);
    }
    const run = event("RunTask", { cluster, taskDefinition: "shop--production--web:7" });
    assert.equal(entry(run).what, "RunTask shop--production--web:7");
    const serviceDeploymentArn = `arn:aws:ecs:eu-west-1:123456789012:service-deployment/${names.cluster}/web/x`;
    assert.match(entry(event("StopServiceDeployment", { serviceDeploymentArn })).what, /web\/x$/);
    for (const other of [undefined, "shop--staging", `${cluster}-2`]) {
      assert.equal(readEvent(event("UpdateService", { cluster: other }), concerned), "other");
    }
  });

  it("are how many tasks a service was given", () => {
    const service = names.service("web");
    const set = entry(event("UpdateService", { cluster, service, desiredCount: 0 }));
    assert.deepEqual([set.what, set.detail], [`UpdateService ${service}`, "tasks: 0"]);
    const scaled = (of: string) =>
      event("RegisterScalableTarget", {
        ...{ resourceId: `service/${of}/${service}`, serviceNamespace: "ecs" },
        ...{ minCapacity: 4, maxCapacity: 20 },
      });
    const { what, kind, detail } = entry(scaled(names.cluster));
    assert.deepEqual(
      [what, kind, detail],
      [`RegisterScalableTarget ${service}`, "change", "tasks: 4 to 20"],
    );
    for (const other of ["shop--staging", `${names.cluster}-2`]) {
      assert.equal(readEvent(scaled(other), concerned), "other");
    }
  });

  it("are what was done to its pipeline's stages", () => {
    const stop = { pipelineName: names.pipeline, stageName: "Deploy", reason: token };
    const { what, kind, detail } = entry(event("DisableStageTransition", stop));
    assert.deepEqual(
      [what, kind, detail],
      ["DisableStageTransition shop--production/Deploy", "pipeline", "a reason was given"],
    );
  });

  it("are no doing of its own roles, and of services that act by themselves", () => {
    const by = (userIdentity: TrailEvent["userIdentity"]) =>
      readEvent(event("UpdateService", { cluster }, { userIdentity }), concerned);
    const role = (userName: string) => ({ sessionContext: { sessionIssuer: { userName } } });
    assert.equal(by(role(names.action("deploy"))), "own");
    assert.equal(by({ invokedBy: "application-autoscaling.amazonaws.com" }), "own");
    assert.equal(by({ type: "AWSService" }), "own");
    assert.notEqual(by(role("shop--staging--deploy")), "own");
  });

  it("tell what was refused, too", () => {
    const denied = event(
      "PutSecretValue",
      { secretId: "payment-key" },
      { errorCode: "AccessDenied" },
    );
    assert.equal(entry(denied).detail, "refused: AccessDenied");
  });

  it("are looked up by name, twice a second at most, page by page", async () => {
    const clock = new FakeClock();
    const began = clock.now().getTime();
    const asked: string[] = [];
    const send = ({ input }: { input: Record<string, unknown> }): Promise<unknown> => {
      const [{ AttributeValue: name }] = input.LookupAttributes as { AttributeValue: string }[];
      asked.push(name);
      if (name !== "PutSecretValue") return Promise.resolve({});
      const CloudTrailEvent = JSON.stringify(event(name, { secretId: "payment-key" }));
      return Promise.resolve({
        Events: [{ CloudTrailEvent }],
        NextToken: input.NextToken ? undefined : "more",
      });
    };
    const now = clock.now();
    const lately = { since: new Date(now.getTime() - 60_000), until: now };
    const { entries, gaps } = await trailEntries({
      ...{ cloudtrail: { send } as never, concerned, period: lately, clock },
    });
    assert.equal(entries.length, 2);
    assert.deepEqual(gaps, []);
    assert.deepEqual([...new Set(asked)], Object.keys(lookedUp));
    const seconds = (clock.now().getTime() - began) / 1000;
    assert.ok(asked.length / seconds <= 2, `${asked.length} in ${seconds} s`);
  });

  for (const [trails, told] of [
    [[{ Name: "audit", S3BucketName: "logs" }], /Trails may have them: audit in s3:\/\/logs$/],
    [[], /there is no trail that has kept them$/],
    [undefined, /is not known \(cloudtrail:DescribeTrails\): no$/],
  ] as const) {
    it(`end after 90 days, which is told: ${told.source}`, async () => {
      const clock = new FakeClock();
      const starts: number[] = [];
      const send = ({ input }: { input: { StartTime?: Date } }): Promise<unknown> => {
        if (input.StartTime) starts.push(input.StartTime.getTime());
        else if (!trails) return Promise.reject(new Error("no"));
        return Promise.resolve({ trailList: trails });
      };
      const oldest = clock.now().getTime() - 90 * 86_400_000;
      const long = { since: new Date(0), until: clock.now() };
      const { gaps } = await trailEntries({
        ...{ cloudtrail: { send } as never, concerned, period: long, clock },
      });
      assert.deepEqual([...new Set(starts)], [oldest]);
      assert.match(gaps[0], told);
    });
  }
});
