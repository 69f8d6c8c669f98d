import { Option, type Command } from "commander";
import type * as Times from "../delivery/facts/times";
import type * as Approval from "../operations/pipeline/approval";
import type * as PipelineModule from "../operations/pipeline/pipeline";
import { agree, yesOption } from "./agree";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";
import { reasonText } from "./values";

interface Options extends CommonOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

export function approveCommand(): Command {
  return answering(
    "approve",
    "approve the release that waits in the pipeline",
    "Shows what the pipeline asks about: the release, since when it waits, which commits, images and settings would change, what is " +
      "dangerous, and what was tested and verified. Asks, and then approves it under your name. A release that a newer one has " +
      "superseded meanwhile is not approved.",
    ["gantry approve --stack production", "gantry approve --stack production 3f9c2a1b-17 --yes"],
    "Approved",
  );
}

export function rejectCommand(): Command {
  return answering(
    "reject",
    "refuse the release that waits in the pipeline",
    "Shows the same as gantry approve, asks, and then refuses the release under your name. Before the deployment nothing is deployed " +
      "then; after the verification (pipeline.approval: afterVerification) the release is taken back.",
    [
      "gantry reject --stack production",
      'gantry reject --stack production --reason "the migration is not reviewed"',
    ],
    "Rejected",
  );
}

function answering(
  name: string,
  summary: string,
  description: string,
  shown: readonly string[],
  answer: Approval.Answer,
): Command {
  return command(name, summary, description)
    .argument("[release]", "its id, where only this one is meant; default: whatever waits")
    .addOption(
      new Option("--reason <text>", "why, for gantry audit and the pipeline").argParser(reasonText),
    )
    .addOption(yesOption())
    .addHelpText("after", examples(...shown))
    .action((release: string | undefined, options: Options) =>
      respond(release, { ...options, answer }),
    );
}

async function respond(
  release: string | undefined,
  { answer, reason, yes, ...options }: Options & { readonly answer: Approval.Answer },
): Promise<void> {
  const { openQuestion, whoActs } = load<typeof Session>("./session");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { pipelineOf } = load<typeof PipelineModule>("../operations/pipeline/pipeline");
  const approval = load<typeof Approval>("../operations/pipeline/approval");
  const { target, clients } = await openQuestion(options);
  const pipeline = pipelineOf(target, clients.codepipeline);
  const waiting = await approval.waitingFor(pipeline, release);
  const reader = readerHere();
  const asked = approval.whoIsAsked(target.config);
  await agree(approval.questionLines(pipeline, waiting, { answer, asked, reader }), { yes });
  await approval.answer(pipeline, waiting, {
    ...{ answer, by: whoActs().actor },
    ...(reason ? { reason } : {}),
  });
  print(approval.answeredText(waiting, answer, readerHere(), target.stack));
}
