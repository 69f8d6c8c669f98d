import assert from "node:assert/strict";
import { changeTimes } from "../../contract/changeTimes";
import { commitRange, compareUrl, evidenceMarkdown, planEvidence } from "../../delivery/evidence";
import { serviceTargets } from "../../delivery/engine/targets";
import type { ReleaseEvidence } from "../../delivery/releaseEvidence";
import { aTarget } from "./support/aTarget";
import { releaseNumber } from "./support/fakePorts";
import { ofManyServices, someEvidence } from "./support/someEvidence";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const past = ({ id, commit }: typeof one) => ({ release: id, commit, at: "2026-01-01T00:00:00Z" });

describe("the range of an approval", () => {
  it("has the releases after what runs, newest first", () => {
    const history = [past(three), past(two), past(one)];
    assert.deepEqual(commitRange(history, one), { releases: history.slice(0, 2), isKnown: true });
    assert.deepEqual(commitRange(history, three), { releases: [], isKnown: true });
  });

  it("knows what runs by its commit too, if it was built again", () => {
    const again = { ...one, id: "00000001-99" };
    assert.deepEqual(commitRange([past(two), past(one)], again), {
      releases: [past(two)],
      isKnown: true,
    });
  });

  it("has all that is known where what runs is not among it", () => {
    assert.deepEqual(commitRange([past(two)], one), { releases: [past(two)], isKnown: false });
  });

  it("is empty before the first release", () => {
    assert.deepEqual(commitRange([past(two)], undefined), { releases: [], isKnown: false });
  });
});

describe("the address of the commits", () => {
  const repository = "https://github.com/acme/shop";
  const compareBase = `${repository}/compare/`;

  for (const [what, source, running, expected] of [
    ["on GitHub", { repository, compareBase }, one, `${compareBase}${one.commit}...${two.commit}`],
    [
      "on GitHub without a base",
      { repository },
      one,
      `${compareBase}${one.commit}...${two.commit}`,
    ],
    [
      "of the first release",
      { repository, compareBase },
      undefined,
      `${repository}/commit/${two.commit}`,
    ],
    ["of a commit built again", { repository }, two, `${repository}/commit/${two.commit}`],
    [
      "on another host",
      { compareBase: "https://git.example.com/c/" },
      one,
      `https://git.example.com/c/${one.commit}...${two.commit}`,
    ],
    ["on a host that is not known", {}, one, undefined],
  ] as const) {
    it(`is told ${what}`, () => assert.equal(compareUrl(source, two, running), expected));
  }
});

describe("the evidence of a plan", () => {
  const target = aTarget({ services: { web: { build: "app", port: 3000 } } });
  const evidence: ReleaseEvidence = {
    ...{ release: two.id, commit: two.commit, subject: "Sort", author: "Ada" },
    ...{ tests: { web: "passed" }, scans: { web: { HIGH: 0 } }, history: [past(one)] },
  };
  const definition = (image: string, cpu: string) => ({
    containerDefinitions: JSON.stringify([{ name: "app", image }]),
    cpu,
  });
  const changes = [
    {
      ...{ urn: serviceTargets(target).web.taskDefinition, type: "", name: "", properties: [] },
      op: "replace" as const,
      oldInputs: definition("a", "256"),
      newInputs: definition("b", "512"),
    },
  ];
  const of = (running: typeof one | undefined) =>
    planEvidence({
      ...{ target, release: two, running, evidence, changes, gates: [] },
      ...{ plannedAt: new Date("2026-01-31T12:00:00Z"), plannedBy: "execution" },
    });

  it("has images and settings apart", () => {
    const { images, settings } = of(one);
    const { tag: from } = one.images.web;
    const { tag: to } = two.images.web;
    assert.deepEqual(
      images.map((image) => [image.service, image.from?.tag, image.to?.tag, image.changed]),
      [["web", from, to, true]],
    );
    assert.deepEqual(settings, [{ service: "web", property: "cpu", from: "256", to: "512" }]);
  });

  it("has what the deployment of each service takes, of those that get one", () => {
    const { times } = of(one);
    assert.deepEqual(times, { web: changeTimes(target.config.services.web) });
    const none = planEvidence({
      ...{ target, release: two, running: one, evidence, changes: [], gates: [] },
      ...{ plannedAt: new Date(0), plannedBy: "execution" },
    });
    assert.deepEqual(none.times, {});
  });

  it("has what is dangerous in config, with the reason where somebody accepted it", () => {
    const posture = { relaxed: { "services.web.user": "the vendor's image" } };
    const loadBalancer = { domain: { name: "shop.example.com", zone: "example.com" } };
    const services = { web: { build: "app", port: 3000, user: "root" } };
    const made = planEvidence({
      ...{ target: aTarget({ loadBalancer, posture, services }, undefined, "production") },
      ...{ release: two, running: one, evidence, changes: [], gates: [] },
      ...{ plannedAt: new Date("2026-01-31T12:00:00Z"), plannedBy: "execution" },
    });
    const danger = "root, or 0: whoever takes the process over owns the container";
    const verdict = "Accepted: the vendor's image (rule root)";
    assert.deepEqual(made.dangers, [{ path: "gantry:services.web.user", danger, verdict }]);
    assert.ok(
      evidenceMarkdown(made).includes(
        `\n## What is dangerous\n\n- gantry:services.web.user: ${danger}. ${verdict}\n\n## When`,
      ),
    );
    assert.doesNotMatch(evidenceMarkdown(of(one)), /What is dangerous/);
  });

  it("counts an image as unchanged where its digest is the same", () => {
    const { images } = of({ ...one, images: two.images });
    assert.equal(images[0].changed, false);
  });

  it("knows services that only one of the two has", () => {
    const { images } = of({ ...one, images: { old: one.images.web } });
    assert.deepEqual(
      images.map(({ service, from, to }) => [service, from !== undefined, to !== undefined]),
      [
        ["old", true, false],
        ["web", false, true],
      ],
    );
  });

  it("survives being written and read", () => {
    const made = of(undefined);
    const again: unknown = JSON.parse(JSON.stringify(made));
    assert.deepEqual(again, JSON.parse(JSON.stringify({ ...made, running: undefined })));
    assert.equal(made.plannedBy, "execution");
  });
});

describe("the evidence as a page", () => {
  it("has everything that the summary may leave out", () => {
    const page = evidenceMarkdown(ofManyServices(40));
    for (const index of [0, 39]) {
      assert.match(
        page,
        new RegExp(`- service-${index}: 1a2b3c4d sha256:6{64} -> 3f9c2a1b sha256:7{64}`),
      );
      assert.match(page, new RegExp(`- service-${index} memory: 512 -> 1024`));
      assert.match(page, new RegExp(`- tests of service-${index}: passed in 12 s`));
      assert.match(page, new RegExp(`- scan of service-${index}: 1 CRITICAL 2 HIGH`));
    }
  });

  it("tells commits, what runs, and where to look", () => {
    const page = evidenceMarkdown(someEvidence());
    assert.match(page, /^# Release 3f9c2a1b-17 for production\n/);
    assert.match(page, /- Runs now: 1a2b3c4d-15 \(commit (1a2b3c4d){5}\)/);
    assert.match(page, /- Changes: https:\/\/github.com\/acme\/shop\/compare/);
    assert.match(page, /- 99aabbcc-16 (99aabbcc){5} \(2026-01-31T10:00:00Z, verified\)/);
    assert.match(page, /- jobs: unchanged, 1a2b3c4d sha256:5{64}/);
    assert.match(page, /- web: passed in 8.1 s, after 2 attempts/);
    assert.match(
      page,
      /- web: at most 5 min 45 s after its tasks are healthy \(shift and bake 5 min, /,
    );
  });

  it("says what is not known", () => {
    const page = evidenceMarkdown(
      someEvidence({
        ...{ rangeIsKnown: false, between: [], settings: [], tests: {}, scans: {} },
        ...{ verification: undefined, compareUrl: undefined, times: {} },
      }),
    );
    assert.match(page, /more may come with this one/);
    assert.match(page, /- only the images change/);
    assert.match(page, /- no service is deployed/);
    assert.match(page, /- none are known/);
    assert.match(page, /- nowhere yet/);
    assert.doesNotMatch(page, /undefined/);
  });
});
