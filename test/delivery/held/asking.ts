import { aTarget } from "../support/aTarget";
import { FakeEnvironment, web } from "../support/fakePorts";
import { deploy, one, three, two } from "./support";

/** Production, of which people are asked so. */
export const asking = (approval: unknown = "afterVerification", more: object = {}) =>
  aTarget(
    {
      services: { web: { ...web, ...more } },
      pipeline: { approval, promoteFrom: { stack: "staging" } },
    },
    "/nowhere",
    "production",
  );

/** One that runs the first release, and in which the second waits for its approval. */
export async function waiting(target = asking()): Promise<FakeEnvironment> {
  const env = FakeEnvironment.shifting(one, target);
  await deploy(env, two, "older");
  env.unapproved.add("older");
  return env;
}

/** A newer one comes. */
export const newer = (env: FakeEnvironment, release = three, owner = "newer") =>
  deploy(env, release, owner);
