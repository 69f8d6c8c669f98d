import { resolve } from "node:path";
import type { Command } from "commander";
import { DeliveryError } from "../delivery/errors";
import type * as Edit from "../operations/config/edit";
import type * as Editor from "../operations/config/editor";
import type * as Ask from "./ask";
import { command, examples, isPersonHere, load, print, tell, type CommonOptions } from "./command";

export function editCommand(): Command {
  return command(
    "edit",
    "edit a stack's file, and check it before it counts",
    "Opens a copy of Pulumi.<stack>.yaml in $VISUAL or $EDITOR, and puts it in the file's place, as it was typed, once its config is in order. " +
      "Says every fault with its line, and asks whether to edit again. What was typed is never lost: where it is not put in place, the copy stays.",
  )
    .addHelpText(
      "after",
      examples(
        "gantry config edit --stack production",
        'EDITOR="code --wait" gantry config edit --stack production',
      ),
    )
    .action(edit);
}

async function edit({ folder, stack }: CommonOptions): Promise<void> {
  const name = `Pulumi.${stack}.yaml`;
  if (!isPersonHere()) {
    throw new DeliveryError(
      `an editor needs a terminal, and there is none here: change ${name} by other means, and check it with ` +
        `gantry config validate --stack ${stack}`,
    );
  }
  const { editConfig } = load<typeof Edit>("../operations/config/edit");
  const { editorOf, runEditor } = load<typeof Editor>("../operations/config/editor");
  const editor = editorOf(process.env);
  let isOpen = false;
  let stop: (() => void) | undefined;
  const { isChanged } = await editConfig({
    ...{ folder: resolve(folder), stack },
    edit: async (file) => {
      stop ??= tellWhere(name, file, () => isOpen);
      tell(`${name} is open in ${editor}`);
      isOpen = true;
      await runEditor(editor, file).finally(() => (isOpen = false));
    },
    again: (faults) => {
      tell(faults);
      return load<typeof Ask>("./ask").confirm("Edit it again?", true);
    },
  }).finally(() => stop?.());
  if (isChanged) {
    print(`${name} is changed. What that does says gantry preview --stack ${stack}`);
  } else {
    print(
      `nothing was changed in ${name} (an editor that opens a window must be told to wait, as code --wait)`,
    );
  }
}

/** Ctrl-C is the editor's while that is open, and at a question it is no answer. */
function tellWhere(name: string, copy: string, isOpen: () => boolean): () => void {
  const told = (signal: NodeJS.Signals) => {
    if (signal === "SIGINT" && isOpen()) return;
    tell(`ended (${signal}): ${name} is as it was; what was typed is in ${copy}`);
    stop();
    process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const stop = () => signals.forEach((signal) => process.off(signal, told));
  for (const signal of signals) process.on(signal, told);
  return stop;
}
