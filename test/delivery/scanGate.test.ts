import assert from "node:assert/strict";
import type { ImageScanFinding } from "@aws-sdk/client-ecr";
import {
  describeCounts,
  passScanGate,
  ScanRefused,
  scanPolicy,
  type ScanPolicy,
} from "../../delivery/scanGate";
import { parse, type Values } from "../stacks/config/support";
import { FakeClock } from "./support/fakeClock";
import { awsError, FakeEcr, scanned, type ScanAnswers } from "./support/fakeEcr";

const digest = `sha256:${"a".repeat(64)}`;

function finding(name: string, severity: "CRITICAL" | "HIGH" | "LOW"): ImageScanFinding {
  return {
    name,
    severity,
    uri: `https://example.com/${name}`,
    attributes: [
      { key: "package_name", value: "openssl" },
      { key: "package_version", value: "3.0.1" },
    ],
  };
}

function found(...findings: ImageScanFinding[]) {
  const counts: Record<string, number> = {};
  for (const { severity = "" } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return {
    imageScanStatus: { status: "COMPLETE" as const },
    imageScanFindings: { findingSeverityCounts: counts, findings },
  };
}

const status = (name: string, description?: string) => ({
  imageScanStatus: { status: name as "PENDING", description },
});

/** What ECR says of an image FROM scratch: basic scanning fails of it, a newer scan knows the status. */
const unsupported = [
  ["UNSUPPORTED_IMAGE", "no package manager"],
  ["FAILED", "UnsupportedImageError: the operating system is not supported."],
] as const;

describe("scanPolicy", () => {
  const policyOf = (scan: Values, pipeline?: Values) =>
    scanPolicy(
      parse({ services: { web: { scan }, api: { route: { paths: ["/api/*"] } } }, pipeline }),
      "web",
    );
  const allow = [{ id: "CVE-2026-1", until: "2026-12-31", reason: "no fix yet" }];
  const source = { type: "codecommit", repository: "shop" };

  it("is the pipeline's, with what the service says otherwise", () => {
    const pipeline = { source, scan: { severity: "HIGH", allow } };
    assert.deepEqual(policyOf({}, pipeline), { severity: "HIGH", allow, unsupported: "stop" });
    assert.deepEqual(policyOf({ severity: "LOW", unsupported: "pass" }, pipeline), {
      ...{ severity: "LOW", allow, unsupported: "pass" },
    });
  });

  it("is one service's alone", () => {
    const config = parse({
      services: { web: { scan: { severity: "NONE" } }, jobs: { kind: "worker" } },
    });
    assert.equal(scanPolicy(config, "web").severity, "NONE");
    assert.deepEqual(scanPolicy(config, "jobs"), {
      ...{ severity: "CRITICAL", allow: [], unsupported: "stop" },
    });
  });
});

describe("passScanGate", () => {
  let clock: FakeClock;
  let lines: string[];

  beforeEach(() => {
    clock = new FakeClock();
    lines = [];
  });

  function gate(scan: ScanAnswers, policy: Partial<ScanPolicy> = {}) {
    const ecr = new FakeEcr(["shop/staging/web"]);
    ecr.scan = scan;
    return passScanGate({
      ...{ ecr: ecr.client, service: "web", repository: "shop/staging/web", digest, clock },
      policy: { severity: "CRITICAL", allow: [], unsupported: "stop", ...policy },
      progress: (line) => lines.push(line),
    });
  }

  async function refusal(scan: ScanAnswers, policy: Partial<ScanPolicy> = {}) {
    let refused: unknown;
    await gate(scan, policy).catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof ScanRefused, String(refused));
    return refused;
  }

  it("passes an image without findings, and tells the counts", async () => {
    assert.deepEqual(await gate([scanned()]), {});
    assert.deepEqual(lines, ["scan: no findings"]);
  });

  it("passes what is less severe than the threshold", async () => {
    const counts = await gate([found(finding("CVE-1", "HIGH"), finding("CVE-2", "LOW"))]);
    assert.deepEqual(counts, { HIGH: 1, LOW: 1 });
    assert.deepEqual(lines, ["scan: 1 high, 1 low"]);
  });

  it("passes what ECR has no scan for where the service says so, without counts", async () => {
    for (const [word, description] of unsupported) {
      assert.equal(await gate([status(word, description)], { unsupported: "pass" }), undefined);
      assert.match(
        lines.pop() ?? "",
        /passes without a scan, .*: services\.web\.scan\.unsupported is pass$/,
      );
    }
  });

  it("waits for a scan that has not begun, or is under way", async () => {
    const counts = await gate([
      awsError("ScanNotFoundException"),
      status("PENDING"),
      status("IN_PROGRESS"),
      // Enhanced scanning watches it already, and has not looked at it yet.
      status("ACTIVE"),
      { ...status("ACTIVE"), imageScanFindings: { enhancedFindings: [] } },
      found(finding("CVE-1", "LOW")),
    ]);
    assert.deepEqual(counts, { LOW: 1 });
    assert.equal(clock.pauses.length, 5);
  });

  it("passes an image in which enhanced scanning has looked, and found nothing", async () => {
    const looked = { imageScanCompletedAt: new Date(0), enhancedFindings: [] };
    assert.deepEqual(await gate([{ ...status("ACTIVE"), imageScanFindings: looked }]), {});
    assert.deepEqual(clock.pauses, []);
  });

  describe("fails when", () => {
    it("a finding is as severe as the threshold, naming what people need to know", async () => {
      const { message, details } = await refusal(
        [found(finding("CVE-1", "HIGH"), finding("CVE-2", "LOW"))],
        { severity: "HIGH" },
      );
      assert.match(message, /shop\/staging\/web@sha256:a+ is not released: .* 1 high, 1 low/);
      assert.match(message, /severity stops at HIGH.*pipeline\.scan\.allow takes/s);
      assert.deepEqual(details, ["HIGH CVE-1 openssl 3.0.1 https://example.com/CVE-1"]);
    });

    it("the threshold is the least", async () => {
      const { details } = await refusal([found(finding("CVE-2", "LOW"))], { severity: "LOW" });
      assert.equal(details.length, 1);
    });

    it("the finding is on a later page", async () => {
      const first = { ...found(finding("CVE-1", "LOW")), nextToken: "2" };
      const { details } = await refusal([first, found(finding("CVE-2", "CRITICAL"))]);
      assert.match(details.join(), /CVE-2/);
    });

    it("ECR counts one that it does not list", async () => {
      const { details } = await refusal([scanned({ CRITICAL: 2 })]);
      assert.deepEqual(details, ["CRITICAL: 2 more that ECR does not list"]);
    });

    it("enhanced scanning found it", async () => {
      const { details } = await refusal([
        {
          imageScanStatus: { status: "ACTIVE" },
          imageScanFindings: {
            findingSeverityCounts: { CRITICAL: 2 },
            enhancedFindings: [
              {
                severity: "CRITICAL",
                status: "ACTIVE",
                packageVulnerabilityDetails: {
                  vulnerabilityId: "CVE-9",
                  sourceUrl: "https://example.com/9",
                  vulnerablePackages: [{ name: "zlib", version: "1.2", fixedInVersion: "1.3" }],
                },
              },
              { severity: "CRITICAL", status: "SUPPRESSED", title: "CVE-10" },
            ],
          },
        },
      ]);
      assert.deepEqual(details, ["CRITICAL CVE-9 zlib 1.2 (fixed in 1.3) https://example.com/9"]);
    });

    it("the scan failed", async () => {
      const { message } = await refusal([status("FAILED", "internal error")]);
      assert.match(message, /ended as FAILED: internal error.*start-image-scan/);
    });

    it("ECR has no scan for the image, in either of its words", async () => {
      for (const [word, description] of unsupported) {
        const { message } = await refusal([status(word, description)]);
        assert.ok(message.includes(`does not support it (${word}: ${description})`), message);
        assert.match(message, /enhanced scanning.*services\.web\.scan: \{ unsupported: pass \}$/);
        assert.doesNotMatch(message, /start-image-scan/);
      }
    });

    it("the scan failed, where only what ECR has no scan for passes", async () => {
      const { message } = await refusal([status("FAILED", "internal error")], {
        unsupported: "pass",
      });
      assert.match(message, /ended as FAILED: internal error/);
    });

    it("a finding is too severe, where what ECR has no scan for passes", async () => {
      await refusal([found(finding("CVE-2", "CRITICAL"))], { unsupported: "pass" });
    });

    it("no scan ever begins, after two minutes", async () => {
      const { message } = await refusal([awsError("ScanNotFoundException")]);
      assert.match(message, /did not begin to scan it\. Turn scanning on push on/);
      assert.equal(
        clock.pauses.reduce((sum, pause) => sum + pause),
        120_000,
      );
    });

    it("the scan does not end, after ten minutes", async () => {
      const { message } = await refusal([status("IN_PROGRESS")]);
      assert.match(message, /did not end in time\. Run the build again/);
      assert.equal(
        clock.pauses.reduce((sum, pause) => sum + pause),
        600_000,
      );
    });

    it("AWS refuses to tell", async () => {
      await assert.rejects(gate([awsError("AccessDeniedException")]), {
        name: "AccessDeniedException",
      });
    });
  });

  describe("allowed findings", () => {
    const severe = [found(finding("CVE-1", "CRITICAL"), finding("CVE-2", "CRITICAL"))];
    const allow = (id: string, until: string) => ({ id, until, reason: "not reachable" });

    it("pass until their last day, and with it", async () => {
      const today = clock.now().toISOString().slice(0, 10);
      const policy = { allow: [allow("CVE-1", today), allow("CVE-2", "2027-01-01")] };
      assert.deepEqual(await gate(severe, policy), { CRITICAL: 2 });
    });

    it("stop the release afterwards, and the day is named", async () => {
      const policy = { allow: [allow("CVE-1", "2026-01-30"), allow("CVE-2", "2027-01-01")] };
      const { details } = await refusal(severe, policy);
      assert.equal(details.length, 1);
      assert.match(details[0], /CVE-1 .*\(was allowed until 2026-01-30\)$/);
    });

    it("do not cover others", async () => {
      const { details } = await refusal(severe, { allow: [allow("CVE-1", "2027-01-01")] });
      assert.match(details.join(), /^CRITICAL CVE-2 /);
    });
  });

  describe("severity NONE", () => {
    it("passes everything, with the counts", async () => {
      const counts = await gate([scanned({ CRITICAL: 3 })], { severity: "NONE" });
      assert.deepEqual(counts, { CRITICAL: 3 });
    });

    for (const name of ["UNSUPPORTED_IMAGE", "FAILED"]) {
      it(`passes an image whose scan is ${name}, and says so`, async () => {
        assert.equal(await gate([status(name)], { severity: "NONE" }), undefined);
        assert.match(lines.join(), /passes without a scan, .*: scan\.severity is NONE/);
      });
    }
  });
});

describe("describeCounts", () => {
  it("begins with the worst, and leaves out what there is none of", () => {
    const counts = { LOW: 1, CRITICAL: 2, UNDEFINED: 4, HIGH: 0 };
    assert.equal(describeCounts(counts), "2 critical, 1 low, 4 undefined");
  });
});
