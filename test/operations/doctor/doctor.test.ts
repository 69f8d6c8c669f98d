import assert from "node:assert/strict";
import { DeliveryError } from "../../../delivery/errors";
import type { Check } from "../../../operations/doctor/check";
import { checks } from "../../../operations/doctor/checks";
import { examine } from "../../../operations/doctor/doctor";
import { checkNameFault, checkNames } from "../../../operations/doctor/names";
import { examinationText } from "../../../operations/doctor/text";
import { aContext, account, awsError, denied } from "./support";

const signedIn: Check = {
  name: "account",
  title: "the credentials",
  run: () => Promise.resolve({ well: "arn:aws:iam::123456789012:user/ann" }),
};

function check(name: string, run: Check["run"], rights?: readonly string[]): Check {
  return { name, title: `the ${name}`, run, ...(rights ? { rights } : {}) };
}

const text = (found: Parameters<typeof examinationText>[0]) =>
  examinationText(found, (_, plain) => plain);

describe("gantry doctor", () => {
  it("tells errors first, then warnings, what nobody knows, and what is well", async () => {
    const finding = { where: "services.web", what: "it is short of tasks", fix: "look" };
    const found = await examine(aContext(), signedIn, [
      check("one", () =>
        Promise.resolve({ well: "", findings: [{ severity: "warning", ...finding }] }),
      ),
      check("two", () =>
        Promise.resolve({
          well: "",
          findings: [{ severity: "error", ...finding, command: "gantry status --stack staging" }],
        }),
      ),
      check("three", () => Promise.reject(denied("acm:DescribeCertificate")), []),
    ]);
    assert.deepEqual(text(found).split("\n"), [
      `staging (account ${account}, eu-west-1)`,
      "",
      "ERROR    two: services.web",
      "         it is short of tasks",
      "         fix: look",
      "           gantry status --stack staging",
      "",
      "warning  one: services.web",
      "         it is short of tasks",
      "         fix: look",
      "",
      "?        three    the three: not checked, these credentials may not call acm:DescribeCertificate",
      "ok       account  arn:aws:iam::123456789012:user/ann",
      "",
      "4 checks: 1 error, 1 warning; 1 thing could not be checked",
    ]);
    assert.equal(found.checks[3].unchecked[0].right, "acm:DescribeCertificate");
  });

  it("makes no check that asks AWS where the credentials are wrong, and all others", async () => {
    const lost: Check = {
      ...signedIn,
      run: () =>
        Promise.resolve({
          well: "",
          findings: [
            { severity: "error", where: "AWS", what: "nobody is signed in", fix: "sign in" },
          ],
        }),
    };
    const asked: string[] = [];
    const ask = (name: string) => () => {
      asked.push(name);
      return Promise.resolve({ well: name });
    };
    const context = aContext({ account: () => Promise.reject(awsError("ExpiredToken")) });
    const others = [check("aws", ask("aws"), ["ecs:DescribeServices"]), check("own", ask("own"))];
    const found = await examine(context, lost, others, false);
    assert.deepEqual(asked, ["own"]);
    assert.deepEqual(
      found.checks.map((each) => each.check),
      ["account", "aws", "own"],
    );
    assert.equal(found.errors, 1);
    assert.equal(found.account, undefined);
  });

  it("takes what delivery refuses as a finding, with its next steps", async () => {
    const refusal = new DeliveryError("there is no ledger", ["pulumi up makes it"]);
    const {
      checks: [, result],
    } = await examine(aContext(), signedIn, [
      check("history", () => Promise.reject(refusal), ["dynamodb:Query"]),
    ]);
    assert.deepEqual(result.findings, [
      {
        severity: "error",
        where: "the history",
        what: "there is no ledger",
        fix: "pulumi up makes it",
      },
    ]);
  });

  it("names the rights of a check where AWS does not, and says what else AWS answered", async () => {
    const { checks: results } = await examine(aContext(), signedIn, [
      check("one", () => Promise.reject(awsError("UnauthorizedOperation", "You may not")), [
        "ec2:DescribeSubnets",
      ]),
      check("two", () => Promise.reject(awsError("ThrottlingException", "Rate exceeded")), []),
      check("three", () => Promise.reject(new TypeError("x is undefined")), []),
    ]);
    assert.deepEqual(
      results.slice(1).map(({ unchecked: [{ why }] }) => why),
      [
        "these credentials may not call ec2:DescribeSubnets",
        "ThrottlingException: Rate exceeded",
        "x is undefined",
      ],
    );
  });

  it("never shows what looks like a secret", async () => {
    const found = await examine(aContext(), signedIn, [
      check("one", () => Promise.resolve({ well: "postgres://shop:hunter2secret@db/shop" })),
    ]);
    assert.doesNotMatch(text(found), /hunter2secret/);
  });

  it("knows each check by its name, and names the nearest", () => {
    for (const name of checkNames) {
      assert.equal(checks[name].name, name);
      assert.equal(checkNameFault(name), undefined);
    }
    assert.match(checkNameFault("acount") ?? "", /^Is account meant\? There are account, /);
  });
});
