import assert from "node:assert/strict";
import type { Release } from "../../../contract/manifest";
import { diff, type DiffOptions } from "../../../operations/diff/diff";
import { diffText } from "../../../operations/diff/text";
import { targetOf } from "../../emulator/delivery/support";

function release(digit: string, services = ["web"]): Release {
  const image = {
    uri: "example.com/web",
    tag: digit.repeat(8),
    digest: `sha256:${digit.repeat(64)}`,
  };
  return {
    ...{ id: `${digit.repeat(8)}-1`, commit: digit.repeat(40), createdAt: "2026-01-31T11:00:00Z" },
    images: Object.fromEntries(services.map((service) => [service, image])),
  };
}

describe("the difference of two environments", () => {
  const [a, b] = ["one", "two"].map((stack) => ({ stack, config: targetOf({ web: {} }).config }));
  const releases: Record<string, Release> = {
    one: release("a"),
    two: release("b", ["web", "jobs"]),
  };
  const found = (more: Partial<DiffOptions> = {}) =>
    diff({
      ...{ a, b, release: (stack) => Promise.resolve(releases[stack]) },
      git: () => Promise.resolve(undefined),
      ...more,
    });

  it("has the commits that git knows, and images by service", async () => {
    const asked: string[] = [];
    const git = (args: readonly string[]) => {
      const range = args.at(-2) ?? "";
      asked.push(range);
      const isAhead = range.endsWith("a".repeat(40));
      if (args[0] === "rev-list") return Promise.resolve(isAhead ? "21\n" : "0\n");
      return Promise.resolve(isAhead ? "aaaaaaaa Take cards\n" : "");
    };
    const { releases: compared, gaps } = await found({ git });
    assert.deepEqual(compared?.commits, {
      ...{ onlyInA: 21, onlyInB: 0, subjectsOfA: ["aaaaaaaa Take cards"], subjectsOfB: [] },
    });
    assert.deepEqual(
      compared.images.map(({ service }) => service),
      ["jobs", "web"],
    );
    assert.deepEqual(gaps, []);
    assert.equal(new Set(asked).size, 2);
    const text = diffText(await found({ git }));
    assert.match(text, /^one should run aaaaaaaa-1, two bbbbbbbb-1$/m);
    assert.match(text, /only one has 21 commits:\n {2}aaaaaaaa Take cards\n {2}and 20 more/);
    assert.match(text, / {2}jobs: no image, sha256:b{12}$/m);
  });

  it("needs no git where both should run the same commit", async () => {
    const same = await found({ release: () => Promise.resolve(releases.one) });
    assert.deepEqual(same.gaps, []);
  });

  it("says what could not be read, and compares the rest", async () => {
    assert.match((await found()).gaps.join(), /repository here has not both/);
    const { gaps, releases: compared } = await found({
      release: (stack) =>
        stack === "one" ? Promise.reject(new Error("no credentials")) : Promise.resolve(undefined),
    });
    assert.deepEqual(gaps, ["what one should run is not known: no credentials"]);
    assert.deepEqual(compared, { images: [] });
  });

  it("never shows what looks like a secret", async () => {
    const password = `postgres://app:${"hunter2".repeat(2)}@db.example.com/app`;
    const [mine, other] = [a, b].map(({ stack, config }, index) => ({
      stack,
      config: {
        ...config,
        services: {
          web: { ...config.services.web, environment: { URL: index === 0 ? password : "none" } },
        },
      },
    }));
    const [difference] = (await found({ a: mine, b: other })).config;
    assert.deepEqual(difference, {
      ...{ path: "services.web.environment.URL", a: "***", b: '"none"', isName: false },
    });
  });
});
