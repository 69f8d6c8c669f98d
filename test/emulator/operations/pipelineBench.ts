import { CreatePipelineCommand } from "@aws-sdk/client-codepipeline";
import { aProject, gantry, type Answer, type Project } from "../../cli/support";
import { createLedgerTable } from "../../support/ledgerTable";
import { account, region, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { environmentNames } from "../../../contract/names";

/** An environment with a pipeline and a ledger on moto, and the command beside it. */
export interface PipelineBench {
  readonly project: Project;
  /** Runs the command in this process, against the emulator. */
  run(...args: readonly string[]): Promise<Answer>;
  /** Adds an execution, or changes it, as CodePipeline would. */
  execution(id: string, more: object): Promise<unknown>;
  /** Has an approval wait. */
  ask(stage: string): Promise<unknown>;
}

const kind = (category: "Source" | "Build" | "Approval", provider: string) => ({
  actionTypeId: { category, owner: "AWS", provider, version: "1" } as const,
});
const build = (name: string) => ({ name, ...kind("Build", "CodeBuild") });
const approval = { name: "Approve", ...kind("Approval", "Manual") };

/** @param stack whose config gets a pipeline. */
async function aPipeline(
  { emulator, clients }: DeliveryBench,
  stack = "production",
): Promise<PipelineBench> {
  const project = aProject();
  const services = JSON.stringify({ web: { image: "example.com/web:1" } });
  project.lay(
    `Pulumi.${stack}.yaml`,
    `config:
  aws:region: ${region}
  gantry:posture: { relaxed: { loadBalancer.domain: "a test" } }
  gantry:services: ${services}
  gantry:notify: { emails: ["ops@example.com"] }
  gantry:pipeline: {}
`,
  );
  const names = environmentNames({ name: "shop", stack });
  await createLedgerTable(clients, { names });
  await makeRole(emulator.url);
  await clients.codepipeline.send(
    new CreatePipelineCommand({
      pipeline: {
        name: names.pipeline,
        roleArn: `arn:aws:iam::${account}:role/pipeline`,
        ...{ pipelineType: "V2", executionMode: "QUEUED" },
        artifactStore: { type: "S3", location: "artifacts" },
        stages: [
          { name: "Source", actions: [{ name: "Source", ...kind("Source", "S3") }] },
          { name: "Plan", actions: [build("Plan")] },
          { name: "Approve", actions: [approval] },
          { name: "Deploy", actions: [build("Deploy"), build("Verify"), build("Conclude")] },
          { name: "Confirm", actions: [build("Confirm"), approval] },
        ],
      },
    }),
  );
  const variables = {
    AWS_ENDPOINT_URL: emulator.url,
    ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", TZ: "UTC" },
  };
  const { pipeline } = names;
  return {
    project,
    run: (command, ...more) =>
      gantry([command, "--stack", stack, "--folder", project.folder, ...more], variables),
    execution: (pipelineExecutionId, more) =>
      emulator.control("pipeline-executions", {
        ...{ pipeline, execution: { pipelineExecutionId, ...more } },
      }),
    ask: (stageName) =>
      emulator.control("pipeline-approvals", { pipeline, stageName, actionName: "Approve" }),
  };
}

/**
 * Has a suite run on a bench with a pipeline, both made anew before each test.
 * @param made is given them before each test.
 */
export function usePipeline(made: (bench: DeliveryBench, shop: PipelineBench) => void): void {
  let bench: DeliveryBench;
  let shop: PipelineBench;
  useBench((started) => (bench = started));
  beforeEach(async () => {
    shop = await aPipeline(bench);
    made(bench, shop);
  });
  afterEach(() => shop.project.remove());
}

/** Without a client of IAM, which nothing else here needs. */
async function makeRole(url: string): Promise<void> {
  const trust = {
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { Service: "codepipeline.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  };
  const scope = `Credential=test/20260101/${region}/iam/aws4_request`;
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Authorization: `AWS4-HMAC-SHA256 ${scope}`,
    },
    body: new URLSearchParams({
      ...{ Action: "CreateRole", Version: "2010-05-08", RoleName: "pipeline" },
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
