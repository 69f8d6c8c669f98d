import assert from "node:assert/strict";
import { importCopilot, type CopilotOptions } from "../../importers/copilot/import";
import { nameAtCodeCommit, nameAtGitHub } from "../../importers/copilot/pipelineSource";
import { became, checked, inFolder } from "./support";

const arn = `arn:aws:codeconnections:eu-west-1:111111111111:connection/${"a1b2c3d4-".repeat(4)}`;
const connectionArn = arn.slice(0, arn.indexOf("connection/") + "connection/".length + 36);

const service = "name: web\ntype: Worker Service\nimage: { build: web/Dockerfile }\n";

function pipeline(source: string, stages: string): string {
  return `name: shop\nversion: 1\nsource:\n${source}\nstages:\n${stages}\n`;
}

const github = `  provider: GitHub
  properties: { branch: trunk, repository: "https://github.com/acme/shop", connection_name: acme }`;
const codeCommit = `  provider: CodeCommit
  properties:
    branch: trunk
    repository: https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse`;
const both = "  - { name: test }\n  - { name: prod, requires_approval: true }";

function imported(pipelines: Readonly<Record<string, string>>, options: CopilotOptions = {}) {
  const files = Object.entries(pipelines).map(([name, text]): [string, string] => [
    `copilot/pipelines/${name}/manifest.yml`,
    text,
  ]);
  const all = { "copilot/web/manifest.yml": service, ...Object.fromEntries(files) };
  return inFolder(all, (folder) => checked(importCopilot(folder, options)));
}

function pipelinesOf(from: ReturnType<typeof imported>): unknown[] {
  return from.drafts.map((draft) => draft.values().pipeline);
}

describe("a pipeline of Copilot", () => {
  it("becomes staging's pipeline, and production's into which it promotes", () => {
    const from = imported({ shop: pipeline(codeCommit, both) });
    assert.deepEqual(pipelinesOf(from), [
      {
        source: { type: "codecommit", repository: "shop", branch: "trunk" },
        promoteTo: { stack: "production" },
      },
      { approval: true },
    ]);
    assert.deepEqual(became(from, "source.properties.branch"), [
      "6: same (staging)",
      "6: other way (production)",
    ]);
    assert.deepEqual(became(from, "stages[1].requires_approval"), [
      "10: other way (staging)",
      "10: same (production)",
    ]);
  });

  it("asks a person before production even where no stage does, and says so", () => {
    const stages = both.replace(", requires_approval: true", "");
    const from = imported({ shop: pipeline(codeCommit, stages) });
    assert.deepEqual(pipelinesOf(from)[1], {});
    const told = from.defaults.find(({ what }) => what === "pipeline.approval of production");
    assert.equal(told?.here, "true");
  });

  it("at GitHub takes the connection that is named", () => {
    const from = imported({ shop: pipeline(github, both) }, { connectionArn });
    const [staging, production] = pipelinesOf(from);
    assert.deepEqual(staging, {
      source: { type: "github", repository: "acme/shop", branch: "trunk", connectionArn },
      promoteTo: { stack: "production" },
    });
    assert.deepEqual(production, { approval: true });
    assert.deepEqual(became(from, "source.properties.connection_name"), [
      "5: other way (staging)",
      "5: other way (production)",
    ]);
  });

  it("is lost as a whole without a connection, or from elsewhere", () => {
    for (const source of [github, codeCommit.replace("CodeCommit", "Bitbucket")]) {
      const from = imported({ shop: pipeline(source, both) });
      assert.deepEqual(pipelinesOf(from), [undefined, undefined]);
      assert.deepEqual(became(from, "source.provider"), ["4: lost"]);
      assert.deepEqual(
        became(from, "stages[1].requires_approval").at(-1)?.slice(-12),
        "(production)",
      );
    }
  });

  it("of production alone has a source of its own, and no approval", () => {
    const stages = "  - { name: prod, requires_approval: true }";
    const from = imported({
      main: pipeline(codeCommit, stages),
      next: pipeline(codeCommit.replace("trunk", "next"), "  - { name: test }"),
    });
    const source = { type: "codecommit", repository: "shop" };
    assert.deepEqual(pipelinesOf(from), [
      { source: { ...source, branch: "next" } },
      { source: { ...source, branch: "trunk" }, approval: false },
    ]);
    assert.deepEqual(became(from, "stages[0].requires_approval"), [
      "9: other way (staging)",
      "9: lost (production)",
    ]);
  });

  it("is lost where no stack is made of its environments", () => {
    const from = imported({
      demo: pipeline(codeCommit, "  - { name: demo }"),
      shop: pipeline(codeCommit, both),
    });
    assert.deepEqual(became(from, "source.provider"), [
      "4: lost",
      "4: same (staging)",
      "4: other way (production)",
    ]);
  });

  it("is refused a connection that is none", () => {
    assert.throws(() => imported({}, { connectionArn: "acme" }), {
      name: "ImportError",
      message: /--connection-arn acme: no ARN of a connection/,
    });
  });
});

describe("a repository's address", () => {
  const cases: readonly (readonly [(address: string) => string | undefined, string, string?])[] = [
    [nameAtGitHub, "https://github.com/acme/shop", "acme/shop"],
    [nameAtGitHub, "https://github.com/acme/shop.js.git", "acme/shop.js"],
    [nameAtGitHub, "git@github.com:acme/shop.git", "acme/shop"],
    [nameAtGitHub, "acme/shop", "acme/shop"],
    [nameAtGitHub, "https://gitlab.com/acme/shop"],
    [nameAtGitHub, "https://user:token@github.com/acme/shop"],
    [nameAtCodeCommit, "shop", "shop"],
    [nameAtCodeCommit, "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop", "shop"],
    [nameAtCodeCommit, "ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop", "shop"],
    [nameAtCodeCommit, "codecommit::eu-west-1://shop", "shop"],
    [nameAtCodeCommit, "codecommit://shop", "shop"],
    [
      nameAtCodeCommit,
      "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse?region=eu-west-1",
      "shop",
    ],
    [nameAtCodeCommit, "https://github.com/acme/shop"],
  ];
  for (const [read, address, name] of cases) {
    it(`${address} is ${name ?? "not known"}`, () => assert.equal(read(address), name));
  }
});
