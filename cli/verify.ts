import { InvalidArgumentError, Option, type Command } from "commander";
import { verificationFile } from "../contract/artifacts";
import { parseServiceUrls } from "../contract/serviceUrls";
import { variables } from "../contract/variables";
import type * as Clock from "../delivery/clock";
import type * as Verify from "../delivery/verify";
import {
  command,
  examples,
  load,
  option,
  passOn,
  print,
  tell,
  type CommonOptions,
  required,
} from "./command";
import type * as Session from "./session";
import { wholeNumber } from "./values";

interface Options extends CommonOptions {
  readonly release?: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly url: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly output: string;
}

export function verifyCommand(): Command {
  return command(
    "verify",
    "run the integration tests of what was deployed",
    "Runs the verify command of each service, with VERIFY_URL and EXPECTED_COMMIT set and without AWS credentials; once " +
      "more where it failed. Where new tasks wait for this before they get requests, VERIFY_URL leads to them alone. Asks the tasks of private services, which takes a place in their network. Writes verification.json and prints passed or failed. The exit code is 0 in both cases: " +
      "it says that the tests ran. gantry conclude is what acts on the result.",
  )
    .option(
      "--release <file>",
      "the release; default: the pipeline's artifact Release, or .release",
    )
    .addOption(
      option(
        "--urls <json>",
        'addresses of the services: {"web": "https://..."}',
        variables.serviceUrls,
      )
        .argParser(parseUrls)
        .default({}, "none"),
    )
    .addOption(
      new Option("--url <service=url>", "address of one service; may be repeated")
        .argParser(addUrl)
        .default({}, "none"),
    )
    .addOption(
      option(
        "--timeout <seconds>",
        "for one service, all attempts together (default: 600)",
        variables.verifyTimeoutSeconds,
      ).argParser(wholeNumber),
    )
    .addOption(required("--output <folder>", "where to write verification.json"))
    .addHelpText(
      "after",
      examples(
        "gantry verify --stack staging --release release.json --url web=https://staging.example.com --output .gantry",
      ),
    )
    .action(verify);
}

async function verify(options: Options): Promise<void> {
  const { asJson, openReading, readRelease, writeFiles } = load<typeof Session>("./session");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { target, clients } = await openReading(options);
  const verification = await load<typeof Verify>("../delivery/verify").verify({
    target,
    ...{ ecs: clients.ecs, elb: clients.elb },
    release: await readRelease(options.folder, options.release),
    urls: { ...options.urls, ...options.url },
    clock: systemClock,
    progress: tell,
    onOutput: passOn,
    timeoutSeconds: options.timeout,
  });
  const verified = verification.passed ? "passed" : "failed";
  await writeFiles(options.output, {
    [verificationFile]: asJson(verification),
    verified: `${verified}\n`,
  });
  print(verified);
}

function parseUrls(text: string): Record<string, string> {
  const urls = parseServiceUrls(text);
  if (urls) return urls;
  throw new InvalidArgumentError('Give a JSON object such as {"web": "https://example.com"}.');
}

function addUrl(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, service, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!service || !url || !URL.canParse(url)) {
    throw new InvalidArgumentError("Give it as web=https://example.com.");
  }
  return { ...before, [service]: url };
}
