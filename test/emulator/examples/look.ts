import { ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";
import { environmentNames } from "../../../contract/names";
import { call } from "../calls";
import type { Bench } from "../support";

/** What an environment has, by the emulator's answers. */
export interface Look {
  readonly bench: Bench;
  /** The services of ECS, as config calls them. */
  services(): Promise<readonly string[]>;
  /** The jobs that have a state machine, as config calls them. */
  jobs(): Promise<readonly string[]>;
  /** What its queues are called behind product and environment. */
  queues(): Promise<readonly string[]>;
  /** How many file systems there are, whoever made them. */
  fileSystems(): Promise<number>;
}

export function lookAt(bench: Bench, product: string): Look {
  const { cluster } = environmentNames({ name: product, stack: "staging" });
  const ecs = new ECSClient(bench.client);
  return {
    bench,
    jobs: async () => {
      const { stateMachines } = await call<{ stateMachines: { name: string }[] }>(
        bench,
        "states",
        "AWSStepFunctions.ListStateMachines",
        {},
      );
      return stateMachines.map(({ name }) => name.split("--").pop() ?? name).sort();
    },
    queues: async () => {
      const { QueueUrls = [] } = await call<{ QueueUrls?: string[] }>(
        bench,
        "sqs",
        "AmazonSQS.ListQueues",
        {},
      );
      return QueueUrls.map((url) => url.split("--").slice(2).join("--")).sort();
    },
    fileSystems: async () => {
      const scope = `test/20260101/${bench.client.region}/elasticfilesystem/aws4_request`;
      const response = await fetch(`${bench.client.endpoint}/2015-02-01/file-systems`, {
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        },
      });
      return ((await response.json()) as { FileSystems: unknown[] }).FileSystems.length;
    },
    services: async () => {
      try {
        const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
        return serviceArns.map((arn) => arn.split("--").pop() ?? arn).sort();
      } catch (error) {
        if ((error as Error).name === "ClusterNotFoundException") return [];
        throw error;
      }
    },
  };
}
