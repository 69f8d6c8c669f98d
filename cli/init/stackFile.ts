import { posix } from "node:path";
import { stringify } from "yaml";
import type { FoundService } from "./findServices";
import type { Origin } from "./repository";
import { routesOf, type FoundRoute } from "./routes";
import { imagesOfOthers } from "./sharedImages";

/** What a stack file is written of. */
export interface StackPlan {
  readonly region: string;
  readonly services: readonly FoundService[];
  readonly origin: Origin;
  /** Whose pull requests preview the stacks, as `acme/shop`. Undefined for none. */
  readonly pullRequestsOf?: string;
}

/** What a project has. */
export const stackNames = ["staging", "production"] as const;

const about: Readonly<Record<(typeof stackNames)[number], string>> = {
  staging: "Staging: two zones, small tasks.",
  production: "Production: three zones, larger tasks, longer logs, protected against deletion.",
};

/** `Pulumi.<stack>.yaml` with what was found, and what it may not go without saying. */
export function stackFile(stack: (typeof stackNames)[number], plan: StackPlan): string {
  const { region, services, origin, pullRequestsOf } = plan;
  const web = services.filter(({ port }) => port !== undefined).map(({ name }) => name);
  const routes = routesOf(web);
  const builders = imagesOfOthers(services);
  const lines = [
    `# ${about[stack]}`,
    "# What is left out has a default, and pulumi preview says what is wrong: node_modules/gantry/docs/config.md.",
    "config:",
    `  aws:region: ${flow(region)}`,
    "  gantry:services:",
    ...services.flatMap((service) =>
      serviceLines(service, routes.get(service.name), builders.get(service.name)),
    ),
    ...(stack === "production" && web.length > 0 ? domainLines : []),
    ...pipelineLines(stack, origin),
    ...(pullRequestsOf === undefined ? [] : pullRequestLines(pullRequestsOf)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Nothing says which domain it will have, and plain HTTP in production is said aloud. */
const domainLines = [
  "  # With the domain that people open it has TLS; then remove gantry:posture:",
  "  # gantry:loadBalancer: { domain: { name: shop.example.com, zone: example.com } }",
  '  gantry:posture: { relaxed: { loadBalancer.domain: "TODO: no domain yet" } }',
];

/** What plans work for others, as `celery beat`: two of them would plan everything twice. */
const planners = /(^|-)(clock|scheduler|beat|cron)$/;

/** @param builder the service whose image it runs; undefined where it has a build of its own. */
function serviceLines(
  service: FoundService,
  route: FoundRoute | undefined,
  builder: string | undefined,
): string[] {
  const { name, port, healthPath, writes, comments } = service;
  const isWeb = port !== undefined;
  const isAlone = !isWeb && planners.test(name);
  return [
    `    ${name}:`,
    ...comments.map((line) => `      # ${line.replace(/\s+/g, " ")}`),
    ...(isWeb
      ? []
      : ["      # Nothing says that it listens. If it does: kind: web, and its port."]),
    ...(isWeb ? [] : ["      kind: worker"]),
    builder === undefined
      ? `      build: ${flow(buildOf(service))}`
      : `      imageOf: ${flow(builder)}`,
    ...commandLines(service),
    ...(isAlone ? ["      # One alone: two would plan everything twice."] : []),
    ...(isAlone ? ["      scaling: { min: 1, max: 1 }"] : []),
    ...(isWeb ? [`      port: ${port}`] : []),
    ...(isWeb && healthPath === undefined
      ? ["      # A path that answers 200 to whoever asks, as long as the service is well."]
      : []),
    ...(isWeb ? [`      healthCheck: ${flow({ path: healthPath ?? "/" })}`] : []),
    ...(route ? ["      # Requests arrive with the whole path. Or hosts: [api.example.com]."] : []),
    ...(route ? [`      route: ${flow(route)}`] : []),
    ...(writes ? ["      # Its server writes below its root."] : []),
    ...(writes ? ["      readonlyRootFilesystem: false"] : []),
  ];
}

function commandLines({ entrypoint, command, releaseCommand }: FoundService): string[] {
  const given = {
    entrypoint,
    command,
    releaseCommand: releaseCommand && { command: releaseCommand },
  };
  return Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [`      ${key}: ${flow(value)}`],
  );
}

/** As short as it can be said. */
function buildOf({ context, dockerfile, target, args }: FoundService): unknown {
  const fields = {
    context,
    ...(posix.join(context, "Dockerfile") === dockerfile
      ? {}
      : { dockerfile: posix.relative(context, dockerfile) }),
    ...(target === undefined ? {} : { target }),
    ...(Object.keys(args).length === 0 ? {} : { args }),
  };
  const isFolder = Object.keys(fields).every((key) => key === "context");
  return isFolder ? context : fields;
}

function pipelineLines(
  stack: (typeof stackNames)[number],
  { source, branch, isElsewhere }: Origin,
): string[] {
  if (stack === "production") {
    return [
      "  # What staging promotes is planned, approved by a person, deployed and verified:",
      "  # gantry:pipeline: {}",
    ];
  }
  const { type = "github", repository = "acme/shop" } = source ?? {};
  const connection = type === "github" ? { connectionArn: "arn:aws:codeconnections:..." } : {};
  const isMain = branch === "main" ? {} : { branch };
  return [
    "  # Every commit is built once, deployed here, verified, and promoted. The README says what it needs:",
    ...(isElsewhere
      ? [
          "  # It follows GitHub, CodeCommit or an archive in S3; this repository's remote is none of them.",
        ]
      : []),
    "  # gantry:pipeline:",
    `  #   source: ${flow({ type, repository, ...isMain, ...connection })}`,
    "  #   promoteTo: { stack: production }",
  ];
}

function pullRequestLines(repository: string): string[] {
  return [
    "  # The role that previews of pull requests take on. An account has one OpenID Connect provider for GitHub: where it has",
    "  # none yet, provider: create makes it, in one stack of the account.",
    `  gantry:pullRequests: ${flow({ repository })}`,
  ];
}

/** On one line; texts in quotes where YAML would read them otherwise. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}
