import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { PlanEvidence } from "../../../delivery/evidence";
import { evidenceSummary, longestSummary, summaryLines } from "../../../delivery/plan/summary";
import { ofManyServices, someEvidence } from "../support/someEvidence";

describe("the summary of the evidence", () => {
  it("says what comes, what runs, what changes, and how it was tested", () => {
    assert.equal(
      evidenceSummary(someEvidence()),
      "Release 3f9c2a1b-17 (Sort the cart by price) by Ada Lovelace for production, which runs 1a2b3c4d-15. " +
        "Commits: 1a2b3c4d..3f9c2a1b with releases 99aabbcc-16. " +
        "Images: web 1a2b3c4d to 3f9c2a1b; 1 unchanged. " +
        "Settings: web cpu 256 to 512. " +
        "Tests: jobs passed in 3 s, web passed in 12 s. " +
        "Scan: web 2 HIGH 1 LOW. " +
        "Verified: passed at 2026-01-31T11:30:00Z (flaky: web).",
    );
  });

  it("is a line for each thing that it is about, on a terminal", () => {
    const summary = evidenceSummary(someEvidence({ settingsSince: "2b3c4d5e-16" }));
    const lines = summaryLines(summary);
    assert.equal(lines.join(" "), summary);
    assert.deepEqual(
      lines.map((line) => /^[A-Z]\w+/.exec(line)?.[0]),
      ["Release", "Commits", "Images", "Settings", "Tests", "Scan", "Verified"],
    );
  });

  it("says first what was verified here, and whether anybody meets it yet, where people are asked after that", () => {
    const evidence = someEvidence();
    const verification = {
      ...evidence.verification!,
      at: "2026-01-31T12:30:00Z",
      services: { web },
    };
    const told = evidenceSummary({ ...evidence, here: { verification, waits: true } });
    assert.match(
      told,
      /runs 1a2b3c4d-15\. Its new tasks wait, and get no request yet\. Verified here: passed at 2026-01-31T12:30:00Z\. Commits: /,
    );
    assert.match(told, /Verified before: passed at 2026-01-31T11:30:00Z \(flaky: web\)\.$/);
    assert.match(
      evidenceSummary({ ...evidence, here: { verification, waits: false } }),
      /Its tasks serve already\. Verified here: passed/,
    );
  });

  const web = { passed: true, attempts: 1, seconds: 8, output: [] };
  const table: readonly (readonly [string, Partial<PlanEvidence>, RegExp])[] = [
    [
      "the first release ever",
      { running: undefined, between: [], rangeIsKnown: false },
      /which runs no release yet\. Commit: 3f9c2a1b\. /,
    ],
    [
      "settings of the first release ever",
      { running: undefined },
      /Settings: the service's own replace the placeholder's\. Tests/,
    ],
    [
      "one commit built again",
      { running: { release: "3f9c2a1b-16", commit: "3f9c2a1b".repeat(5) }, between: [] },
      /Commit: 3f9c2a1b again\./,
    ],
    [
      "a range that nobody knows",
      { rangeIsKnown: false, between: [] },
      /Commits: 1a2b3c4d\.\.3f9c2a1b \(what runs is not among the known releases: more may come along\)\./,
    ],
    [
      "a release on the way that was not good",
      {
        between: [
          {
            ...{ release: "99aabbcc-16", commit: "99aabbcc".repeat(5) },
            ...{ at: "2026-01-31T10:00:00Z", outcome: "failed its verification" },
          },
        ],
      },
      /with releases 99aabbcc-16 \(failed its verification\)\./,
    ],
    ["a range without other releases", { between: [] }, /Commits: 1a2b3c4d\.\.3f9c2a1b\. /],
    ["no images that change", { images: [] }, /Images: none changes\./],
    ["no settings that change", { settings: [] }, /Settings: none changes\./],
    [
      "a setting that comes, and one that goes",
      {
        settings: [
          { service: "web", property: "app.environment.A", to: "1" },
          { service: "web", property: "app.environment.B", from: "2" },
        ],
      },
      /Settings: web app\.environment\.A none to 1, web app\.environment\.B 2 to none\./,
    ],
    [
      "a service that comes, and one that goes",
      {
        images: [
          { service: "new", to: { tag: "3f9c2a1b", digest: "sha256:a" }, changed: true },
          { service: "old", from: { tag: "1a2b3c4d", digest: "sha256:b" }, changed: true },
        ],
      },
      /Images: new none to 3f9c2a1b, old 1a2b3c4d to none\./,
    ],
    [
      "a danger that somebody accepted",
      {
        dangers: [
          {
            path: "gantry:services.web.user",
            danger: "root: whoever takes it over owns the container",
            verdict: "Accepted: the vendor's image (rule root)",
          },
        ],
      },
      /to 512\. Dangerous: gantry:services\.web\.user \(Accepted: the vendor's image \(rule root\)\)\. Tests: /,
    ],
    ["no tests", { tests: {} }, /Tests: none are known\./],
    ["no scans", { scans: {} }, /Scan: none is known\./],
    ["scans without findings", { scans: { web: {}, jobs: { HIGH: 0 } } }, /Scan: no findings\./],
    [
      "an image without a scan, beside others",
      { scans: { web: { HIGH: 2 } } },
      /Scan: web 2 HIGH, jobs not scanned\./,
    ],
    ["no verification", { verification: undefined }, /Verified: nowhere yet\.$/],
    [
      "a verification that checked nothing",
      {
        verification: {
          ...{ release: "3f9c2a1b-17", passed: true, services: {} },
          at: "2026-01-31T11:30:00Z",
        },
      },
      /Verified: at 2026-01-31T11:30:00Z without any checks\.$/,
    ],
    [
      "a verification that failed",
      {
        verification: {
          ...{ release: "3f9c2a1b-17", passed: false, at: "2026-01-31T11:30:00Z" },
          services: { web: { passed: false, attempts: 2, seconds: 1, output: [] } },
        },
      },
      /Verified: FAILED at/,
    ],
    [
      "a commit without author and subject",
      { author: undefined, subject: undefined },
      /^Release 3f9c2a1b-17 for production, which runs/,
    ],
    [
      "quotes, backslashes and line breaks",
      { subject: 'Say "no" to C:\\temp\r\n\tand\u2028more\u0000' },
      /\(Say 'no' to C:'temp and more \)/,
    ],
  ];
  for (const [what, more, expected] of table) {
    it(`tells ${what}`, () => assert.match(evidenceSummary(someEvidence(more)), expected));
  }

  for (const count of [12, 40, 400]) {
    it(`has every heading with ${count} services, and counts what it leaves out`, () => {
      const summary = evidenceSummary(ofManyServices(count));
      assert.ok(summary.length <= longestSummary, `${summary.length}: ${summary}`);
      for (const heading of ["Commits", "Images", "Settings", "Tests", "Scan", "Verified"]) {
        assert.match(summary, new RegExp(`\\. ${heading}: `));
      }
      assert.match(summary, /Images: service-0 1a2b3c4d to 3f9c2a1b, .* and \d+ more\./);
      assert.doesNotMatch(summary, /\.\.\.$/);
    });
  }

  it("keeps all of it where that fits", () => {
    assert.doesNotMatch(evidenceSummary(ofManyServices(5)), /more/);
  });

  it("cuts a long subject, and keeps what comes after it", () => {
    const summary = evidenceSummary(someEvidence({ subject: "long ".repeat(1000) }));
    assert.match(summary, /\(long long .*\.\.\.\) by Ada/);
    assert.match(summary, /Verified: passed/);
  });

  it("cuts no character in two", () => {
    for (const padding of ["", "a"]) {
      const summary = evidenceSummary(someEvidence({ subject: padding + "😀".repeat(100) }));
      assert.equal(Buffer.from(summary).toString(), summary);
    }
  });

  it("is one line of at most 900 characters without quotes or backslashes, whatever it is given", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    const value = fc.record({ service: text, property: text, from: text, to: text });
    fc.assert(
      fc.property(
        ...[text, text, text, fc.array(value, { maxLength: 30 }), fc.dictionary(text, text)],
        (subject, author, release, settings, tests) => {
          const summary = evidenceSummary(
            someEvidence({ subject, author, release, settings, tests }),
          );
          assert.ok(summary.length <= longestSummary);
          assert.match(summary, /^[^"\\\p{Cc}\u2028\u2029]+$/u);
        },
      ),
      { numRuns: 40 },
    );
  });
});
