/**
 * How sections are written, by their last key: for whoever wrote a single value in their place. In YAML's short form, so that
 * it fits a line.
 */
export const sectionExamples: Readonly<Record<string, string>> = {
  accessLogs: "{ retentionDays: 90 }",
  cluster: "{ capacity: fargate }",
  deployment: "{ strategy: blueGreen }",
  domain: "{ name: shop.example.com, zone: example.com }",
  environment: "{ LOG_LEVEL: info }",
  healthCheck: "{ path: /health }",
  loadBalancer: "{ domain: { name: shop.example.com, zone: example.com } }",
  network: "{ mode: create }",
  permissions: "[{ actions: [s3:GetObject], resources: ['arn:aws:s3:::acme-assets/*'] }]",
  route: "{ paths: [/api/*] }",
  scaling: "{ min: 2, max: 6 }",
  secrets: "{ DATABASE_URL: shop/database:url }",
  volumes: "{ uploads: { mountPath: /srv/uploads } }",
  services: "{ web: { port: 3000 } }",
  windows: '{ timezone: Europe/Berlin, open: [{ days: mon-fri, from: "09:00", to: "16:00" }] }',
};

/** Sections of which people write the one word that is meant for the first key of the example. */
export const oneWordKeys: ReadonlySet<string> = new Set([
  "cluster",
  "deployment",
  "healthCheck",
  "network",
]);
