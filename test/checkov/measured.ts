/** A whole product: a web service with a domain, a worker with a queue, a database, a bucket, and pipelines from commit to production. */
const product = {
  tags: { team: "shop" },
  network: { mode: "create", flowLogs: true },
  loadBalancer: { domain: { name: "shop.example.com", zone: "example.com" } },
  buckets: { uploads: {} },
  databases: { main: { engine: "postgres", version: "17", serverless: { min: 0.5, max: 4 } } },
  services: {
    web: { build: "app", publishes: ["orders"], uses: ["uploads", "main"] },
    jobs: { kind: "worker", subscribes: { orders: {} }, uses: ["main"] },
  },
};

/** What the scan is of, by stack: as a person writes it, with nothing hardened by choice. */
export const measured = {
  staging: {
    ...product,
    pipeline: {
      source: { type: "codecommit", repository: "shop" },
      promoteTo: { stack: "production" },
    },
  },
  production: { ...product, pipeline: {} },
} as const;
