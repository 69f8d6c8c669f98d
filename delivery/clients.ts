import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";

/** The AWS APIs that delivery calls, in one region and under one role. */
export interface Clients {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly ssm: SSMClient;
  readonly dynamodb: DynamoDBClient;
  readonly logs: CloudWatchLogsClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly secrets: SecretsManagerClient;
  readonly s3: S3Client;
  readonly sts: STSClient;
}

/** Keys of a role or a person. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What all clients are made with. */
interface Settings {
  readonly region: string;
  readonly credentials?: Credentials;
  readonly endpoint?: string;
  readonly retryMode: "standard";
  readonly maxAttempts: number;
}

/**
 * How often a call is made until its error counts. Between two attempts the SDK waits up to 20 seconds, longer each
 * time: a deployment rides out a minute of throttling, which a whole stack's `pulumi up` beside it can cause.
 */
export const maxAttempts = 10;

/**
 * The clients of a region. Each is made when it is first asked for: a command pays for those that it uses.
 * @param credentials default: the SDK's own chain, which in CodeBuild is the project's role.
 * @param endpoint of every service. Default: AWS, or what AWS_ENDPOINT_URL says.
 */
export function makeClients(region: string, credentials?: Credentials, endpoint?: string): Clients {
  const settings: Settings = {
    region,
    retryMode: "standard",
    maxAttempts,
    ...(credentials ? { credentials } : {}),
    ...(endpoint ? { endpoint } : {}),
  };
  const ecs = once(() => new ECSClient(settings));
  const ecr = once(() => new ECRClient(settings));
  const ssm = once(() => new SSMClient(settings));
  const dynamodb = once(() => new DynamoDBClient(settings));
  const logs = once(() => new CloudWatchLogsClient(settings));
  const elb = once(() => new ElasticLoadBalancingV2Client(settings));
  const secrets = once(() => new SecretsManagerClient(settings));
  const s3 = once(() => new S3Client(settings));
  const sts = once(() => new STSClient(settings));
  return {
    get ecs() {
      return ecs();
    },
    get ecr() {
      return ecr();
    },
    get ssm() {
      return ssm();
    },
    get dynamodb() {
      return dynamodb();
    },
    get logs() {
      return logs();
    },
    get elb() {
      return elb();
    },
    get secrets() {
      return secrets();
    },
    get s3() {
      return s3();
    },
    get sts() {
      return sts();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
