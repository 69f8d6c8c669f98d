import { Option, type Command } from "commander";
import type * as Clock from "../delivery/clock";
import type * as Teardown from "../operations/teardown/teardown";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";
import { requireName } from "./typedName";

interface Options extends CommonOptions {
  readonly confirm?: string;
}

export function teardownCommand(): Command {
  return command(
    "teardown",
    "destroy an environment, after saying what goes and what stays",
    "Runs pulumi destroy, with its progress. It says first what is deleted and lost, and what stays in AWS; then the name of the stack is to " +
      "be typed. Refused where the environment is protected (gantry:protection, which production has on), and while a deployment or an update is " +
      "under way. Interrupted, or where AWS refuses to delete something, the same again goes on.",
  )
    .addOption(
      new Option(
        "--confirm <stack>",
        "the stack's name once more, for programs, which are not asked for it",
      ),
    )
    .addHelpText(
      "after",
      examples(
        "gantry teardown --stack staging",
        "gantry teardown --stack staging --confirm staging",
      ),
    )
    .action(teardown);
}

async function teardown({ confirm, ...options }: Options): Promise<void> {
  const { stack } = options;
  const asked = { stack, confirm, to: "destroy it", nothing: "Nothing was deleted." };
  // A mistake in it is told before Pulumi looks.
  if (confirm !== undefined) await requireName(asked);
  const { openReading } = load<typeof Session>("./session");
  const { systemClock: clock } = load<typeof Clock>("../delivery/clock");
  const module = load<typeof Teardown>("../operations/teardown/teardown");
  const opened = await openReading(options);
  const given = { ...opened, clock, log: tell };
  const plan = await module.planTeardown(given);
  if (plan.isEmpty) {
    print(`${stack} has nothing that could be destroyed: Pulumi's state of it is empty`);
  } else {
    for (const act of plan.acts) tell(act);
    if (confirm === undefined) await requireName(asked);
    const seconds = await uninterrupted(stack, (signal) => module.teardown(given, signal));
    print(module.destroyedText(opened.target, plan, seconds));
  }
  for (const line of plan.left) tell(line);
  tell(
    `Pulumi still knows the empty stack, with its history: pulumi stack rm ${stack} --preserve-config; without that word Pulumi.${stack}.yaml goes as well`,
  );
}

/**
 * Runs Pulumi to its end, whoever interrupts: it ends what it has begun, and writes its state. Ctrl-C reaches it by the terminal, a second one ends
 * it at once.
 */
async function uninterrupted<T>(
  stack: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const interrupted = (signal: NodeJS.Signals) => {
    tell(
      `interrupted (${signal}): Pulumi ends what it has begun, and deletes no more. Then run the same again: gantry teardown --stack ${stack}`,
    );
    if (signal === "SIGTERM" || !process.stdin.isTTY) controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, interrupted);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
  }
}
