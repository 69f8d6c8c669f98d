import { readFile } from "node:fs/promises";
import { Argument, type Command } from "commander";
import type * as MaintenanceModule from "../delivery/maintenance";
import type { Maintenance, MaintenancePage } from "../delivery/maintenance";
import { DeliveryError, messageOf } from "../delivery/errors";
import type * as Times from "../delivery/facts/times";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";

interface MaintenanceOptions extends CommonOptions, AgreeOptions {
  readonly page?: string;
}

export function maintenanceCommand(): Command {
  return command(
    "maintenance",
    "answer everybody with a page for a while, and take nothing down",
    "Puts a rule before all others of the environment's load balancer, which answers every request with a page and status 503, " +
      "and takes it away again. Tasks, workers and jobs run on; pulumi up leaves the rule alone. Without on or off it says how it is.",
  )
    .addArgument(new Argument("[state]", "begin or end it").choices(["on", "off"]))
    .option(
      "--page <file>",
      "with on, the page: .html, .json or any text, of 1024 characters at most (default: one that says Back soon)",
    )
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry maintenance on --stack production --page maintenance.html",
        "gantry maintenance --stack production",
        "gantry maintenance off --stack production",
      ),
    )
    .action(maintenance);
}

async function maintenance(state: string | undefined, options: MaintenanceOptions): Promise<void> {
  const { openQuestion, whoActs } = load<typeof Session>("./session");
  const module = load<typeof MaintenanceModule>("../delivery/maintenance");
  const { stack } = options;
  if (options.page !== undefined && state !== "on") {
    throw new DeliveryError("--page is for maintenance on; nothing was changed");
  }
  const page = await pageOf(options, module);
  const { target, clients } = await openQuestion(options);
  const current = await module.maintenanceOf({ target, clients });
  if (state === undefined) {
    print(
      current ? `${stack} ${since(current)}` : `${stack} answers: there is no maintenance page`,
    );
  } else if (state === "on") {
    const { actor: by } = whoActs();
    await agree(
      [
        current
          ? `${stack} ${since(current)}: its page is replaced by this one`
          : `${stack}: every request is answered with a page and status 503, until gantry maintenance off --stack ${stack}`,
        "Tasks, workers and jobs run on. The verification of a release meets the page as well, fails, and takes it back.",
      ],
      options,
    );
    const begun = await module.beginMaintenance({ target, clients, page, by, now: new Date() });
    tell(`It ends with: gantry maintenance off --stack ${stack}`);
    print(`${stack} ${since(begun)}`);
  } else {
    if (current) {
      await agree(
        [`${stack} ${since(current)}. It is taken away: requests are served again`],
        options,
      );
    }
    const ended = await module.endMaintenance({ target, clients });
    const { readerHere, sinceText } = load<typeof Times>("../delivery/facts/times");
    print(
      ended
        ? `${stack} answers again: its maintenance page was there since ${sinceText(ended.since, readerHere())}, by ${ended.by}`
        : `${stack} has no maintenance page`,
    );
  }
}

function since(current: Maintenance): string {
  const { readerHere, sinceText } = load<typeof Times>("../delivery/facts/times");
  return `answers everybody with a maintenance page (503) since ${sinceText(current.since, readerHere())}, by ${current.by}`;
}

const types: Readonly<Record<string, MaintenancePage["contentType"]>> = {
  html: "text/html",
  htm: "text/html",
  json: "application/json",
};

/** @throws DeliveryError where the file cannot be read, or is longer than a load balancer answers with. */
async function pageOf(
  { page: file }: MaintenanceOptions,
  { defaultPage, longestPage }: typeof MaintenanceModule,
): Promise<MaintenancePage> {
  if (file === undefined) return defaultPage;
  let body: string;
  try {
    body = await readFile(file, "utf8");
  } catch (error) {
    throw new DeliveryError(`the page cannot be read: ${messageOf(error)}`);
  }
  const length = [...body].length;
  if (length === 0 || length > longestPage) {
    throw new DeliveryError(
      `${file} has ${length} characters; a load balancer answers with 1 to ${longestPage} ("FixedResponseActionConfig", ELB API reference)`,
      ["Shorten it: styles and pictures can come from elsewhere, such as a bucket or a CDN."],
    );
  }
  return { body, contentType: types[file.split(".").at(-1)?.toLowerCase() ?? ""] ?? "text/plain" };
}
