import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-ecs";
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  DeleteRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3";
import type { StackBench } from "./delivery/stackBench";

const closed = {
  ...{ BlockPublicAcls: true, BlockPublicPolicy: true },
  ...{ IgnorePublicAcls: true, RestrictPublicBuckets: true },
};
const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

/**
 * What a person does in the console to six resources of a stack with the service `web`: a tag, a rule of a security group, a policy of
 * a role, a rule of the listener, a bucket that opens, a log group that goes.
 */
export async function changeByHand(stack: StackBench) {
  const { names, bench } = stack;
  const { ecs, elb, s3, logs } = stack.clients;
  const iam = new IAMClient(bench.client);
  const { serviceArn: resourceArn = "", networkConfiguration } = await stack.service();
  await ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: "by", value: "hand" }] }));

  const [group = ""] = networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
  const ssh =
    `&GroupId=${group}&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22` +
    "&IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0";
  await ec2(bench.client, `AuthorizeSecurityGroupIngress${ssh}`);

  const { Roles: roles = [] } = await iam.send(new ListRolesCommand({}));
  const RoleName = roles.find(({ RoleName: name = "" }) => /web-taskRole/.test(name))?.RoleName;
  const policy = { RoleName, PolicyName: "by-hand" };
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: everything }));

  const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const { Listeners: listeners = [] } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: balancers[0].LoadBalancerArn }),
  );
  const { Rules: made = [] } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listeners[0].ListenerArn,
      Priority: 7,
      Conditions: [{ Field: "path-pattern", Values: ["/x"] }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
    }),
  );

  const { Buckets: buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = buckets.find(({ Name = "" }) => /access-logs/.test(Name))?.Name;
  const open = { ...closed, BlockPublicAcls: false };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: open }));

  const logGroupName = names.logGroup("web");
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
  );
  const tags = { "gantry:name": names.prefix.split("--")[0], "gantry:stack": "staging" };
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));

  return {
    putBack: async () => {
      await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ["by"] }));
      await ec2(bench.client, `RevokeSecurityGroupIngress${ssh}`);
      await iam.send(new DeleteRolePolicyCommand(policy));
      await elb.send(new DeleteRuleCommand({ RuleArn: made[0].RuleArn }));
      const was = { Bucket, PublicAccessBlockConfiguration: closed };
      await s3.send(new PutPublicAccessBlockCommand(was));
      const { retentionInDays, kmsKeyId } = logGroups[0];
      await logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId, tags }));
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    },
  };
}

/** Without a client of EC2, which nothing else here needs. */
async function ec2({ endpoint, region }: StackBench["bench"]["client"], action: string) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ec2/aws4_request`,
    },
    body: `Action=${action}&Version=2016-11-15`,
  });
  if (!response.ok) throw new Error(await response.text());
}
