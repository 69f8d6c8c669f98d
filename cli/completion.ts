import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Argument, Command } from "commander";
import type * as Yaml from "yaml";
import { stacksOf } from "../delivery/projectFolder";
import { examples, load, print } from "./command";
import type * as Complete from "./complete";

/** Each asks `gantry complete` for what may stand at the cursor, and takes files where that knows nothing. */
const scripts = {
  bash: `_gantry() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _gantry gantry`,
  zsh: `#compdef gantry
_gantry() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _gantry gantry`,
  fish: `function __gantry_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l program $words[1]
  set -e words[1]
  set -l found ($program complete -- $words "$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c gantry -f -a '(__gantry_complete)'`,
} as const;

export function completionCommand(): Command {
  return new Command("completion")
    .summary("print what makes your shell complete this command")
    .description(
      "Prints a script for your shell, which then completes commands, options, choices, and the stacks, services and jobs of the " +
        "project's folder. It asks gantry, which must be found by that name: npm install --global, or node_modules/.bin in PATH.",
    )
    .addArgument(
      new Argument("<shell>", "which one you have").choices(["bash", "zsh", "fish"] as const),
    )
    .helpOption("-h, --help", "show this text")
    .addHelpText(
      "after",
      examples(
        "source <(gantry completion bash)     # in ~/.bashrc",
        "source <(gantry completion zsh)      # in ~/.zshrc, after compinit",
        "gantry completion fish | source      # in ~/.config/fish/config.fish",
      ),
    )
    .action((shell: keyof typeof scripts) => print(scripts[shell]));
}

/** What the scripts call. */
export function completeCommand(): Command {
  return new Command("complete")
    .argument("[words...]")
    .helpOption(false)
    .action((words: readonly string[], _, called: Command) => {
      if (!called.parent) return;
      const { completions } = load<typeof Complete>("./complete");
      const facts = { stacks: stacksIn, services: servicesIn, env: process.env };
      for (const one of completions(called.parent, words, facts)) print(one);
    });
}

/** Whoever presses a key wants no message. */
function stacksIn(folder: string): readonly string[] {
  try {
    return stacksOf(folder);
  } catch {
    return [];
  }
}

interface StackFile {
  readonly config?: Readonly<Record<string, unknown>>;
}

/** As they are written: a key is not worth the checks of all config. */
function servicesIn(folder: string, stack: string, sort?: "job"): readonly string[] {
  try {
    const { parse } = load<typeof Yaml>("yaml");
    const file = readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8");
    const services = (parse(file) as StackFile).config?.["gantry:services"] ?? {};
    return Object.entries(services)
      .filter(([, one]) => sort === undefined || (one as { kind?: string } | null)?.kind === sort)
      .map(([name]) => name);
  } catch {
    return [];
  }
}
