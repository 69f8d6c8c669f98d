import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { messageOf } from "../../delivery/errors";
import { askHttp2 } from "../../delivery/verify/http2";
import { matches } from "../../delivery/verify/matches";
import type { Connection } from "./connection";

/** A container that does not answer the health check of its target group. */
export class Unhealthy extends Error {}

const pollMs = 500;
/** Until a container that listens has to answer its health check. */
const healthTimeoutMs = 30_000;

/** @throws Error where there is no such group. */
export async function targetGroup({ root }: Connection, arn: string): Promise<TargetGroup> {
  const client = new ElasticLoadBalancingV2Client(root);
  const found = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
  const [group] = found.TargetGroups ?? [];
  if (!group) throw new Error(`there is no target group ${arn}`);
  return group;
}

/**
 * Asks a container as the load balancer would, until it answers well.
 * @param url where the container listens.
 * @throws Unhealthy with its last answer, where it does not within 30 s.
 */
export async function checkHealth(group: TargetGroup, url: string): Promise<void> {
  const asked = new URL(group.HealthCheckPath ?? "/", url);
  const deadline = Date.now() + healthTimeoutMs;
  for (;;) {
    const answer = await answerAt(asked, group.ProtocolVersion);
    if (matches(answer, group.Matcher?.GrpcCode ?? group.Matcher?.HttpCode ?? "200")) return;
    if (Date.now() > deadline) {
      throw new Unhealthy(
        `Task failed ELB health checks in (target-group ${group.TargetGroupArn}): ${asked.pathname} answers ${answer}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** The status of an answer, with gRPC its code; else why there is none. */
async function answerAt(url: URL, version = "HTTP1"): Promise<string> {
  try {
    if (version !== "HTTP1") return await askHttp2(url, version === "GRPC");
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
    return String(response.status);
  } catch (error) {
    return messageOf(error);
  }
}
