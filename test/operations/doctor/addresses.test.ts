import assert from "node:assert/strict";
import {
  addressesCheck,
  addressFindings,
  mostTasks,
} from "../../../operations/doctor/checks/addresses";
import { aContext, aTarget, diagnose, told } from "./support";

const { config } = aTarget({ "gantry:services": { web: { scaling: { min: 2, max: 10 } } } });
const subnet = (SubnetId: string, AvailableIpAddressCount: number) => ({
  ...{ SubnetId, AvailableIpAddressCount, CidrBlock: "10.0.0.0/28" },
});

describe("the check of addresses", () => {
  it("counts each task with its successor, but where one stops before the other starts", () => {
    assert.equal(mostTasks(config), 20);
    const recreate = { scaling: { max: 1 }, deployment: { strategy: "recreate" } };
    const services = { web: recreate, nightly: { kind: "job", schedule: "rate(1 day)" } };
    assert.equal(mostTasks(aTarget({ "gantry:services": services }).config), 2);
  });

  for (const [what, free, expected] of [
    ["enough", [10, 8], []],
    ["too few for all that may start", [10, 7], ["warning subnet-0, subnet-1"]],
    ["a subnet that is full", [0, 100], ["error subnet-0"]],
  ] as const) {
    it(`finds ${what}`, () => {
      const subnets = free.map((count, index) => subnet(`subnet-${index}`, count));
      const found = addressFindings(subnets, 2, config);
      assert.deepEqual(
        found.map(({ severity, where }) => `${severity} ${where}`),
        expected,
      );
    });
  }

  it("asks for the subnets that services run in", async () => {
    const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-0"] } };
    const services = () => Promise.resolve({ web: { networkConfiguration, runningCount: 1 } });
    const asked: unknown[] = [];
    const DescribeSubnets = (input: unknown) => {
      asked.push(input);
      return { Subnets: [subnet("subnet-0", 4000)] };
    };
    const context = aContext({ services, answers: { ec2: { DescribeSubnets } } });
    const result = await diagnose(addressesCheck, context);
    assert.deepEqual(asked, [{ SubnetIds: ["subnet-0"] }]);
    assert.deepEqual(
      [result.well, told(result)],
      ["4000 free in 1 subnet, for 4 tasks at most", []],
    );
  });
});
