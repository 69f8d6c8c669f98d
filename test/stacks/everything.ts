/** Config of an environment that has one of everything. */
export const everything = {
  tags: { team: "shop", "cost center": 4711 },
  network: { mode: "create", flowLogs: true, interfaceEndpoints: ["ecr.api"] },
  loadBalancer: { domain: { name: "shop.example.com", zone: "example.com" } },
  buckets: { uploads: { cors: [{ origins: ["https://shop.example.com"], methods: ["PUT"] }] } },
  caches: {
    sessions: { engine: "valkey", version: "8.0", serverless: {} },
    pages: { engine: "redis", version: "7.1", node: "cache.t4g.micro" },
  },
  databases: {
    main: { engine: "postgres", version: "17.5", serverless: { min: 0, max: 2 } },
    reports: { engine: "mysql", version: "8.4", instance: "db.t4g.micro" },
  },
  services: {
    web: {
      build: "app",
      publishes: ["orders"],
      uses: ["uploads", "sessions", "pages", "main", "reports"],
      scaling: { min: 1, max: 4, requestsPerTarget: 100, burst: true },
      volumes: { files: { mountPath: "/srv/files" } },
      sidecars: { proxy: { image: "public.ecr.aws/nginx/nginx:1.29" } },
      calls: ["api"],
    },
    api: { kind: "private" },
    jobs: {
      kind: "worker",
      subscribes: { orders: {}, uploads: { bucket: "uploads" } },
      scaling: { min: 0, max: 3, messagesPerTask: 10 },
    },
    nightly: { kind: "job", schedule: "cron(0 3 * * ? *)" },
  },
  pipeline: { source: { type: "codecommit", repository: "shop" } },
  notify: {
    emails: ["dev@example.com"],
    slack: { workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" },
  },
  pullRequests: { repository: "acme/shop", provider: "create" },
};

/** Own pipelines: staging's builds and promotes, production's takes what was promoted. */
export const pipelines = {
  staging: { ...everything.pipeline, promoteTo: { stack: "production" } },
  production: {},
};
