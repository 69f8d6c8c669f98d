import {
  DescribeServiceRevisionsCommand,
  type ECSClient,
  type Service,
  type ServiceDeployment,
} from "@aws-sdk/client-ecs";

/** Where the requests of both colours of a service are counted, as CloudWatch's dimensions name it. */
export interface Colours {
  /** Such as `app/shop--production/0123456789abcdef`. */
  readonly loadBalancer: string;
  /** The target group of the new tasks, such as `targetgroup/shop-web/0123456789abcdef`. */
  readonly now: string;
  /** That of the old ones; absent where nothing ran before. */
  readonly old?: string;
  /** When the old ones began to run: what the group has of before is of others. */
  readonly oldSince: Date;
}

/**
 * The target groups of a deployment that shifts requests: one call.
 * @returns undefined where no load balancer leads requests to it, so that nobody counts them.
 */
export async function coloursOf(
  ecs: ECSClient,
  described: Service,
  { targetServiceRevision, sourceServiceRevisions = [] }: ServiceDeployment,
): Promise<Colours | undefined> {
  const rules = (described.loadBalancers ?? []).flatMap(
    ({ advancedConfiguration }) => advancedConfiguration?.productionListenerRule ?? [],
  );
  const loadBalancer = rules.map(loadBalancerOf).find((name) => name !== undefined);
  if (loadBalancer === undefined || targetServiceRevision?.arn === undefined) return undefined;
  const arns = [targetServiceRevision, ...sourceServiceRevisions].flatMap(({ arn }) => arn ?? []);
  const { serviceRevisions = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }),
  );
  const groups = new Map(
    serviceRevisions.map(({ serviceRevisionArn, resolvedConfiguration }) => [
      serviceRevisionArn,
      resolvedConfiguration?.loadBalancers?.at(0)?.targetGroupArn?.split(":").at(-1),
    ]),
  );
  const now = groups.get(targetServiceRevision.arn);
  if (now === undefined) return undefined;
  const old = arns.map((arn) => groups.get(arn)).find((group) => group && group !== now);
  const before = described.deployments?.find(({ status }) => status !== "PRIMARY");
  return { loadBalancer, now, old, oldSince: before?.createdAt ?? new Date(0) };
}

/** `app/<name>/<id>` of the ARN of one of a load balancer's rules. */
function loadBalancerOf(rule: string): string | undefined {
  return /:listener-rule\/(app\/[^/]+\/[^/]+)\//.exec(rule)?.[1];
}
