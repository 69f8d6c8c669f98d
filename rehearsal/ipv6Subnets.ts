import type { ClientSettings } from "./runner/connection";

/**
 * Gives each subnet a network of IPv6, as the VPC has that a stack file asks for; those that have one keep it.
 * @throws Error with the emulator's answer where it refuses.
 */
export async function giveIpv6({ endpoint, region, credentials }: ClientSettings): Promise<void> {
  const scope = `${credentials.accessKeyId}/20260101/${region}/ec2/aws4_request`;
  // A client of EC2 would be there for this alone.
  const ec2 = async (parameters: Readonly<Record<string, string>>) => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams({ Version: "2016-11-15", ...parameters }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${parameters.Action}: ${text}`);
    return text;
  };
  const described = await ec2({ Action: "DescribeSubnets" });
  if (described.includes("<ipv6CidrBlock>")) return;
  const ids = [...described.matchAll(/<subnetId>([^<]+)/g)].map(([, id]) => id);
  for (const [index, SubnetId] of ids.entries()) {
    const Ipv6CidrBlock = `2001:db8:0:${index}::/64`;
    await ec2({ Action: "AssociateSubnetCidrBlock", SubnetId, Ipv6CidrBlock });
  }
}
