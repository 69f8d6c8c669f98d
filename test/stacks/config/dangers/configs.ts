import type { Options, Values } from "../support";

export const now = new Date("2026-11-28T12:00:00Z");
export const options: Options = { stack: "production", region: "eu-west-1", now };
export const domain = { name: "shop.example.com", zone: "example.com" };
export const verify = "npm run verify";

/** A production in which nothing is dangerous, with some sections replaced. */
export function safe(values: Values = {}): Values {
  return { loadBalancer: { domain }, services: { web: { verify } }, ...values };
}

export const web = (service: Values) => safe({ services: { web: { verify, ...service } } });
export const worker = (service: Values) =>
  safe({ services: { jobs: { kind: "worker", ...service } } });
export const api = (service: Values) =>
  safe({ services: { api: { kind: "private", ...service } } });
export const balancer = (values: Values, network: Values = {}) =>
  safe({ loadBalancer: { domain, ...values }, network });
export const hosts = (maxInstances: number) =>
  safe({
    cluster: { capacity: "ec2", ec2: { instanceType: "m5.4xlarge", maxInstances } },
    services: { jobs: { kind: "worker" } },
  });
export const network = (values: Values) => safe({ network: values });
export const database = (values: Values) => {
  const main = { engine: "postgres", version: "17", serverless: { min: 0.5, max: 4 }, ...values };
  return safe({ databases: { main } });
};
export const instance = (version: string) => {
  const main = { engine: "mysql", version, instance: "db.m7g.large" };
  return safe({ databases: { main } });
};
export const cache = (values: Values) => {
  return safe({ caches: { main: { engine: "valkey", version: "8.1", ...values } } });
};
export const bucket = (values: Values) => safe({ buckets: { files: values } });
export const cors = (...origins: string[]) => bucket({ cors: [{ origins, methods: ["GET"] }] });
export const pipeline = (values: Values) =>
  safe({ pipeline: { promoteFrom: { stack: "dev" }, ...values } });
export const accepted = (until: string) => {
  return pipeline({ scan: { allow: [{ id: "CVE-2026-1", until, reason: "no fix yet" }] } });
};
export const scheduled = (min: number) => {
  return web({ scaling: { schedule: [{ at: "cron(0 20 ? * * *)", min, max: 4 }] } });
};
export const sidecar = (values: Values) =>
  web({ sidecars: { nginx: { image: "nginx:1.29", ...values } } });
export const log = (options: Values) => web({ sidecars: { log: { kind: "fireLens", options } } });
export const queue = (values: Values) => {
  return safe({
    services: {
      web: { verify, publishes: ["orders"] },
      jobs: { kind: "worker", subscribes: { orders: values } },
    },
  });
};
export const spot = (values: Values) => safe({ cluster: { capacity: "fargateSpot", ...values } });
export const permission = (action: string, resource: string) => {
  return web({ permissions: [{ actions: [action], resources: [resource] }] });
};
export const table = "arn:aws:dynamodb:eu-west-1:123456789012:table";

/** A danger, where it is, its rule, and a config without it. */
export type Row = [title: string, unsafe: Values, key: string, rule: string, twin: Values];
