import { list, text } from "./fields";

/** What names of repositories begin with that a pull through cache rule of ECR fills: 2 to 30 characters ("CreatePullThroughCacheRule", ECR API reference). */
export const pullThroughPrefix = /^(?=.{2,30}$)[a-z0-9]+(?:[._/-][a-z0-9]+)*$/;

export function pullThroughSchema() {
  return list(
    text(
      "the prefix of a pull through cache rule, such as docker-hub",
      pullThroughPrefix,
      "name the prefix alone, without the registry's address: gantry mirror docker.io --cache prints it",
    ),
    "prefixes of pull through cache rules, such as docker-hub",
  );
}
