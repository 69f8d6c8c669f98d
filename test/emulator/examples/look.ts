import { ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";
import { environmentNames } from "../../../contract/names";
import type { Bench } from "../support";

/** What an environment has, by the emulator's answers. */
export interface Look {
  readonly bench: Bench;
  /** The services of ECS, as config calls them. */
  services(): Promise<readonly string[]>;
}

export function lookAt(bench: Bench, product: string): Look {
  const { cluster } = environmentNames({ name: product, stack: "staging" });
  const ecs = new ECSClient(bench.client);
  return {
    bench,
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
