import type { PlanEvidence } from "../../../delivery/evidence";

export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

const image = (tag: string, digit: string) => ({ tag, digest: digest(digit) });

/** What a person is asked to approve: one of two services changes, with a setting of its own. */
export function someEvidence(more: Partial<PlanEvidence> = {}): PlanEvidence {
  return {
    stack: "production",
    release: "3f9c2a1b-17",
    commit: "3f9c2a1b".repeat(5),
    subject: "Sort the cart by price",
    author: "Ada Lovelace",
    committedAt: "2026-01-31T11:00:00Z",
    running: { release: "1a2b3c4d-15", commit: "1a2b3c4d".repeat(5) },
    between: [{ release: "99aabbcc-16", commit: "99aabbcc".repeat(5), at: "2026-01-31T10:00:00Z" }],
    rangeIsKnown: true,
    compareUrl: "https://github.com/acme/shop/compare/1a2b3c4d...3f9c2a1b",
    images: [
      {
        service: "jobs",
        from: image("1a2b3c4d", "5"),
        to: image("1a2b3c4d", "5"),
        changed: false,
      },
      { service: "web", from: image("1a2b3c4d", "6"), to: image("3f9c2a1b", "7"), changed: true },
    ],
    settings: [{ service: "web", property: "cpu", from: "256", to: "512" }],
    times: {
      web: {
        ...{ healthySeconds: 10, shiftSeconds: 300, drainSeconds: 15, stopSeconds: 30 },
        finishSeconds: 345,
      },
    },
    tests: { jobs: "passed in 3 s", web: "passed in 12 s" },
    scans: { jobs: { CRITICAL: 0 }, web: { CRITICAL: 0, HIGH: 2, LOW: 1 } },
    verification: {
      release: "3f9c2a1b-17",
      passed: true,
      at: "2026-01-31T11:30:00Z",
      services: { web: { passed: true, attempts: 2, flaky: true, seconds: 8.1, output: ["ok"] } },
    },
    gates: [],
    plannedAt: "2026-01-31T12:00:00.000Z",
    plannedBy: "execution-17",
    ...more,
  };
}

/** The same of as many services, all of which change. */
export function ofManyServices(count: number): PlanEvidence {
  const services = Array.from({ length: count }, (_, index) => `service-${index}`);
  const each = <T>(value: (service: string) => T): Record<string, T> =>
    Object.fromEntries(services.map((service) => [service, value(service)]));
  return someEvidence({
    images: services.map((service) => ({
      ...{ service, changed: true },
      from: image("1a2b3c4d", "6"),
      to: image("3f9c2a1b", "7"),
    })),
    settings: services.map((service) => ({ service, property: "memory", from: "512", to: "1024" })),
    tests: each(() => "passed in 12 s"),
    scans: each(() => ({ CRITICAL: 1, HIGH: 2 })),
  });
}
