import type { Command } from "commander";
import type * as Times from "../delivery/facts/times";
import type * as PipelineModule from "../operations/pipeline/pipeline";
import type * as Retry from "../operations/pipeline/retry";
import { agree, yesOption } from "./agree";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly yes?: boolean;
}

export function retryCommand(): Command {
  return command(
    "retry",
    "begin the stage of the pipeline again that failed",
    "Says which action of the newest execution failed and why, asks, and has CodePipeline run it again, with what it had. A deployment " +
      "that was cut off is taken up where it was. Where a newer execution has come into the stage since, it is refused.",
  )
    .argument("[execution]", "its id, or how that begins; default: the newest")
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples("gantry retry --stack production", "gantry retry --stack production 1f2e3d4c --yes"),
    )
    .action(retry);
}

async function retry(execution: string | undefined, { yes, ...options }: Options): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { pipelineOf } = load<typeof PipelineModule>("../operations/pipeline/pipeline");
  const retrying = load<typeof Retry>("../operations/pipeline/retry");
  const { target, clients, ledger } = await openQuestion(options);
  const pipeline = pipelineOf(target, clients.codepipeline);
  const [found, { standing }] = await Promise.all([
    retrying.retryable(pipeline, execution),
    ledger.recent(1),
  ]);
  const reader = readerHere();
  await agree(retrying.retryLines(pipeline, found, { reader, standing }), { yes });
  await retrying.retry(pipeline, found);
  print(`tried again: the stage ${found.stage} of execution ${found.execution}`);
}
