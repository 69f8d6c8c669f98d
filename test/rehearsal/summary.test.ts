import assert from "node:assert/strict";
import { table } from "../../delivery/text";
import type { Report } from "../../rehearsal/report";
import { summary } from "../../rehearsal/summary";
import { delivered, digest, neverDelivered } from "./reportFixture";

const summaryOf = (report: Report) => summary(report, "npm start --");

describe("a table", () => {
  it("has columns as wide as what is in them, with figures to the right", () => {
    const rows = [
      ["web", "4.0"],
      ["a longer name", "13.5"],
    ];
    assert.equal(
      table(["service", "seconds#"], rows, { rule: true }),
      [
        "service        seconds",
        "-------------  -------",
        "web                4.0",
        "a longer name     13.5",
      ].join("\n"),
    );
  });

  it("ends no line with spaces, and has its header without rows", () => {
    assert.equal(table(["name", "note"], [["a", ""]], { rule: true }), "name  note\n----  ----\na");
    assert.equal(table(["name"], [], { rule: true }), "name\n----");
  });
});

describe("the summary of npm start", () => {
  const text = summaryOf(delivered);
  const lines = text.split("\n");
  const line = (pattern: RegExp) => lines.filter((one) => pattern.test(one));

  it("has what each environment's engine did, and how long it took", () => {
    assert.equal(line(/^environment +resources +up s +preview s +release$/).length, 1, text);
    assert.equal(line(/^staging +76 +74\.1 +10\.3 +bootstrap$/).length, 1, text);
  });

  it("has each commit with its outcome, and each of its actions in order", () => {
    assert.equal(
      line(/^3f9c2a1b feat: the shop\. It runs in staging and in production\.$/).length,
      1,
    );
    const staging = lines.indexOf(line(/^shop-staging +Source +Source +0\.4 +succeeded$/)[0]);
    assert.ok(staging > 0, text);
    assert.match(lines[staging + 1], /^shop-staging +Build +Build-web +32\.8 +succeeded$/);
    assert.equal(line(/^shop-production +Approve +Approve +4\.0 +succeeded$/).length, 1);
  });

  it("has what actions took to Gantry's first line", () => {
    assert.equal(
      line(
        /^From an action's start to Gantry's first line: 1\.4 s in the middle, 2\.6 s at most\.$/,
      ).length,
      1,
      text,
    );
  });

  it("tells a failure, and what was not reached without a time", () => {
    assert.equal(line(/^shop-staging +Deploy +Conclude +10\.0 +failed$/).length, 1, text);
    assert.equal(line(/^shop-staging +Promote +Promote +not reached$/).length, 1, text);
  });

  it("has where services are to be opened, and whether they still answer", () => {
    const address =
      /^staging +web +http:\/\/127\.0\.0\.1:40123 +https:\/\/staging\.shop\.example\.com$/;
    assert.equal(line(address).length, 1, text);
    assert.doesNotMatch(text, /--keep leaves them/);
    assert.match(
      summaryOf({ ...delivered, kept: false }),
      /until now; npm start -- --keep leaves them/,
    );
  });

  it("has what runs, by its whole digest, verified or not", () => {
    const wanted = new RegExp(`^production +web +3f9c2a1b-17 +yes +${digest}$`);
    assert.equal(line(wanted).length, 1, text);
    const running = delivered.running.map((one) => ({ ...one, verified: false }));
    assert.match(summaryOf({ ...delivered, running }), /^staging +web +3f9c2a1b-17 +no +sha256/m);
    const [one] = delivered.running;
    const services = one.services.map((service) => ({ ...service, checked: false }));
    const unchecked = summaryOf({ ...delivered, running: [{ ...one, services }] });
    assert.match(unchecked, /^staging +web +3f9c2a1b-17 +no checks +sha256/m);
  });

  it("has the API calls before the wait, where they were counted", () => {
    assert.match(text, /An image-only deployment made 17 AWS API calls before it waited\./);
    const uncounted = { ...delivered, callsBeforeWait: undefined };
    assert.doesNotMatch(summaryOf(uncounted), /API calls/);
  });

  it("has what users got while a commit came to production", () => {
    assert.equal(
      line(/^While /).join(),
      "While 3f9c2a1b came to production, a client asked 449 times: none failed, none answered by what was not verified.",
    );
  });

  it("has what became of each request that failed", () => {
    const [first, ...others] = delivered.deliveries;
    assert.ok(first.traffic);
    const [web] = first.traffic.services;
    const [good] = web.answers;
    const answers = [{ ...good, count: 2, kind: "failed", status: 502, error: "reset" }] as const;
    const failed = { ...first, traffic: { ...first.traffic, services: [{ ...web, answers }] } };
    assert.match(
      summaryOf({ ...delivered, deliveries: [failed, ...others] }),
      /a client asked 2 times: 2 failed.*\n {2}web: 2 requests from .* failed: 502 reset \(/,
    );
  });

  it("tells once what was simulated, and says nothing where all was real", () => {
    assert.doesNotMatch(text, /Simulated/);
    const simulated = ["images are not built"];
    const deliveries = delivered.deliveries.map((one) => ({
      ...one,
      runs: one.runs.map((run) => ({ ...run, simulated })),
    }));
    const told = summaryOf({ ...delivered, deliveries }).match(
      /^Simulated: images are not built\.$/gm,
    );
    assert.equal(told?.length, 1);
  });

  it("is short where nothing was delivered", () => {
    const short = summaryOf(neverDelivered);
    assert.match(short, /^environment +resources +release/);
    assert.equal(short.split("\n").length, 2, short);
  });
});
