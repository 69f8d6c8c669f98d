import { metDifferences } from "../../rehearsal/metDifferences";
import type { ActionRun, PipelineRun, StageRun } from "../../rehearsal/runner/run";
import type { DeliveryReport, Report, RunningReport } from "../../rehearsal/report";
import { at, traffic } from "./traffic/fixture";

export const commits = {
  good: "3f9c2a1b77d0c1e5a4b3928170f6e5d4c3b2a190",
  bad: "8d41e0c65b7a4f3e2d1c0b9a8877665544332211",
} as const;
export const digest = "sha256:5b1f0d6c4e9a8237b6d5c4f3e2a19087d6c5b4a3f2e1d0c9b8a7968574635241";
const execution = {
  staging: "df90f6ba-8497-4aa7-a628-bf1154278881",
  production: "0c2f7a55-2b0e-4a1f-8d1a-6f3f9d2b1c77",
  broken: "71a2c9de-5a6b-4c7d-9e8f-001122334455",
} as const;

type ActionParts = Partial<ActionRun> & Pick<ActionRun, "name">;

function actionAt(stack: string, second: number, took: number, parts: ActionParts): ActionRun {
  return {
    provider: "CodeBuild",
    runOrder: 1,
    role: `arn:aws:iam::123456789012:role/shop-${stack}-${parts.name.toLowerCase()}`,
    status: "Succeeded",
    startedAt: at(second),
    seconds: took,
    outputVariables: {},
    artifacts: [],
    ...(parts.provider === undefined ? { firstLineSeconds: 1.4 } : {}),
    apiCalls: 6,
    apiCallsByAction: { "s3:GetObject": 4, "s3:PutObject": 2 },
    logFile: `.gantry/rehearsal/logs/${stack}/${parts.name}.log`,
    tail: [`[Container] Running command node ~/gantry.cjs ${parts.name.toLowerCase()}`],
    overrides: {},
    simulated: [],
    ...parts,
  };
}

const stage = (
  name: string,
  status: StageRun["status"],
  ...actions: readonly ActionRun[]
): StageRun => ({ name, status, actions });

function sourceAndBuild(commit: string, from: number): StageRun[] {
  const id = commit.slice(0, 8);
  const staging = (second: number, took: number, parts: ActionParts) =>
    actionAt("staging", from + second, took, parts);
  return [
    stage(
      "Source",
      "Succeeded",
      staging(0, 0.4, {
        name: "Source",
        provider: "CodeStarSourceConnection",
        apiCalls: 1,
        logFile: undefined,
        outputVariables: { CommitId: commit, BranchName: "main" },
      }),
    ),
    stage(
      "Build",
      "Succeeded",
      staging(0.5, 32.8, {
        name: "Build-web",
        apiCalls: 9,
        outputVariables: { GANTRY_IMAGE: `${id}@${digest}`, GANTRY_TESTS: "passed in 23 s" },
      }),
      staging(0.5, 21.3, { name: "Build-jobs", apiCalls: 9 }),
      staging(33.4, 2.5, {
        name: "Release",
        runOrder: 2,
        outputVariables: { GANTRY_RELEASE_ID: `${id}-17` },
      }),
    ),
  ];
}

const state = { PULUMI_CONFIG_PASSPHRASE: "the passphrase of these environments guards nothing" };

const stagingRun: PipelineRun = {
  pipeline: "shop-staging",
  executionId: execution.staging,
  trigger: "Trigger: push to main",
  commit: commits.good,
  startedAt: at(0),
  seconds: 64.2,
  status: "Succeeded",
  stages: [
    ...sourceAndBuild(commits.good, 0),
    stage(
      "Deploy",
      "Succeeded",
      actionAt("staging", 36, 14.6, { name: "Deploy", apiCalls: 31, overrides: state }),
      actionAt("staging", 50.7, 6.2, { name: "Verify", runOrder: 2 }),
      actionAt("staging", 57, 3.4, { name: "Conclude", runOrder: 3, overrides: state }),
    ),
    stage("Promote", "Succeeded", actionAt("staging", 60.5, 3.6, { name: "Promote" })),
  ],
  simulated: [],
};

const evidence = `# Release 3f9c2a1b-17 for production

- Commit: ${commits.good} feat: the shop (Acme Developer, 2026-11-21T16:13:10Z)
- Runs now: no release yet
- Changes: https://github.com/acme/shop/commit/${commits.good}

## Images

- web: none -> 3f9c2a1b ${digest}

## Tests and scans

- tests of web: passed in 23 s
- scan of web: no findings
`;

const productionRun: PipelineRun = {
  pipeline: "shop-production",
  executionId: execution.production,
  trigger: "EventBridge: shop-production-release",
  commit: commits.good,
  startedAt: at(65),
  seconds: 41.9,
  status: "Succeeded",
  evidence: "Release 3f9c2a1b-17 (feat: the shop) for production.\nhttps://example.com/evidence",
  stages: [
    stage(
      "Source",
      "Succeeded",
      actionAt("production", 65, 0.3, { name: "Source", provider: "S3", logFile: undefined }),
    ),
    stage("Plan", "Succeeded", actionAt("production", 65.4, 11, { name: "Plan", apiCalls: 22 })),
    stage(
      "Approve",
      "Succeeded",
      actionAt("production", 76.5, 4, {
        name: "Approve",
        provider: "Manual",
        tail: ["Approve: granted"],
        apiCalls: 0,
      }),
    ),
    stage(
      "Deploy",
      "Succeeded",
      actionAt("production", 80.6, 15.9, { name: "Deploy", overrides: state }),
      actionAt("production", 96.6, 6.8, { name: "Verify", runOrder: 2 }),
      actionAt("production", 103.5, 3.4, { name: "Conclude", runOrder: 3 }),
    ),
  ],
  simulated: [],
};

export const failureText =
  "gantry: release 8d41e0c6-18 failed its verification on staging: web: it says commit unknown";

const brokenRun: PipelineRun = {
  ...stagingRun,
  executionId: execution.broken,
  commit: commits.bad,
  startedAt: at(110),
  seconds: 77.3,
  status: "Failed",
  stages: [
    ...sourceAndBuild(commits.bad, 110),
    stage(
      "Deploy",
      "Failed",
      actionAt("staging", 146, 14.9, { name: "Deploy", overrides: state }),
      actionAt("staging", 161, 16.2, { name: "Verify", runOrder: 2 }),
      actionAt("staging", 177.3, 10, {
        name: "Conclude",
        runOrder: 3,
        status: "Failed",
        error: "build failed with exit code 1",
        tail: [
          "[Container] Running command node ~/gantry.cjs conclude",
          "conclude: rollback: 3f9c2a1b-17 runs again (8 s)",
          failureText,
          "    web: attempts 1-29: GET http://127.0.0.1:40123/health says commit <unknown> & not 8d41e0c6",
        ],
      }),
    ),
    stage(
      "Promote",
      "Skipped",
      actionAt("staging", 187, 0, { name: "Promote", status: "Skipped", apiCalls: 0 }),
    ),
  ],
};

const good: DeliveryReport = {
  commit: commits.good,
  subject: "feat: the shop",
  purpose: "A commit that nothing is wrong with goes all the way to production.",
  outcome: "It runs in staging and in production.",
  asExpected: true,
  runs: [stagingRun, productionRun],
  traffic,
  evidence: { [execution.production]: evidence },
};

const bad: DeliveryReport = {
  commit: commits.bad,
  subject: "build: tidy the Dockerfile",
  purpose: "A mistake in packaging: unit tests pass, the verification in staging does not.",
  outcome: "It was rolled back in staging, and never reached production.",
  asExpected: true,
  runs: [brokenRun],
  evidence: {},
};

function runningIn(stack: string): RunningReport {
  const same = { checked: true, digest, registry: digest, taskDefinition: digest, ledger: digest };
  return {
    stack,
    release: "3f9c2a1b-17",
    since: at(stack === "staging" ? 50 : 96),
    verified: true,
    services: [
      { service: "web", ...same },
      { service: "jobs", ...same },
    ],
  };
}

const environment = (stack: string, up: number, resources: number) => ({
  stack,
  resources,
  phases: [
    { name: "up", seconds: up, changes: { create: resources } },
    { name: "preview", seconds: 10.3, changes: { same: resources } },
  ] as const,
  outputs: { release: "bootstrap", clusterName: `shop-${stack}` },
});

/** A first commit that went to production, and a second one that was rolled back in staging. */
export const delivered: Report = {
  version: 3,
  startedAt: at(-115),
  seconds: 312.4,
  succeeded: true,
  engine: { version: "3.248.0", origin: "built", awsPlugin: "bridge" },
  apiCalls: 1253,
  environments: [environment("staging", 74.1, 76), environment("production", 89.6, 79)],
  deliveries: [good, bad],
  running: [runningIn("staging"), runningIn("production")],
  messages: [
    {
      ...{ at: at(97), stack: "production", to: ["ops@example.com"] },
      subject: "[shop production] Succeeded: release 3f9c2a1b-17 runs and is verified",
      mail: "Release 3f9c2a1b-17 runs and is verified.\n\nCommits:\n  3f9c2a1b <b>feat</b>: the shop",
      chat: ":white_check_mark: Succeeded: release 3f9c2a1b-17 runs and is verified (shop production)",
    },
    { at: at(187), stack: "staging", to: [], mail: '"shop staging: the action Verify failed."' },
  ],
  addresses: [
    {
      stack: "staging",
      service: "web",
      told: "https://staging.shop.example.com",
      url: "http://127.0.0.1:40123",
    },
  ],
  kept: true,
  callsBeforeWait: 17,
  firstLine: { medianSeconds: 1.4, mostSeconds: 2.6 },
  differences: metDifferences({
    baseImages: ["node:carbon: Node 22.20.0 of this machine on Debian bookworm"],
    presupposed: [],
    databases: [],
    keptConfig: [],
  }),
};

/** The environments did not come up. */
export const neverDelivered: Report = {
  ...delivered,
  seconds: 12,
  succeeded: false,
  error: 'gantry:services.web.prot: no such setting; did you mean port?\n  given "prot: 3000"',
  environments: [],
  deliveries: [],
  addresses: [],
  messages: [],
  kept: false,
  running: [],
  callsBeforeWait: undefined,
  firstLine: undefined,
  differences: [],
};
