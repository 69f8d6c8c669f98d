import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import { isNamed } from "./errors";
import { once } from "./once";

/** The AWS APIs that delivery calls, in one region and under one role. */
export interface Clients {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly ssm: SSMClient;
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly secrets: SecretsManagerClient;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly sns: SNSClient;
  readonly sts: STSClient;
  readonly codepipeline: CodePipelineClient;
}

/** Keys of a role or a person. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What all clients are made with. */
export interface Settings {
  readonly region: string;
  readonly credentials?: Credentials;
  readonly endpoint?: string;
  readonly retryMode: "standard";
  readonly maxAttempts: number;
  readonly requestHandler: Timeouts;
}

/** Milliseconds, as the SDK's HTTP handler takes them. */
interface Timeouts {
  readonly connectionTimeout: number;
  /** Until an answer begins. */
  readonly requestTimeout: number;
  /** In which nothing comes, as in the middle of an answer. */
  readonly socketTimeout: number;
  /** Without it the handler only warns when `requestTimeout` has passed, and waits on (since its version 4.4). */
  readonly throwOnRequestTimeout: true;
}

/**
 * How often a call is made until its error counts. Between two attempts the SDK waits up to 20 seconds, longer each
 * time: a deployment rides out a minute of throttling, which a whole stack's `pulumi up` beside it can cause.
 */
export const maxAttempts = 10;

/**
 * The same for a person who waits at a terminal. A call that never answers has then taken a minute and a half, where a
 * deployment goes on for four.
 */
export const interactiveAttempts = 4;

/**
 * The SDK has no time-outs of its own: a call that is never answered would hang until CodeBuild ends the build, and the
 * lock would stay. The SDK repeats what timed out, which is safe with every call here: TransactWriteItems and RunTask carry
 * a token that is the same in each attempt, and StartExecution a name, so AWS does them once; a conditional write that was done is refused when it
 * is repeated, and then looked at; all others say what shall be, and not what shall be added.
 */
const requestTimeoutMs = 20_000;
const connectionTimeoutMs = 5_000;
/** A bundle is on its way for as long as its size takes. */
const uploadTimeoutMs = 120_000;

/** How long a call may take in all. */
export interface CallLimits {
  /** How often it is made until its error counts. Default: {@link maxAttempts}. */
  readonly attempts?: number;
  /** Milliseconds until an attempt counts as not answered. Default: 20,000, and 120,000 for S3. */
  readonly timeoutMs?: number;
}

/**
 * What a client of a region is made with.
 * @param credentials default: the SDK's own chain.
 * @param endpoint default: AWS, or what AWS_ENDPOINT_URL says.
 */
export function settingsOf(
  region: string,
  credentials?: Credentials,
  endpoint?: string,
  { attempts = maxAttempts, timeoutMs }: CallLimits = {},
): Settings {
  return {
    region,
    retryMode: "standard",
    maxAttempts: attempts,
    requestHandler: timeoutsOf(timeoutMs),
    ...(credentials ? { credentials } : {}),
    ...(endpoint ? { endpoint } : {}),
  };
}

/**
 * The clients of a region. Each is made when it is first asked for: a command pays for those that it uses.
 * @param credentials default: the SDK's own chain, which in CodeBuild is the project's role.
 * @param endpoint of every service. Default: AWS, or what AWS_ENDPOINT_URL says.
 */
export function makeClients(
  region: string,
  credentials?: Credentials,
  endpoint?: string,
  limits: CallLimits = {},
): Clients {
  const { timeoutMs } = limits;
  const settings = settingsOf(region, credentials, endpoint, limits);
  const ecs = once(() => telling(new ECSClient(settings)));
  const ecr = once(() => telling(new ECRClient(settings)));
  const ssm = once(() => telling(new SSMClient(settings)));
  const dynamodb = once(() => telling(new DynamoDBClient(settings)));
  const cloudwatch = once(() => telling(new CloudWatchClient(settings)));
  const logs = once(() => telling(new CloudWatchLogsClient(settings)));
  const elb = once(() => telling(new ElasticLoadBalancingV2Client(settings)));
  const secrets = once(() => telling(new SecretsManagerClient(settings)));
  const s3 = once(() =>
    telling(
      new S3Client({ ...settings, requestHandler: timeoutsOf(timeoutMs ?? uploadTimeoutMs) }),
    ),
  );
  const sfn = once(() => telling(new SFNClient(settings)));
  const sns = once(() => telling(new SNSClient(settings)));
  const sts = once(() => telling(new STSClient(settings)));
  const codepipeline = once(() => telling(new CodePipelineClient(settings)));
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
    get cloudwatch() {
      return cloudwatch();
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
    get sfn() {
      return sfn();
    },
    get sns() {
      return sns();
    },
    get sts() {
      return sts();
    },
    get codepipeline() {
      return codepipeline();
    },
  };
}

/** {@link makeClients} for a person who waits for an answer. */
export function interactiveClients(region: string): Clients {
  return makeClients(region, undefined, undefined, { attempts: interactiveAttempts });
}

/** What the SDK's middleware is told of a call. */
interface CallContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

type Handler = (args: unknown) => Promise<unknown>;

/** A client's stack of middleware, as far as it is the same for all of them. */
interface MiddlewareStack {
  add(
    middleware: (next: Handler, context: CallContext) => Handler,
    options: { readonly step: "initialize"; readonly name: string },
  ): void;
}

/** The SDK's time-outs do not say which call it was. */
export function telling<T extends { readonly middlewareStack: unknown }>(client: T): T {
  (client.middlewareStack as MiddlewareStack).add(
    (next, context) => (args) =>
      next(args).catch((error: unknown) => {
        throw isNamed(error, "TimeoutError") ? unanswered(error, context) : error;
      }),
    { step: "initialize", name: "gantryTellsTimeouts" },
  );
  return client;
}

function unanswered(
  error: Error & { readonly $metadata?: { readonly attempts?: number } },
  { clientName = "AWS", commandName = "a call" }: CallContext,
): Error {
  const call = `${clientName.replace(/Client$/, "")} ${commandName.replace(/Command$/, "")}`;
  const attempts = error.$metadata?.attempts ?? 1;
  const times = attempts === 1 ? "once" : `${attempts} times`;
  error.message = `${call} was not answered (asked ${times}): ${error.message}`;
  return error;
}

function timeoutsOf(timeoutMs = requestTimeoutMs): Timeouts {
  return {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    throwOnRequestTimeout: true,
  };
}
