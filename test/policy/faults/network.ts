import * as aws from "@pulumi/aws";
import type { Fault } from "./fault";

function rule(name: string, args: Partial<aws.vpc.SecurityGroupIngressRuleArgs>) {
  return new aws.vpc.SecurityGroupIngressRule(name, {
    securityGroupId: "sg-0a1b2c3d",
    ipProtocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
    ...args,
  });
}

function group(name: string, ingress: aws.ec2.SecurityGroupArgs["ingress"]) {
  return new aws.ec2.SecurityGroup(name, { ingress });
}

function olderRule(name: string, cidrBlocks: string[]) {
  return new aws.ec2.SecurityGroupRule(name, {
    type: "ingress",
    securityGroupId: "sg-0a1b2c3d",
    protocol: "tcp",
    fromPort: 0,
    toPort: 65535,
    cidrBlocks,
  });
}

function vpc(name: string, has: { flowLog?: true; defaultGroup?: true }) {
  const made = new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" });
  if (has.flowLog) {
    new aws.ec2.FlowLog(`${name}-log`, { vpcId: made.id, trafficType: "REJECT" });
  }
  if (has.defaultGroup) new aws.ec2.DefaultSecurityGroup(`${name}-group`, { vpcId: made.id });
  return made;
}

function subnet(name: string, mapPublicIpOnLaunch: boolean) {
  return new aws.ec2.Subnet(name, {
    vpcId: "vpc-1",
    cidrBlock: "10.0.0.0/24",
    mapPublicIpOnLaunch,
  });
}

const everything = { protocol: "-1", fromPort: 0, toPort: 0 };

export const networkFaults: readonly Fault[] = [
  {
    rule: "ec2-subnet-public-addresses",
    says: /gets a public address/,
    wrong: (name) => subnet(name, true),
    right: (name) => subnet(name, false),
  },
  {
    rule: "ec2-open-ingress",
    says: /0\.0\.0\.0\/0 reaches port 5432/,
    wrong: (name) => rule(name, { cidrIpv4: "0.0.0.0/0" }),
    right: (name) => rule(name, { cidrIpv4: "10.0.0.0/16" }),
  },
  {
    rule: "ec2-open-ingress",
    says: /::\/0 reaches port 22/,
    wrong: (name) => rule(name, { cidrIpv6: "::/0", fromPort: 22, toPort: 22 }),
    right: (name) => rule(name, { cidrIpv6: "::/0", fromPort: 443, toPort: 443 }),
  },
  {
    rule: "ec2-open-ingress",
    says: /reaches every port/,
    wrong: (name) => rule(name, { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1", fromPort: undefined }),
    right: (name) => rule(name, { ipProtocol: "-1", referencedSecurityGroupId: "sg-0e" }),
  },
  {
    rule: "ec2-open-ingress",
    says: /reaches every port/,
    wrong: (name) => group(name, [{ ...everything, cidrBlocks: ["0.0.0.0/0"] }]),
    right: (name) => group(name, [{ ...everything, self: true }]),
  },
  {
    rule: "ec2-open-ingress",
    says: /reaches ports 0 to 65535/,
    // Two halves are everybody.
    wrong: (name) => olderRule(name, ["0.0.0.0/1", "128.0.0.0/1"]),
    right: (name) => olderRule(name, ["192.0.2.0/24"]),
  },
  {
    rule: "ec2-described-rules",
    says: /the rule for port 5432 has no description/,
    wrong: (name) => rule(name, { cidrIpv4: "10.0.0.0/16" }),
    right: (name) => rule(name, { cidrIpv4: "10.0.0.0/16", description: "web asks for orders" }),
  },
  {
    rule: "ec2-default-security-group",
    says: /it has ingress rules/,
    wrong: (name) =>
      new aws.ec2.DefaultSecurityGroup(name, {
        vpcId: "vpc-0a1b2c3d",
        ingress: [{ ...everything, self: true }],
      }),
    right: (name) => new aws.ec2.DefaultSecurityGroup(name, { vpcId: "vpc-0a1b2c3d" }),
  },
  {
    rule: "ec2-default-group-kept",
    says: /as AWS makes it/,
    wrong: (name) => vpc(name, {}),
    right: (name) => vpc(name, { defaultGroup: true }),
  },
  {
    rule: "ec2-flow-logs",
    says: /no connection in the VPC is logged/,
    wrong: (name) => vpc(name, {}),
    right: (name) => vpc(name, { flowLog: true }),
  },
  {
    rule: "ec2-metadata-v2",
    says: /tokens are not required/,
    wrong: (name) => new aws.ec2.LaunchTemplate(name),
    right: (name) =>
      new aws.ec2.LaunchTemplate(name, { metadataOptions: { httpTokens: "required" } }),
  },
  {
    rule: "ec2-encrypted-disks",
    says: /a disk is not encrypted/,
    wrong: (name) =>
      new aws.ec2.LaunchTemplate(name, {
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 30 } }],
      }),
    right: (name) =>
      new aws.ec2.LaunchTemplate(name, {
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
      }),
  },
  {
    rule: "ec2-encrypted-disks",
    says: /a disk is not encrypted/,
    wrong: (name) => new aws.ebs.Volume(name, { availabilityZone: "eu-west-1a", size: 8 }),
    right: (name) =>
      new aws.ebs.Volume(name, { availabilityZone: "eu-west-1a", size: 8, encrypted: true }),
  },
  {
    rule: "ec2-public-address",
    says: /it has a public address/,
    wrong: (name) => new aws.ec2.Instance(name, { associatePublicIpAddress: true }),
    right: (name) => new aws.ec2.Instance(name, { associatePublicIpAddress: false }),
  },
  {
    rule: "ec2-secrets-in-user-data",
    says: /looks like an access key of AWS/,
    wrong: (name) =>
      new aws.ec2.Instance(name, { userData: "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" }),
    right: (name) => new aws.ec2.Instance(name, { userData: "aws ssm get-parameter --name key" }),
  },
  {
    rule: "lambda-public-url",
    says: /authorizationType is NONE/,
    wrong: (name) =>
      new aws.lambda.FunctionUrl(name, { functionName: "hook", authorizationType: "NONE" }),
    right: (name) =>
      new aws.lambda.FunctionUrl(name, { functionName: "hook", authorizationType: "AWS_IAM" }),
  },
  {
    rule: "lambda-tracing",
    says: /not traced/,
    wrong: (name) => new aws.lambda.Function(name, { role: "arn:aws:iam::123456789012:role/hook" }),
    right: (name) =>
      new aws.lambda.Function(name, {
        role: "arn:aws:iam::123456789012:role/hook",
        tracingConfig: { mode: "Active" },
      }),
  },
];
