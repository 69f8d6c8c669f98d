import assert from "node:assert/strict";
import { connectionCheck } from "../../../operations/doctor/checks/connection";
import { aContext, account, aTarget, awsError, denied, diagnose, region, told } from "./support";

const arn = `arn:aws:codeconnections:${region}:${account}:connection/01234567-89ab-cdef-0123-456789abcdef`;

describe("the check of the connection", () => {
  const source = { type: "github", repository: "acme/shop", connectionArn: arn };
  const target = aTarget({ "gantry:pipeline": { source } });
  const found = (answer: unknown) =>
    diagnose(
      connectionCheck,
      aContext({ target, answers: { connections: { GetConnection: answer } } }),
    );
  const status = (ConnectionStatus: string) => ({
    Connection: { ConnectionName: "github", ConnectionStatus },
  });

  it("is well where it is available, and where there is none", async () => {
    assert.deepEqual(told(await found(status("AVAILABLE"))), []);
    assert.equal((await diagnose(connectionCheck, aContext())).well, "none is configured");
  });

  it("finds one that nobody has confirmed, and where to do that", async () => {
    const result = await found(status("PENDING"));
    assert.match(
      told(result).join(),
      /^error pipeline\.source\.connectionArn: the connection github is PENDING/,
    );
    assert.match(
      result.findings?.[0].fix ?? "",
      /"Update pending connection".*codesuite\/settings\/connections\?region=eu-west-1$/,
    );
    assert.match(told(await found(status("ERROR"))).join(), /is ERROR/);
  });

  it("finds that there is none, and names the right by the ARN's own service", async () => {
    assert.match(
      told(await found(awsError("ResourceNotFoundException"))).join(),
      /there is no connection arn:/,
    );
    const refused = await found(awsError("AccessDeniedException", "no"));
    assert.equal(refused.unchecked?.[0].right, "codeconnections:GetConnection");
    const said = await found(denied("codestar-connections:GetConnection"));
    assert.equal(said.unchecked?.[0].right, "codestar-connections:GetConnection");
  });
});
