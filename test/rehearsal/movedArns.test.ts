import assert from "node:assert/strict";
import { byName } from "../../rehearsal/movedArns";
import { overriddenStackFile } from "../../rehearsal/stackFile";
import { readEngineConfig } from "../../stacks/config/engineYaml";

const secret = "arn:aws:secretsmanager:us-east-1:210987654321:secret:shop/mail-AbCdEf";
const parameter = (place: string) => `arn:aws:ssm:${place}:parameter/shop/key`;
const certificate = (place: string) => `arn:aws:acm:${place}:certificate/0a1b2c3d`;

describe("ARNs in a stack file of the rehearsal", () => {
  function services(secrets: Record<string, string>, permissions: string[] = []): unknown {
    const own = JSON.stringify({
      config: {
        "gantry:services": { web: { secrets, permissions: [{ resources: permissions }] } },
        "gantry:loadBalancer": { certificateArn: certificate("us-east-1:210987654321") },
      },
    });
    const { values } = readEngineConfig(overriddenStackFile(own, { "aws:region": "eu-west-1" }));
    assert.deepEqual(JSON.parse(values["gantry:loadBalancer"]), {
      certificateArn: certificate("eu-west-1:123456789012"),
    });
    return JSON.parse(values["gantry:services"]);
  }

  it("are of the emulator's account and the rehearsal's region; secrets go by their names", () => {
    const given = {
      A: parameter("us-east-1:210987654321"),
      B: secret,
      C: `${secret}:url::`,
      D: "/x",
    };
    assert.deepEqual(services(given, [secret, "arn:aws:s3:::acme/*"]), {
      web: {
        secrets: {
          A: parameter("eu-west-1:123456789012"),
          B: "shop/mail",
          C: "shop/mail:url",
          D: "/x",
        },
        permissions: [
          {
            resources: [
              "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/mail-AbCdEf",
              "arn:aws:s3:::acme/*",
            ],
          },
        ],
      },
    });
  });

  it("stay ARNs where the name alone would be taken for the secret itself", () => {
    const odd = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:Abc123-AbCdEf";
    assert.equal(byName(odd), odd);
    assert.equal(byName("shop/mail:url"), "shop/mail:url");
  });
});
