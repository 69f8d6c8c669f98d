import assert from "node:assert/strict";
import fc from "fast-check";
import { changeTimes } from "../../../contract/changeTimes";
import { code, longestComment, previewMarkdown } from "../../../delivery/preview/markdown";
import { say } from "../../../delivery/preview/phrase";
import { stackChanges, timePhrases, type PreviewReport } from "../../../delivery/preview/report";
import { previewText } from "../../../delivery/preview/text";
import { aChange, aPolicy } from "./support";

const serviceType = "aws:ecs/service:Service";

function report(stack: string, count = 1, value = "1024"): PreviewReport {
  const resources = Array.from({ length: count }, (_, index) =>
    aChange(
      "update",
      "aws:ecs/taskDefinition:TaskDefinition",
      `web${index}`,
      { memory: "512" },
      { memory: value },
    ),
  );
  return { stack, times: [], dangers: [], ...stackChanges(resources) };
}

describe("the comment of a preview", () => {
  it("is short first, and has the rest folded", () => {
    const changes = stackChanges([
      aChange("update", "aws:lb/targetGroup:TargetGroup", "web", { port: 80 }, { port: 81 }),
      aChange(
        "replace",
        serviceType,
        "web",
        { launchType: "EC2", subnets: ["a"] },
        { launchType: "FARGATE", subnets: ["b"] },
        { replacement: { causes: ["launchType", "subnets"], deletesFirst: false } },
      ),
      aChange(
        "create",
        "aws:iam/rolePolicy:RolePolicy",
        "p",
        {},
        { role: "r", policy: aPolicy({ Effect: "Allow", Action: "a:B", Resource: "c" }) },
      ),
    ]);
    const times = timePhrases({
      web: changeTimes({
        ...{ drainSeconds: 15, stopTimeoutSeconds: 30 },
        deployment: { strategy: "blueGreen", bakeMinutes: 5 },
      }),
    });
    const danger = say`${"gantry:services.web.exec"}: ${"true"}. ${"Accepted: @ada looks after it"}`;
    const text = previewMarkdown([
      { stack: "staging", ...changes, times, dangers: [] },
      { stack: "production", times: [], dangers: [danger], ...stackChanges([]) },
    ]);
    assert.equal(
      text,
      `**\`staging\`**: 1 created, 1 changed, 1 replaced; rights change ⚠

- ⚠ \`web\` is replaced because of \`launchType, subnets\`: tasks of the old service stop, and requests find none until the new one's are healthy

<details>
<summary>What changes</summary>


**Rights**

- added: \`r\` may \`a:B\` on \`c\`

**Exposure: unchanged**


**Images: unchanged**


**Time**

- \`web\`: the deployment ends at most 5 min 45 s after its tasks are healthy (shift and bake 5 min, drain 15 s, stop 30 s)

**Created**

- \`aws:iam:RolePolicy\` \`p\`

**Changed**

- \`aws:lb:TargetGroup\` \`web\`
  - \`port\`: \`80\` → \`81\`

**Replaced**

- \`aws:ecs:Service\` \`web\`
  - \`launchType\`: \`EC2\` → \`FARGATE\` (replaces it)
  - \`subnets[0]\`: \`a\` → \`b\` (replaces it)

</details>

**\`production\`**: no changes

- ⚠ \`gantry:services.web.exec\`: \`true\`. \`Accepted: @ada looks after it\`
`,
    );
  });

  it("tells a failure of one stack beside the changes of another", () => {
    const text = previewMarkdown([
      { stack: "staging", error: "gantry: refused\n  ```\n  fix" },
      report("production"),
    ]);
    assert.match(
      text,
      /^\*\*`staging`\*\*: the preview failed ✗\n\n````\ngantry: refused\n ```\n fix\n````\n\n\*\*`production`/,
    );
  });

  it("keeps values from being Markdown, HTML, mentions or further lines", () => {
    const evil = "`</details>`\n\n# @acme/admins <img src=x> #1\u202E";
    const text = previewMarkdown([report("staging", 1, evil)]);
    assert.ok(
      text.includes("``  `</details>` # @acme/admins <img src=x> #1 ``") ||
        text.includes("`` `</details>` # @acme/admins <img src=x> #1 ``"),
      text,
    );
  });

  it("makes one span of code of any value", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[`\n @<a]*$/)), (value) => {
        const span = code(value);
        const [, fence, inner] = /^(`+)([^]*[^`])\1$/.exec(span) ?? [];
        assert.ok(fence, span);
        assert.ok(![...inner.matchAll(/`+/g)].some(([run]) => run.length === fence.length), span);
        assert.doesNotMatch(span, /[\n\r]/);
      }),
    );
  });

  it("is within the limit however much changes, whole in its marks, and says that it is cut", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 400 }),
        fc.nat({ max: 400 }),
        fc.integer({ min: 700, max: 20_000 }),
        fc.string({ maxLength: 200 }),
        (first, second, limit, value) => {
          const text = previewMarkdown(
            [report("staging", first, value), report("production", second, value)],
            limit,
          );
          assert.ok(text.length <= limit, `${text.length} > ${limit}`);
          const marks = (pattern: RegExp) =>
            text.split("\n").filter((line) => pattern.test(line)).length;
          assert.equal(marks(/^<details>$/), marks(/^<\/details>$/));
          assert.match(text, /production/);
        },
      ),
    );
    const cut = previewMarkdown([report("staging", 5000)]);
    assert.ok(cut.length > longestComment * 0.95);
    assert.match(
      cut,
      /\*\*Cut here\*\*: \d+ more lines\. All of them: `npx gantry preview --stack staging`\n\n<\/details>\n$/,
    );
  });

  it("is within the limit with a long error", () => {
    const text = previewMarkdown([
      { stack: "staging", error: "`".repeat(10) + "x\n".repeat(50_000) },
    ]);
    assert.ok(text.length <= longestComment);
    assert.match(text, /\n\.\.\.\n`{11}\n$/);
  });
});

describe("the text of a preview", () => {
  it("has everything, for a terminal", () => {
    const gone = {
      stack: "staging",
      times: [],
      dangers: [
        say`${"gantry:services.web.exec"}: ${"true"}. ${"Accepted: one person, who is us"}`,
      ],
      ...stackChanges([aChange("delete", serviceType, "jobs")]),
    };
    assert.equal(
      previewText([gone, { stack: "production", error: "gantry: refused\nfix" }]),
      `staging: 1 deleted ⚠
  ⚠ jobs is deleted: its tasks stop
  ⚠ gantry:services.web.exec: true. Accepted: one person, who is us

Rights: unchanged

Exposure: unchanged

Images: unchanged

Deleted
  aws:ecs:Service jobs

production: the preview failed ✗
  gantry: refused
  fix`,
    );
  });
});
