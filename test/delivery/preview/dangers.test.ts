import assert from "node:assert/strict";
import { environmentNames } from "../../../contract/names";
import { previewThrough } from "../../../delivery/preview";
import { previewMarkdown } from "../../../delivery/preview/markdown";
import { parse, type Values } from "../../stacks/config/support";

describe("what is dangerous in a stack's config", () => {
  /** The comment of a pull request that changes no resource. */
  async function comment(values: Values, ...advice: string[]): Promise<string> {
    const loadBalancer = { domain: { name: "shop.example.com", zone: "example.com" } };
    const config = parse({ loadBalancer, ...values }, { stack: "production" });
    const { stack } = config;
    const engine: Parameters<typeof previewThrough>[0] = {
      preview: ({ policy }) => {
        advice.forEach((line) => policy?.advice(line));
        return Promise.resolve([]);
      },
    };
    const target = {
      folder: "/nowhere",
      project: "shop",
      stack,
      names: environmentNames(config),
      config,
    };
    return previewMarkdown([await previewThrough(engine, target)]);
  }

  it("is told to whoever reviews a pull request, with the reason", async () => {
    const posture = { relaxed: { "services.web.user": "the vendor's image" } };
    assert.equal(
      await comment({ services: { web: { user: "root" } }, posture }),
      "**`production`**: no changes\n\n- ⚠ `gantry:services.web.user`: `root, or 0: whoever takes the process over owns the " +
        "container`. `Accepted: the vendor's image (rule root)`\n",
    );
  });

  it("is told beside what the policy pack advises, which is no markup", async () => {
    assert.equal(
      await comment({ services: { web: {} } }, "policy sqs-dead-letters (<b>): no dead letters"),
      "**`production`**: no changes\n\n- ⚠ `policy sqs-dead-letters (<b>): no dead letters`\n",
    );
  });

  it("is nothing where all is safe", async () => {
    assert.equal(await comment({ services: { web: {} } }), "**`production`**: no changes\n");
  });
});
