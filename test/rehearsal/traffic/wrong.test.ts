import assert from "node:assert/strict";
import type { Answers, TrafficReport } from "../../../rehearsal/traffic/report";
import { wrongAnswers } from "../../../rehearsal/traffic/wrong";
import { at, taskDefinitions, traffic } from "./fixture";

describe("what no user should have got", () => {
  const [web] = traffic.services;
  const withAnswers = (...answers: readonly Answers[]): TrafficReport => ({
    ...traffic,
    services: [{ ...web, answers: [...web.answers, ...answers] }],
  });
  const answer = (second: number, more: Partial<Answers>): Answers => ({
    ...{ from: at(second), until: at(second + 0.2), count: 3, status: 200, milliseconds: 70 },
    ...{ taskDefinition: taskDefinitions.new, kind: "verified", ...more },
  });

  it("is nothing where all were answered well", () => {
    assert.deepEqual(wrongAnswers(traffic), []);
  });

  it("is told with its moment, its cause, who answered, and how requests were led then", () => {
    const early = { kind: "failed", status: null, error: "no answer in 60 s" } as const;
    const page = { status: 502, error: "502 Bad Gateway: ECONNREFUSED" } as const;
    const told = wrongAnswers(
      withAnswers(
        answer(66, { ...early, taskDefinition: null }),
        answer(91, { kind: "unverified", count: 1, until: at(91) }),
        answer(104.1, { kind: "failed", ...page }),
      ),
    );
    assert.deepEqual(told, [
      "web: 3 requests from 2026-11-21T16:14:22.000Z (1.0 s) until 1.2 s failed: no answer in 60 s (load balancer, 70 ms at most), before any shift: users led to 1d2e3f40-16 100 % and 3f9c2a1b-17 0 %, tests to what runs",
      "web: 1 request from 2026-11-21T16:14:47.000Z (26.0 s) until 26.0 s unverified: 200 (3f9c2a1b-17, 70 ms at most), TEST_TRAFFIC_SHIFT: users led to 1d2e3f40-16 100 % and 3f9c2a1b-17 0 %, tests to 1d2e3f40-16 0 % and 3f9c2a1b-17 100 %",
      "web: 3 requests from 2026-11-21T16:15:00.100Z (39.1 s) until 39.3 s failed: 502 Bad Gateway: ECONNREFUSED (3f9c2a1b-17, 70 ms at most), PRODUCTION_TRAFFIC_SHIFT: users led to 1d2e3f40-16 80 % and 3f9c2a1b-17 20 %, tests to 1d2e3f40-16 0 % and 3f9c2a1b-17 100 %",
    ]);
  });

  it("is told where nothing shifts, too", () => {
    const failed = answer(70, { kind: "failed", status: 503, taskDefinition: null });
    const services = [{ ...web, shifts: [], answers: [failed] }];
    assert.match(
      wrongAnswers({ ...traffic, services })[0],
      /failed: 503 \(load balancer.*before any shift: users led to what runs/,
    );
  });
});
