import assert from "node:assert/strict";
import { ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { logTail } from "../../../delivery/explain/logs";
import { loggedElsewhere, logPlaceOf } from "../../../delivery/explain/place";
import { parse } from "../../stacks/config/support";

const options = { Name: "datadog" };
const of = (router: unknown) => parse({ services: { web: { sidecars: { router } } } });

describe("where a service's log is", () => {
  it("is in CloudWatch, as long as no log router has options", () => {
    assert.equal(loggedElsewhere(of("fireLens"), "web"), undefined);
    assert.equal(loggedElsewhere(of({ image: "nginx:1.29" }), "web"), undefined);
  });

  it("is where a log router's options lead", () => {
    const said = (given: object) => loggedElsewhere(of({ kind: "fireLens", ...given }), "web");
    assert.equal(
      said({ options }),
      "its log is handed on by services.web.sidecars.router (datadog), and read there",
    );
    assert.match(said({ options: {} }) ?? "", /\(as its own configuration says\)/);
  });

  it("is said where CloudWatch has none", async () => {
    const place = logPlaceOf({ logGroup: (name) => `/shop/${name}` }, { service: "web" }, "0a1b");
    const logs = {
      send: () => Promise.reject(new ResourceNotFoundException({ message: "none", $metadata: {} })),
    } as unknown as CloudWatchLogsClient;
    assert.deepEqual(await logTail(logs, place, "it is elsewhere"), ["it is elsewhere"]);
    assert.deepEqual(await logTail(logs, place), [
      "it logged nothing: /shop/web has no stream app/app/0a1b",
    ]);
  });
});

describe("the last lines of a log", () => {
  it("have three stars in the place of what looks like a secret", async () => {
    const messages = [
      "connecting to postgres://shop:hunter2@db.example.com/shop",
      `-----BEGIN ${"PRIVATE"} KEY-----`,
      "MIIEvQIBADANBgkqhkiG9w0BAQ",
      `-----END ${"PRIVATE"} KEY-----`,
      "SESSION_SECRET=correct-horse is set",
    ];
    const logs = {
      send: () => Promise.resolve({ events: messages.map((message) => ({ message })) }),
    } as unknown as CloudWatchLogsClient;
    const [, ...lines] = await logTail(logs, { logGroupName: "g", logStreamName: "s" });
    assert.deepEqual(lines, ["  | connecting to ***", "  | ***", "  | SESSION_SECRET=*** is set"]);
  });
});
