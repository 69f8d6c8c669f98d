import type { ECRClient } from "@aws-sdk/client-ecr";
import type { Release } from "../stacks/manifest";
import type { Target } from "./target";
/** Tags every image of the release `<stack>-<number>`. */
export declare function tagDeployed(
  ecr: ECRClient,
  target: Target,
  release: Release,
  number: number,
): Promise<void>;
