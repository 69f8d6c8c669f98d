import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { became, checked, inFolder } from "./support";

function imported(groups: string) {
  const files = {
    "copilot/.workspace": "application: shop\n",
    "copilot/mail/manifest.yml": `name: mail
type: Worker Service
image: { build: mail/Dockerfile }
network: { vpc: { security_groups: ${groups} } }
`,
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  };
  return inFolder(files, (folder) => checked(importCopilot(folder, {})));
}

function idsIn(from: ReturnType<typeof imported>): unknown {
  const services = from.drafts[0].values().services as Record<string, Record<string, unknown>>;
  return services.mail.securityGroupIds;
}

describe("security groups of Copilot's manifests", () => {
  const at = "network.vpc.security_groups";

  it("are those that exist", () => {
    const from = imported("[sg-0a1b2c3d]");
    assert.deepEqual(idsIn(from), ["sg-0a1b2c3d"]);
    assert.deepEqual(became(from, `${at}[0]`), ["4: same"]);
  });

  it("say beside it whether the environment's own lets them in", () => {
    const from = imported("{ deny_default: true, groups: [sg-0a1b2c3d] }");
    assert.deepEqual(idsIn(from), ["sg-0a1b2c3d"]);
    assert.deepEqual(became(from, `${at}.deny_default`), ["4: other way"]);
  });

  it("are lost where CloudFormation has them", () => {
    const from = imported("[{ from_cfn: shop-database }]");
    assert.equal(idsIn(from), undefined);
    assert.deepEqual(became(from, `${at}[0].from_cfn`), ["4: lost"]);
  });
});
