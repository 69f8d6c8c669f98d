import type { Command } from "commander";
import type * as Cancel from "../operations/pipeline/cancel";
import type * as PipelineModule from "../operations/pipeline/pipeline";
import { agree, yesOption } from "./agree";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";
import { reasonText } from "./values";

interface Options extends CommonOptions {
  readonly abandon?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

export function cancelCommand(): Command {
  return command(
    "cancel",
    "stop an execution of the pipeline",
    "Says where the execution is and what becomes of what it deploys, asks, and stops it once the action that runs has ended. What " +
      "waits for an approval before the deployment ends at once. What was deployed and waits for one is not stopped but refused: " +
      "gantry reject takes it back.",
  )
    .argument("[execution]", "its id, or how that begins; default: the only one that runs")
    .option("--abandon", "do not wait for the action that runs: its build goes on by itself")
    .option("--reason <text>", "why, for whoever looks at the execution", reasonText)
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry cancel --stack production",
        'gantry cancel --stack production 1f2e3d4c --reason "the wrong branch"',
      ),
    )
    .action(cancel);
}

async function cancel(
  execution: string | undefined,
  { abandon = false, reason, yes, ...options }: Options,
): Promise<void> {
  const { openQuestion, whoActs } = load<typeof Session>("./session");
  const { pipelineOf } = load<typeof PipelineModule>("../operations/pipeline/pipeline");
  const cancelling = load<typeof Cancel>("../operations/pipeline/cancel");
  const { target, clients, ledger } = await openQuestion(options);
  const pipeline = pipelineOf(target, clients.codepipeline);
  const found = await cancelling.stoppable(pipeline, await ledger.recent(), execution);
  cancelling.requireStoppable(pipeline, found, abandon);
  await agree(cancelling.cancelLines(pipeline, found, abandon), { yes });
  await cancelling.cancel(pipeline, found, {
    ...{ abandon, by: whoActs().actor },
    ...(reason ? { reason } : {}),
  });
  print(`stopped: execution ${found.execution}`);
}
