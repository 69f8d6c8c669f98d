import assert from "node:assert/strict";
import type { Look } from "./look";

export type { Look } from "./look";

type Values = Readonly<Record<string, unknown>>;

/** What stands below `config:` of a stack file. */
export interface Config extends Values {
  readonly "gantry:services": Readonly<Record<string, Values>>;
}

/** What somebody does to an environment that runs. */
export interface Change {
  readonly what: string;
  readonly change: (config: Config) => Config;
  /** What the preview says that refuses it. Default: it works, and previews empty afterwards. */
  readonly refused?: RegExp;
  readonly then?: (look: Look) => Promise<void>;
}

export interface Product {
  readonly name: string;
  readonly changes: readonly Change[];
  /** What is left when everything is destroyed. Default: it is not looked at. */
  readonly stays?: (look: Look) => Promise<void>;
}

/** Config with other services; undefined takes one away. */
function withServices(config: Config, more: Readonly<Record<string, Values | undefined>>): Config {
  const all = Object.entries({ ...config["gantry:services"], ...more });
  const kept = all.filter((entry): entry is [string, Values] => entry[1] !== undefined);
  return { ...config, "gantry:services": Object.fromEntries(kept) };
}

const storefront: Product = {
  name: "storefront",
  changes: [
    {
      what: "is refused to lose the cache that the API calls",
      change: (config) => withServices(config, { cache: undefined }),
      refused: /calls/,
      then: async (look) => assert.deepEqual(await look.services(), ["api", "cache", "web"]),
    },
    {
      what: "gets another name for the cache, with those that call it",
      change: (config) => {
        const { api, cache } = config["gantry:services"];
        const calling = { calls: ["prices"], environment: { CACHE_URL: "http://prices:8082" } };
        return withServices(config, {
          ...{ api: { ...api, ...calling }, cache: undefined, prices: cache },
        });
      },
      then: async (look) => assert.deepEqual(await look.services(), ["api", "prices", "web"]),
    },
  ],
};

export const products: readonly Product[] = [storefront];
