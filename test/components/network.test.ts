import assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { withoutPublicAddresses } from "../../components/network/noPublicAddresses";
import { parsed, record, valueOf, type RecordingOptions } from "../support/record";

const create = { mode: "create", cidr: "10.10.0.0/16", zones: 2, nat: "single" } as const;

function network(args: NetworkArgs, options?: RecordingOptions) {
  return record(() => new Network("shop", args), options);
}

describe("Network", () => {
  describe("create", () => {
    it("hands awsx explicit blocks, so that a zone never moves", async () => {
      const { one } = await network({ ...create, zones: 3 });
      const { inputs } = one("awsx:ec2:Vpc");
      assert.equal(inputs.cidrBlock, "10.10.0.0/16");
      assert.equal(inputs.numberOfAvailabilityZones, 3);
      assert.equal(inputs.subnetStrategy, "Auto");
      assert.deepEqual(inputs.subnetSpecs, [
        { type: "Public", cidrBlocks: ["10.10.16.0/22", "10.10.48.0/22", "10.10.80.0/22"] },
        { type: "Private", cidrBlocks: ["10.10.0.0/20", "10.10.32.0/20", "10.10.64.0/20"] },
      ]);
    });

    it("has its subnets transformed, and no other part: none gives a public address unasked", () => {
      const part = (type: string) =>
        withoutPublicAddresses({ type, props: { mapPublicIpOnLaunch: true, tags: {} }, opts: {} });
      const props = { mapPublicIpOnLaunch: false, tags: {} };
      assert.deepEqual(part("aws:ec2/subnet:Subnet"), { props, opts: {} });
      assert.equal(part("aws:ec2/vpc:Vpc"), undefined);
    });

    for (const [nat, strategy] of [
      ["none", "None"],
      ["single", "Single"],
      ["perZone", "OnePerAz"],
    ] as const) {
      it(`with nat ${nat} asks for gateways ${strategy}, and for the same subnets`, async () => {
        const { one } = await network({ ...create, nat });
        const { natGateways, subnetSpecs } = one("awsx:ec2:Vpc").inputs;
        assert.deepEqual(natGateways, { strategy });
        assert.deepEqual(
          (subnetSpecs as { type: string }[]).map(({ type }) => type),
          ["Public", "Private"],
        );
      });
    }

    it("puts tasks into private subnets without public addresses", async () => {
      const { value } = await network(create);
      assert.equal(value.assignPublicIp, false);
      assert.deepEqual(await valueOf(value.taskSubnetIds), ["subnet-private1", "subnet-private2"]);
    });

    it("without a way to AWS puts tasks into public subnets", async () => {
      const { value } = await network({ ...create, nat: "none" });
      assert.equal(value.assignPublicIp, true);
      assert.deepEqual(await valueOf(value.taskSubnetIds), ["subnet-public1", "subnet-public2"]);
    });

    it("keeps tasks private where endpoints lead to images and logs", async () => {
      const interfaceEndpoints = ["ecr.api", "ecr.dkr", "logs"];
      const { value, all } = await network({ ...create, nat: "none", interfaceEndpoints });
      assert.equal(value.assignPublicIp, false);
      const endpoints = all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => [
        inputs.serviceName,
        inputs.vpcEndpointType,
      ]);
      assert.deepEqual(endpoints, [
        ["com.amazonaws.eu-west-1.s3", "Gateway"],
        ["com.amazonaws.eu-west-1.ecr.api", "Interface"],
        ["com.amazonaws.eu-west-1.ecr.dkr", "Interface"],
        ["com.amazonaws.eu-west-1.logs", "Interface"],
      ]);
    });

    it("with IPv6 gives it to public subnets, with a way out of each, and to no private one", async () => {
      const { one, all } = await network({ ...create, ipv6: true });
      const { inputs } = one("awsx:ec2:Vpc");
      assert.equal(inputs.assignGeneratedIpv6CidrBlock, true);
      assert.deepEqual(
        (inputs.subnetSpecs as { assignIpv6AddressOnCreation: boolean }[]).map(
          ({ assignIpv6AddressOnCreation }) => assignIpv6AddressOnCreation,
        ),
        [true, false],
      );
      assert.deepEqual(
        all("aws:ec2/route:Route").map(({ inputs }) => inputs),
        ["rtb-table1", "rtb-table2"].map((routeTableId) => ({
          ...{ routeTableId, destinationIpv6CidrBlock: "::/0", gatewayId: "igw-shop-1a2b3c4" },
        })),
      );
    });

    it("has an S3 endpoint on every route table", async () => {
      const { one } = await network(create);
      const { routeTableIds } = one("aws:ec2/vpcEndpoint:VpcEndpoint").inputs;
      assert.deepEqual(routeTableIds, ["rtb-table1", "rtb-table2"]);
    });

    it("closes the default security group", async () => {
      const { one } = await network(create);
      const { inputs } = one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
      assert.deepEqual([inputs.ingress, inputs.egress], [[], []]);
    });

    it("records flow logs through a role that only this account's flow logs can use", async () => {
      const { one } = await network({
        ...create,
        flowLogs: { logGroupName: "/gantry/shop/staging/flow-logs", retentionDays: 90 },
      });
      const { name, retentionInDays } = one("aws:cloudwatch/logGroup:LogGroup").inputs;
      assert.deepEqual([name, retentionInDays], ["/gantry/shop/staging/flow-logs", 90]);
      assert.deepEqual(parsed(one("aws:iam/role:Role"), "assumeRolePolicy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": "123456789012" },
              ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/*" },
            },
          },
        ],
      });
      assert.equal(one("aws:ec2/flowLog:FlowLog").inputs.trafficType, "ALL");
    });

    it("without flow logs makes no log group and no role", async () => {
      const { all } = await network({ ...create, flowLogs: false });
      assert.equal(all("aws:ec2/flowLog:FlowLog").length, 0);
      assert.equal(all("aws:iam/role:Role").length, 0);
    });
  });

  describe("existing", () => {
    it("finds the default VPC and its subnets, always in the same order", async () => {
      const { value, resources, calls } = await network({ mode: "existing" });
      assert.deepEqual(await valueOf(value.taskSubnetIds), ["subnet-0a", "subnet-0b", "subnet-0c"]);
      assert.equal(value.assignPublicIp, true);
      assert.equal(resources.length, 1, "it creates nothing");
      assert.deepEqual(calls.find(({ token }) => token.includes("getSubnets"))?.inputs, {
        filters: [
          { name: "vpc-id", values: ["vpc-0default000000000"] },
          { name: "default-for-az", values: ["true"] },
        ],
      });
    });

    it("takes ids, and then asks AWS nothing", async () => {
      const { value, calls } = await network({
        mode: "existing",
        vpcId: "vpc-1",
        publicSubnetIds: ["subnet-1", "subnet-2"],
        privateSubnetIds: ["subnet-3", "subnet-4"],
      });
      assert.deepEqual(await valueOf(value.publicSubnetIds), ["subnet-1", "subnet-2"]);
      assert.deepEqual(await valueOf(value.taskSubnetIds), ["subnet-3", "subnet-4"]);
      assert.equal(value.assignPublicIp, false);
      assert.deepEqual(calls, []);
    });

    it("without private subnets runs tasks in the public ones", async () => {
      const ids = ["subnet-1", "subnet-2"];
      const { value } = await network({ mode: "existing", vpcId: "vpc-1", publicSubnetIds: ids });
      assert.equal(value.assignPublicIp, true);
      assert.deepEqual(await valueOf(value.taskSubnetIds), ids);
    });
  });

  it("has the same outputs in both modes", async () => {
    const outputs = async (args: NetworkArgs) =>
      Object.keys((await network(args)).value).filter((key) => !key.startsWith("__"));
    assert.deepEqual(await outputs(create), await outputs({ mode: "existing" }));
  });

  it("previews while its outputs are unknown", async () => {
    const { one } = await network(create, { preview: true });
    assert.equal(one("aws:ec2/flowLog:FlowLog").inputs.trafficType, "ALL");
  });

  describe("failures", () => {
    const table: [string, NetworkArgs, RegExp][] = [
      ["there is one zone", { ...create, zones: 1 }, /zones: given 1; allowed: 2 to 6/],
      ["there are seven zones", { ...create, zones: 7 }, /zones: given 7; allowed: 2 to 6/],
      ["the VPC is too small", { ...create, cidr: "10.0.0.0/24" }, /allowed: \/16 to \/21/],
      [
        "the CIDR is an address",
        { ...create, cidr: "10.0.0.1/16" },
        /the network is 10\.0\.0\.0\/16/,
      ],
      ["a VPC comes without subnets", { mode: "existing", vpcId: "vpc-1" }, /name publicSubnetIds/],
    ];
    for (const [fault, args, message] of table) {
      it(`fails when ${fault}`, async () => {
        await assert.rejects(network(args), message);
      });
    }
  });
});
