import assert from "node:assert/strict";
import { readsOf, secretsCheck } from "../../../operations/doctor/checks/secrets";
import { aContext, account, aTarget, awsError, denied, diagnose, region, told } from "./support";

const arn = `arn:aws:secretsmanager:${region}:${account}:secret:shop/db-AbCdEf`;
const role = `arn:aws:iam::${account}:role/web-execution`;
const taskDefinition = {
  executionRoleArn: role,
  containerDefinitions: [
    { secrets: [{ name: "DATABASE_URL", valueFrom: `${arn}:url::` }] },
    { secrets: [{ name: "AGAIN", valueFrom: arn }] },
  ],
};

describe("the check of secrets", () => {
  const target = aTarget({ "gantry:services": { web: { secrets: { DATABASE_URL: "shop/db" } } } });
  const services = () => Promise.resolve({ web: { taskDefinition: "web:1" } });
  const found = (secret: unknown, decision: unknown) =>
    diagnose(
      secretsCheck,
      aContext({
        ...{ target, services },
        answers: {
          secrets: { DescribeSecret: secret },
          ecs: { DescribeTaskDefinition: { taskDefinition } },
          iam: { SimulatePrincipalPolicy: decision },
        },
      }),
    );
  const decided = (EvalDecision: string) => ({
    EvaluationResults: [{ EvalResourceName: arn, EvalDecision }],
  });

  it("is well where they are there and may be read", async () => {
    const result = await found({ Name: "shop/db" }, decided("allowed"));
    assert.deepEqual([result.well, told(result)], ["1 secret is there, and may be read", []]);
  });

  it("finds one that is missing, with the command that makes it", async () => {
    const result = await found(awsError("ResourceNotFoundException"), decided("allowed"));
    assert.match(
      told(result).join(),
      /^error services\.web\.secrets\.DATABASE_URL: there is no secret shop\/db/,
    );
    assert.match(result.findings?.[0].command ?? "", /^npx gantry secret set /);
  });

  it("finds that the execution role may not read one", async () => {
    const result = await found({ Name: "shop/db" }, decided("explicitDeny"));
    assert.deepEqual(told(result), [
      `error services.web: its execution role ${role} may not call secretsmanager:GetSecretValue on ${arn} (explicitDeny), and no task starts without it`,
    ]);
  });

  it("says what it may not look at, and looks at the rest", async () => {
    const result = await found(
      denied("secretsmanager:DescribeSecret"),
      denied("iam:SimulatePrincipalPolicy"),
    );
    assert.deepEqual(told(result), [
      "unchecked whether a secret is there: services.web.secrets.DATABASE_URL: not allowed to see whether shop/db is there",
      "unchecked whether the execution role of web may read its secrets: these credentials may not call iam:SimulatePrincipalPolicy",
    ]);
  });

  it("asks once for a secret, whatever keys of it tasks read", () => {
    assert.deepEqual(readsOf(taskDefinition), [
      { role, action: "secretsmanager:GetSecretValue", arns: [arn] },
    ]);
    const parameter = `arn:aws:ssm:${region}:${account}:parameter/shop/token`;
    const containerDefinitions = [{ secrets: [{ name: "TOKEN", valueFrom: parameter }] }];
    assert.deepEqual(readsOf({ executionRoleArn: role, containerDefinitions }), [
      { role, action: "ssm:GetParameters", arns: [parameter] },
    ]);
  });
});
