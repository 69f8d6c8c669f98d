import assert from "node:assert/strict";
import { environmentNames } from "../../../contract/names";
import { previewThrough } from "../../../delivery/preview";
import { previewMarkdown } from "../../../delivery/preview/markdown";
import { parse, type Values } from "../../stacks/config/support";

describe("what is dangerous in a stack's config", () => {
  /** The comment of a pull request that changes no resource. */
  async function comment(values: Values): Promise<string> {
    const loadBalancer = { domain: { name: "shop.example.com", zone: "example.com" } };
    const config = parse({ loadBalancer, ...values }, { stack: "production" });
    const { stack } = config;
    const engine = { preview: () => Promise.resolve([]) };
    const target = { project: "shop", stack, names: environmentNames(config), config };
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

  it("is nothing where all is safe", async () => {
    assert.equal(await comment({ services: { web: {} } }), "**`production`**: no changes\n");
  });
});
