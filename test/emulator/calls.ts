import assert from "node:assert/strict";
import type { Bench } from "./support";

/**
 * Calls an action of a service by its JSON protocol, for what the tests have no client of.
 * @param target as the service's header has it, such as `AnyScaleFrontendService.DescribeScalableTargets`.
 */
export async function call<T>(
  { client }: Pick<Bench, "client">,
  service: string,
  target: string,
  body: object,
): Promise<T> {
  const scope = `test/20260101/${client.region}/${service}/aws4_request`;
  const response = await fetch(client.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": target,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`);
  return JSON.parse(text || "{}") as T;
}

/** Calls an action by the query protocol. @returns what its answer has in elements of a name. */
export async function query(
  { client }: Pick<Bench, "client">,
  service: "sns" | "sqs",
  parameters: Readonly<Record<string, string>>,
): Promise<(element: string) => string[]> {
  const version = { sns: "2010-03-31", sqs: "2012-11-05" }[service];
  const scope = `test/20260101/${client.region}/${service}/aws4_request`;
  const response = await fetch(client.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Version: version, ...parameters }),
  });
  const text = await response.text();
  assert.ok(response.ok, text);
  return (element) =>
    [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(
      ([, value]) => value,
    );
}

/** Rules of security groups whose descriptions begin so, as `Calls of web at 8080`, by the answer of EC2's API. */
export async function rules(
  { client }: Pick<Bench, "client">,
  beginning: string,
): Promise<string[]> {
  const scope = `test/20260131/${client.region}/ec2/aws4_request`;
  const response = await fetch(client.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: "Action=DescribeSecurityGroupRules&Version=2016-11-15",
  });
  const items = (await response.text()).split("<item>");
  const value = (item: string, name: string) =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(item)?.[1] ?? "";
  return items
    .filter((item) => value(item, "description").startsWith(beginning))
    .map((item) => `${value(item, "description")} at ${value(item, "fromPort")}`)
    .sort();
}

/**
 * Makes a key of KMS.
 * @param policy Default: the one that AWS gives to those without one.
 * @returns its ARN.
 */
export async function newKey(bench: Pick<Bench, "client">, policy?: object): Promise<string> {
  const made = await call<{ KeyMetadata: { Arn: string } }>(
    bench,
    "kms",
    "TrentService.CreateKey",
    policy ? { Policy: JSON.stringify(policy) } : {},
  );
  return made.KeyMetadata.Arn;
}
