import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { reportText, summaryLines } from "../../importers/report";
import { stackText } from "../../importers/stackText";
import { became, checked, inFolder } from "./support";

/** An environment whose public load balancer is described so. */
function imported(http: string) {
  const files = {
    "copilot/.workspace": "application: shop\n",
    "copilot/web/manifest.yml":
      "name: web\ntype: Load Balanced Web Service\nimage: { build: web/Dockerfile, port: 80 }\nhttp: { path: / }\n",
    "copilot/environments/test/manifest.yml": `name: test
type: Environment
http: { public: ${http} }
`,
  };
  return inFolder(files, (folder) => checked(importCopilot(folder, {})));
}

const loadBalancerOf = (from: ReturnType<typeof imported>) => from.drafts[0].values().loadBalancer;

describe("the load balancer of Copilot's environments", () => {
  it("logs where they say, or not at all", () => {
    const bucket = imported("{ access_logs: { bucket_name: acme-logs, prefix: shop } }");
    assert.deepEqual(loadBalancerOf(bucket), {
      accessLogs: { bucket: "acme-logs", prefix: "shop" },
    });
    assert.deepEqual(became(bucket, "http.public.access_logs.bucket_name"), ["3: same (staging)"]);
    for (const on of [true, false]) {
      assert.deepEqual(loadBalancerOf(imported(`{ access_logs: ${on} }`)), { accessLogs: on });
    }
  });

  it("has each of their certificates", () => {
    const arn = (digit: number) =>
      `arn:aws:acm:eu-west-1:123456789012:certificate/${digit}a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`;
    const both = `{ certificates: ["${arn(1)}", "${arn(2)}"] }, private: { certificates: ["${arn(2)}", "${arn(3)}"] }`;
    const several = imported(both);
    assert.deepEqual(loadBalancerOf(several), {
      certificateArn: arn(1),
      certificateArns: [arn(2), arn(3)],
    });
    assert.deepEqual(loadBalancerOf(imported(`{ certificates: ["${arn(1)}"] }`)), {
      certificateArn: arn(1),
    });
  });

  it("has no prefix in a bucket of the environment's own", () => {
    const own = imported("{ access_logs: { prefix: shop } }");
    assert.equal(loadBalancerOf(own), undefined);
    assert.deepEqual(became(own, "http.public.access_logs.prefix"), ["3: other way (staging)"]);
  });
});

describe("a load balancer that Copilot's services have imported", () => {
  const shared = (name: string) =>
    `arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/${name}/0a1b2c3d4e5f6071`;
  const vpc = `network:
  vpc:
    id: vpc-0a1b2c3d4e5f60718
    subnets: { public: [{ id: subnet-0a1b2c3d4e5f60718 }, { id: subnet-0b1b2c3d4e5f60718 }] }
`;
  const manifest = (name: string, http: string) =>
    `name: ${name}\ntype: Load Balanced Web Service\nimage: { build: ${name}/Dockerfile, port: 80 }\nhttp: ${http}\n`;

  const imports = (services: Readonly<Record<string, string>>, network = vpc) => {
    const files = {
      "copilot/.workspace": "application: shop\n",
      "copilot/environments/test/manifest.yml": `name: test\ntype: Environment\n${network}`,
      ...Object.fromEntries(
        Object.entries(services).map(([name, http]) => [
          `copilot/${name}/manifest.yml`,
          manifest(name, http),
        ]),
      ),
    };
    return inFolder(files, (folder) => checked(importCopilot(folder, {})));
  };

  const brought = (...given: Parameters<typeof imports>) => {
    const imported = imports(...given);
    const { loadBalancer, services: written } = imported.drafts[0].values();
    return {
      loadBalancer,
      services: Object.keys(written ?? {}),
      said: became(imported, "http.alb"),
    };
  };

  const web = (alb: string, alias = "web.example.com") =>
    `{ path: /, alb: "${alb}", alias: ${alias} }`;

  it("serves the environment's", () => {
    const { loadBalancer, said } = brought({ web: web(shared("shared")) });
    assert.deepEqual(loadBalancer, { existingArn: shared("shared") });
    assert.match(said.join(), /same/);
    const mixed = brought({ web: web(shared("shared"), "Web.Example.com") });
    assert.deepEqual(mixed.loadBalancer, { existingArn: shared("shared") });
  });

  it("says whom it serves, too, who had the environment's", () => {
    const services = {
      web: web(shared("shared")),
      api: "{ path: api, alias: api.example.com }",
    };
    assert.deepEqual(brought(services).loadBalancer, { existingArn: shared("shared") });
    const report = reportText(imports(services));
    assert.match(report, /TODO copilot\/web\/manifest.yml:4 `http.alb`.*: it serves api, too/);
  });

  for (const [what, services, expected] of [
    ["that goes by its name", { web: web("shared") }, undefined],
    [
      "beside another one",
      { api: web(shared("shared"), "api.example.com"), web: web(shared("other")) },
      { existingArn: shared("shared") },
    ],
    ["of services without hosts", { web: `{ path: /, alb: "${shared("shared")}" }` }, undefined],
  ] as const) {
    it(`is lost as one ${what}, and its services are not`, () => {
      const found = brought(services);
      assert.deepEqual(found.services, Object.keys(services));
      assert.deepEqual(found.loadBalancer, expected);
      assert.match(found.said.join("\n"), /: lost$/m);
    });
  }

  for (const [what, alb] of [
    ["alone", ""],
    ["under one that goes by its name", ", alb: shared"],
    ["under one that config refuses", `, alb: "${shared("shared").replace("/app/", "/net/")}"`],
  ]) {
    it(`says what a VPC with private subnets lacks for public services ${what}`, () => {
      const network = vpc.replace("public:", "private:");
      const imported = imports({ web: `{ path: /${alb}, alias: web.example.com }` }, network);
      const [draft] = imported.drafts;
      assert.deepEqual(Object.keys(draft.values().services ?? {}), ["web"]);
      const lacks = "gantry:network.publicSubnetIds";
      assert.deepEqual(
        draft.missing.map(({ path }) => path),
        [lacks],
      );
      assert.match(stackText(draft, "eu-west-1"), new RegExp(`^  # TODO: ${lacks}: `, "m"));
      assert.match(summaryLines(imported).join("\n"), new RegExp(`staging.yaml .* ${lacks};`));
    });
  }

  it("is lost where its VPC is not said", () => {
    const { loadBalancer, said } = brought({ web: web(shared("shared")) }, "");
    assert.equal(loadBalancer, undefined);
    assert.match(said.join(), /lost/);
  });
});
