import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Release } from "../../../contract/manifest";
import { pointerText } from "../../../contract/pointer";
import { eventItem, type Item } from "../../../delivery/ledger/items";
import type { Target } from "../../../delivery/target";
import { inPlace } from "../ledger/events";

/** The command of an SDK, as its clients are given one. */
interface SentCommand {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/** What all clients of the SDK have in common. */
interface Sending {
  send: (this: { readonly config: { readonly serviceId: string } }, sent: SentCommand) => unknown;
}

export interface Answering {
  readonly target: Target;
  /** What was deployed and verified before, there and in the environment that promoted it. */
  readonly running: Release;
  /** What has been promoted since. */
  readonly promoted: Release;
}

/**
 * AWS, as a deployment of nothing but images finds it where all is well: whatever client of the SDK asks is answered from here, and
 * each call is told. It is so for every client until `leave`.
 */
export class AnsweringAws {
  /** `dynamodb:Query` and the like, in their order. */
  readonly sent: string[] = [];
  readonly taskDefinition: string;
  private readonly sdk: Sending;
  private readonly before: Sending["send"];

  /** @param Client any client, by which the one is found that all have in common. */
  constructor(Client: typeof ECSClient, answering: Answering) {
    const { names, region } = answering.target;
    const family = names.taskFamily("web");
    this.taskDefinition = `arn:aws:ecs:${region}:123456789012:task-definition/${family}:1`;
    this.sdk = Object.getPrototypeOf(Client.prototype) as Sending;
    this.before = this.sdk.send;
    const answers = answersOf(answering, this.taskDefinition);
    const { sent } = this;
    this.sdk.send = function ({ constructor, input }) {
      const action = constructor.name.replace(/Command$/, "");
      sent.push(`${this.config.serviceId.toLowerCase()}:${action}`);
      const answer = answers[action];
      if (!answer) throw new Error(`nobody says what ${action} answers`);
      return Promise.resolve(answer(input));
    };
  }

  /** Clients ask AWS again. */
  leave(): void {
    this.sdk.send = this.before;
  }
}

/** When all that was done: long enough ago for every soak time. */
const before = "2026-01-01T12:00:00.000Z";

type Answers = Readonly<Record<string, ((input: object) => object) | undefined>>;

function answersOf({ target, running, promoted }: Answering, taskDefinition: string): Answers {
  const { names } = target;
  const past = (release: Release): Item[] =>
    inPlace(
      [
        { event: "begun", kind: "deploy", release, owner: "execution-1", actor: "ada" },
        { event: "deployed", seconds: 60 },
        { event: "verified" },
      ],
      1,
    )
      .map((event) => eventItem({ ...event, at: before }))
      .reverse();
  return {
    // The environment before has what was promoted.
    Query: (input) => ({
      Items: past("TableName" in input && input.TableName === names.ledger ? running : promoted),
    }),
    GetItem: () => ({}),
    PutItem: () => ({}),
    TransactWriteItems: () => ({}),
    DescribeImages: () => {
      const [{ digest, tag }] = Object.values(promoted.images);
      return { imageDetails: [{ imageDigest: digest, imageTags: [tag] }] };
    },
    PutImage: () => ({}),
    BatchGetImage: () => ({ images: [{ imageManifest: "{}" }] }),
    DescribeServices: () => ({
      services: [{ serviceName: names.service("web"), status: "ACTIVE", taskDefinition }],
    }),
    GetParametersByPath: () => ({
      Parameters: [{ Name: names.releasePointer, Value: pointerText(running) }],
    }),
    PutParameter: () => ({}),
    HeadObject: () => ({
      Metadata: { release: promoted.id, "created-at": promoted.createdAt },
      LastModified: new Date(before),
    }),
    GetPipelineExecution: () => ({ pipelineExecution: { status: "InProgress" } }),
    DescribeAlarms: () => ({ MetricAlarms: [] }),
    AssumeRole: () => ({
      Credentials: { AccessKeyId: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "token" },
    }),
    Publish: () => ({}),
  };
}
