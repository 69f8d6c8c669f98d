import assert from "node:assert/strict";
import { trafficCard } from "../../../rehearsal/page/traffic";
import type { Answers, TrafficReport } from "../../../rehearsal/traffic/report";
import { delivered } from "../reportFixture";
import { taskDefinitions, traffic } from "./fixture";

const run = delivered.deliveries[0].runs[1];
const [web] = traffic.services;

const withAnswers = (...answers: readonly Answers[]): TrafficReport => ({
  ...traffic,
  services: [{ ...web, answers }],
});

/** Cells of the table, row by row. */
function rowsOf(html: string): string[][] {
  return [...html.matchAll(/<tr>(<th scope="row">.*?)<\/tr>/g)].map(([, row]) =>
    row.split(/<\/t[hd]>/).map((cell) => cell.replace(/<br>/g, "; ").replace(/<[^<>]*>/g, "")),
  );
}

/** What a lane's bars are: kind, and where it begins and how long it is, in percent. */
function lane(html: string, label: RegExp) {
  const found = html.split("<li>").find((one) => label.test(one.replace(/<[^<>]*>/g, "")));
  assert.ok(found, `there is no lane ${label}`);
  return [
    ...found.matchAll(
      /class="bar ?([^"]*)" style="left:([\d.]+)%;width:([\d.]+)%(?:;top:(\d+)%)?/g,
    ),
  ].map(([, kind, left, width, top]) => ({
    ...{ kind, left: Number(left), width: Number(width) },
    ...(top === undefined ? {} : { top: Number(top) }),
  }));
}

describe("what the report shows of users' requests", () => {
  const html = trafficCard(traffic, run);

  it("tells phase by phase where rules lead, and who answered how many", () => {
    const [old, fresh] = ["1d2e3f40-16", "3f9c2a1b-17"];
    const stage = "PRODUCTION_TRAFFIC_SHIFT";
    assert.deepEqual(rowsOf(html), [
      ["0.0 s", "before", `${old} 100 %`, "", `${old}: 200 (249)`, "42 ms", ""],
      [
        "25 s",
        "TEST_TRAFFIC_SHIFT",
        `${old} 100 %`,
        `${fresh} 100 %`,
        `${old}: 200 (140)`,
        "42 ms",
        "",
      ],
      [
        ...["39 s", stage, `${old} 80 %; ${fresh} 20 %`, `${fresh} 100 %`],
        ...[`${old}: 200 (17); ${fresh}: 200 (3)`, "71 ms", ""],
      ],
      ["41 s", stage, `${fresh} 100 %`, `${fresh} 100 %`, `${fresh}: 200 (40)`, "42 ms", ""],
    ]);
  });

  it("draws weights as high as their share, and who answered, on the axis of the pipeline's actions", () => {
    assert.deepEqual(lane(html, /^led to 3f9c2a1b-17/), [
      { kind: "weight", left: 86.67, width: 4.44, top: 80 },
      { kind: "weight", left: 91.11, width: 8.89, top: 0 },
    ]);
    assert.equal(lane(html, /^answers: 1d2e3f40-16/).length, 4);
    assert.deepEqual(lane(html, /^failed/), []);
    assert.deepEqual(lane(html, /^Verify/), [{ kind: "action", left: 70.22, width: 15.11 }]);
  });

  it("says in words that nothing failed, and that nobody met what was not verified", () => {
    assert.match(html, /✓<\/span> no request failed/);
    assert.match(html, /✓<\/span> none answered by what was not verified/);
    assert.doesNotMatch(html, /class="card failure"|bad-text/);
  });

  it("says how many failed, when and how", () => {
    const failed: Answers = {
      ...{ ...web.answers[5], count: 1, kind: "failed", status: null, error: "socket <hung> up" },
      taskDefinition: null,
    };
    const shown = trafficCard(withAnswers(...web.answers, failed), run);
    assert.match(shown, /✕<\/span> 1 request failed/);
    assert.match(shown, /class="card failure"/);
    assert.match(shown, /✕ load balancer: socket &lt;hung&gt; up<\/span> \(1\)/);
    assert.deepEqual(
      lane(shown, /^failed/).map(({ kind }) => kind),
      ["failed"],
    );
  });

  it("says how many were answered by what was not verified", () => {
    const answers = web.answers.map((one): Answers => {
      const isNew = one.taskDefinition === taskDefinitions.new;
      return isNew ? { ...one, kind: "unverified" } : one;
    });
    const shown = trafficCard(withAnswers(...answers), run);
    assert.match(shown, /✕<\/span> 43 requests answered by what was not verified/);
    assert.match(shown, /✕ unverified <code>3f9c2a1b-17<\/code>: 200<\/span> \(40\)/);
    const kinds = lane(shown, /^answers: 3f9c2a1b-17/).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["failed", "failed"]);
  });

  it("says where there was no release before, and where nobody asked", () => {
    const { releases } = web;
    const first = { [taskDefinitions.new]: releases[taskDefinitions.new] };
    const answers = web.answers.map((one): Answers => {
      return one.taskDefinition === taskDefinitions.old
        ? { ...one, status: 502, kind: "none" }
        : one;
    });
    const shown = trafficCard(
      { ...traffic, services: [{ ...web, answers, releases: first }] },
      run,
    );
    assert.deepEqual(rowsOf(shown)[0].slice(2, 5), [
      "placeholder 100 %",
      "",
      "placeholder: 502 (249)",
    ]);
    assert.match(shown, /no request failed/);
    assert.match(trafficCard(withAnswers(), run), /–<\/span> nobody asked/);
  });
});
