/** The emulator's default VPC with two subnets. There is no SDK for EC2 among the packages. */
export async function defaultVpc(
  endpoint: string,
): Promise<{ readonly vpcId: string; readonly subnets: string[] }> {
  const all = await listed(endpoint, "DescribeSubnets");
  return { vpcId: all("vpcId")[0], subnets: all("subnetId").slice(0, 2) };
}

/** The security group that the emulator's default VPC begins with. */
export async function defaultGroup(endpoint: string): Promise<string> {
  return (await listed(endpoint, "DescribeSecurityGroups"))("groupId")[0];
}

/** The values of elements in what EC2 answers, by name. */
async function listed(endpoint: string, action: string): Promise<(name: string) => string[]> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: `Action=${action}&Version=2016-11-15`,
  });
  const text = await response.text();
  return (name) =>
    [...text.matchAll(new RegExp(`<${name}>([^<]+)`, "g"))].map(([, value]) => value);
}
