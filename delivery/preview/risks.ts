import { isRecord } from "../../contract/record";
import type { PlannedChange } from "../engine/changes";
import { joined, say, type Phrase } from "./phrase";

/** By type as Pulumi has it: what a replacement interrupts, since another resource takes the place of this one. */
const interrupts: Readonly<Record<string, string>> = {
  "aws:ecs/service:Service":
    "tasks of the old service stop, and requests find none until the new one's are healthy",
  "aws:ecs/cluster:Cluster": "every service in it is made anew",
  "aws:ecs/capacityProvider:CapacityProvider": "tasks on its hosts move",
  "aws:lb/loadBalancer:LoadBalancer":
    "it gets another address: names that lead to the old one lead nowhere",
  "aws:lb/listener:Listener": "no request is answered on its port until the new one is there",
  "aws:lb/listenerRule:ListenerRule": "its requests go to the next rule until the new one is there",
  "aws:lb/targetGroup:TargetGroup":
    "requests find no task until the service has registered its own with the new one",
  "aws:wafv2/webAclAssociation:WebAclAssociation":
    "requests are not filtered until the new one is there",
  "aws:ec2/vpc:Vpc": "everything in it is made anew",
  "aws:ec2/subnet:Subnet": "what runs in it is made anew, and its addresses change",
  "aws:ec2/securityGroup:SecurityGroup": "what has it loses its rules until it has the new one",
  "aws:ec2/natGateway:NatGateway": "connections out of the private subnets break",
  "aws:ec2/eip:Eip": "the address changes: whoever let the old one in must let the new one in",
  "aws:ec2/internetGateway:InternetGateway": "the network has no way in or out meanwhile",
  "aws:ec2/routeTable:RouteTable": "its subnets have no routes meanwhile",
  "aws:servicediscovery/httpNamespace:HttpNamespace": "services do not find each other meanwhile",
  "aws:route53/record:Record":
    "the name may lead nowhere meanwhile, and for as long as resolvers keep that",
  "aws:iam/role:Role": "whoever uses it is refused until it has its policies again",
  "aws:codepipeline/pipeline:Pipeline": "executions that run are lost, and so is their history",
};

/** By type: what is lost when it is deleted, and when it is replaced as well. */
const holds: Readonly<Record<string, string>> = {
  "aws:s3/bucket:Bucket": "its objects are lost",
  "aws:s3/bucketV2:BucketV2": "its objects are lost",
  "aws:ecr/repository:Repository": "its images are lost",
  "aws:dynamodb/table:Table": "its items are lost",
  "aws:rds/instance:Instance": "its databases are lost",
  "aws:rds/cluster:Cluster": "its databases are lost",
  "aws:elasticache/replicationGroup:ReplicationGroup": "what it caches is lost",
  "aws:elasticache/serverlessCache:ServerlessCache": "what it caches is lost",
  "aws:efs/fileSystem:FileSystem": "its files are lost",
  "aws:sqs/queue:Queue": "its messages are lost",
  "aws:sns/topic:Topic": "its subscriptions are lost",
  "aws:cloudwatch/logGroup:LogGroup": "its logs are lost",
  "aws:kms/key:Key": "everything that it encrypts is lost",
  "aws:secretsmanager/secret:Secret": "its value is lost",
  "aws:ssm/parameter:Parameter": "its value is lost",
  "aws:route53/zone:Zone": "its names, and the name servers that they are delegated to are lost",
  "aws:acm/certificate:Certificate": "the names that it proves are lost",
  "aws:cognito/userPool:UserPool": "its users are lost",
};

/** What AWS keeps of a thing that is deleted or replaced, or refuses to delete; undefined where it is lost. */
function keptOf(type: string, { oldInputs }: PlannedChange): string | undefined {
  if (type === "aws:s3/bucket:Bucket" && oldInputs.forceDestroy === false) {
    return "S3 refuses that while there is an object or a version in it";
  }
  if (databases.includes(type) && oldInputs.skipFinalSnapshot === false) {
    return "of its databases a final snapshot stays, and nothing else";
  }
  return undefined;
}

const databases = ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"];

/** A database is changed at once where it says so, and restarts for some of it. */
function restartedDatabase({ name, oldInputs, newInputs }: PlannedChange): Phrase[] {
  const causes = ["instanceClass", "engineVersion"].filter(
    (key) => oldInputs[key] !== newInputs[key],
  );
  return causes.length > 0 && newInputs.applyImmediately === true
    ? [
        say`${name} restarts at once because of ${causes}: connections break, and are refused meanwhile`,
      ]
    : [];
}

/** By type: what people know it by, or have from it, and lose when it goes for good. */
const ends: Readonly<Record<string, string>> = {
  "aws:ecs/service:Service": "its tasks stop",
  "aws:ecs/cluster:Cluster": "its services end",
  "aws:lb/loadBalancer:LoadBalancer": "its name, which others may know, leads nowhere",
  "aws:lb/listener:Listener": "nothing answers on its port",
  "aws:lb/listenerRule:ListenerRule": "its requests go to the next rule",
  "aws:wafv2/webAclAssociation:WebAclAssociation": "requests are not filtered any more",
  "aws:ec2/eip:Eip": "its address, which others may have let in, is given up",
  "aws:ec2/natGateway:NatGateway": "its subnets have no way out",
  "aws:ec2/vpc:Vpc": "its network ends",
  "aws:route53/record:Record": "its name leads nowhere",
  "aws:codepipeline/pipeline:Pipeline": "commits are not delivered any more",
  "aws:cloudwatch/eventRule:EventRule": "what it tells of is told no more",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "its bucket may be opened to everyone",
};

const targetGroupType = "aws:lb/targetGroup:TargetGroup";

/** Of a service of Gantry's whose tasks do not stop first. */
const otherProtocol =
  "its tasks are exchanged, and those of before answer until new ones are healthy by the new protocol";

const serviceType = "aws:ecs/service:Service";

/** A service goes from tasks that are started beside the old ones to such as take their place, or back. */
function changedStrategy({ name, oldInputs, newInputs }: PlannedChange): Phrase[] {
  const [before, after] = [oldInputs, newInputs].map(stopsFirst);
  if (before === after) return [];
  return after
    ? [
        say`${name} is deployed by recreate: from this update on its tasks stop before new ones start, and it is interrupted each time`,
      ]
    : [
        say`${name} is deployed by rolling: from this update on new tasks run beside the old ones until these leave`,
      ];
}

/** Whether there is no room for a task beside those that run. ECS's own default is 200 percent. */
function stopsFirst({ deploymentMaximumPercent = 200 }: PlannedChange["oldInputs"]): boolean {
  return Number(deploymentMaximumPercent) <= 100;
}

const loadBalancerType = "aws:lb/loadBalancer:LoadBalancer";

/** Without access logs nobody knows afterwards who asked for what. */
function endedLogs({ name, oldInputs, newInputs }: PlannedChange): Phrase[] {
  const [before, after] = [oldInputs, newInputs].map(
    ({ accessLogs }) => isRecord(accessLogs) && accessLogs.enabled === true,
  );
  return before && !after ? [say`${name} logs no requests any more`] : [];
}

/** What the provider also calls a load balancer's parts. */
const formerModule = /^aws:(?:alb|elasticloadbalancingv2|applicationloadbalancing)\//;

/** What a deletion costs: what is lost, or kept, and what ends. Nothing where the resource stays in AWS. */
export function lossesOf(change: PlannedChange): string[] {
  const { op, isRetained } = change;
  return op === "delete" && !isRetained ? reasonsOf(change, holds, ends) : [];
}

function reasonsOf(
  change: PlannedChange,
  ...tables: readonly Readonly<Record<string, string>>[]
): string[] {
  const type = typeOf(change);
  return tables.flatMap((table) =>
    Object.hasOwn(table, type)
      ? [(table === holds ? keptOf(type, change) : undefined) ?? table[type]]
      : [],
  );
}

function typeOf({ type }: PlannedChange): string {
  return type.replace(formerModule, "aws:lb/");
}

/** What a change costs whoever uses the environment: nothing, or a sentence for people who review it. */
export function risksOf(change: PlannedChange): Phrase[] {
  const { op, name, replacement } = change;
  const type = typeOf(change);
  if (op === "delete") {
    return lossesOf(change).map((reason) => joined(say`${name} is deleted: `, reason));
  }
  if (op === "update" && type === serviceType) return changedStrategy(change);
  if (op === "update" && type === loadBalancerType) return endedLogs(change);
  if (op === "update" && databases.includes(type)) return restartedDatabase(change);
  if (op !== "replace") return [];
  const causes = replacement?.causes ?? [];
  const isSpoken = type === targetGroupType && causes.join() === "protocolVersion";
  const why = isSpoken ? [otherProtocol] : reasonsOf(change, interrupts, holds);
  if (replacement?.deletesFirst) why.push("the old one goes before the new one is there");
  if (why.length === 0) return [];
  const replaced =
    causes.length > 0
      ? say`${name} is replaced because of ${causes}: `
      : say`${name} is replaced: `;
  return [joined(replaced, why.join("; "))];
}
