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
  /** References of services to what people make before the first `pulumi up`. Default: none. */
  readonly secrets?: readonly string[];
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

const queues = {
  ofMailer: ["mailer--rendered", "mailer--rendered-dead"],
  ofRenderer: ["renderer--placed", "renderer--placed-dead"],
};

const printshop: Product = {
  name: "printshop",
  secrets: ["printshop/smtp:url"],
  changes: [
    {
      what: "is protected",
      change: (config) => ({ ...config, "gantry:protection": true }),
    },
    {
      what: "is refused to lose the mailer's queue then, with what waits in it",
      change: (config) => withServices(config, { mailer: undefined }),
      refused: /protect/,
      then: async (look) => {
        assert.deepEqual(await look.queues(), [...queues.ofMailer, ...queues.ofRenderer]);
      },
    },
    {
      what: "is let go of",
      change: (config) => ({ ...config, "gantry:protection": false }),
    },
    {
      what: "loses it without protection, and another volume's name leaves the files where they are",
      change: (config) => {
        const { orders, renderer } = config["gantry:services"];
        const volumes = { pictures: { mountPath: "/prints" } };
        return withServices(config, {
          ...{ mailer: undefined, orders: { ...orders, volumes } },
          renderer: { ...renderer, volumes },
        });
      },
      then: async (look) => {
        assert.deepEqual(await look.services(), ["orders", "renderer"]);
        assert.deepEqual(await look.queues(), queues.ofRenderer);
        assert.equal(await look.fileSystems(), 2);
      },
    },
  ],
  stays: async (look) => {
    assert.deepEqual(await look.queues(), []);
    assert.equal(await look.fileSystems(), 2);
  },
};

const helpdesk: Product = {
  name: "helpdesk",
  changes: [
    {
      what: "is refused to lose the database that its services use",
      change: (config) => ({ ...config, "gantry:databases": {} }),
      refused: /uses/,
      then: async (look) => {
        assert.deepEqual(await look.services(), ["scheduler", "web", "worker"]);
      },
    },
    {
      what: "gets a larger database with a standby and a cache without, loses nginx, and has its workers renamed",
      change: (config) => {
        const { main } = config["gantry:databases"] as Readonly<Record<string, Values>>;
        const { queue } = config["gantry:caches"] as Readonly<Record<string, Values>>;
        const { web, worker } = config["gantry:services"];
        const larger = { ...main, serverless: { min: 1, max: 8 }, standby: true };
        return {
          ...withServices(config, {
            ...{ worker: undefined, workers: worker },
            web: { ...web, sidecars: {}, route: { paths: ["/*"] } },
          }),
          "gantry:databases": { main: larger },
          "gantry:caches": { queue: { ...queue, node: "cache.t4g.small", standby: false } },
        };
      },
      then: async (look) => {
        assert.deepEqual(await look.services(), ["scheduler", "web", "workers"]);
      },
    },
  ],
};

const packages: Product = {
  name: "packages",
  changes: [
    {
      what: "gets another image and another name, and its files stay for it to find",
      change: (config) => {
        const { npm } = config["gantry:services"];
        const registry = { ...npm, image: "verdaccio/verdaccio:6.2", cpu: 512, memoryMiB: 1024 };
        return withServices(config, { npm: undefined, registry });
      },
      then: async (look) => {
        assert.deepEqual(await look.services(), ["registry"]);
        assert.equal(await look.fileSystems(), 1);
      },
    },
    {
      what: "loses its volume, and no file of it",
      change: (config) => {
        const { registry } = config["gantry:services"];
        return withServices(config, { registry: { ...registry, volumes: {} } });
      },
      then: async (look) => assert.equal(await look.fileSystems(), 1),
    },
  ],
  stays: async (look) => assert.equal(await look.fileSystems(), 1),
};

const ledger: Product = {
  name: "ledger",
  changes: [
    {
      what: "has a job renamed, another removed, and the API on the other processor",
      change: (config) => {
        const { api, report } = config["gantry:services"];
        return withServices(config, {
          ...{ load: undefined, report: undefined, nightly: report },
          api: { ...api, architecture: "X86_64" },
        });
      },
      then: async (look) => {
        assert.deepEqual(await look.services(), ["api"]);
        assert.deepEqual(await look.jobs(), ["nightly"]);
      },
    },
  ],
  stays: async (look) => assert.deepEqual(await look.jobs(), []),
};

export const products: readonly Product[] = [storefront, printshop, helpdesk, packages, ledger];
