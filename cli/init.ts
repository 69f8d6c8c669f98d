import { Command, InvalidArgumentError, Option } from "commander";
import type * as Init from "./init/initProject";
import { examples, load, print } from "./command";

/** A service as it is given by an option. */
export interface GivenService {
  readonly name: string;
  /** Of its Dockerfile, or of the folder that has it; from the repository's root. */
  readonly path: string;
  readonly port?: number;
}

export interface InitOptions {
  readonly folder?: string;
  readonly name?: string;
  readonly region?: string;
  readonly service: readonly GivenService[];
  readonly github?: boolean;
  readonly yes?: boolean;
}

export function initCommand(): Command {
  return new Command("init")
    .summary("make the project in your repository")
    .description(
      "Makes Gantry's project in a folder of your repository, whatever its language: finds Dockerfiles, compose files and Procfiles, " +
        "ports, health checks and where commits come from, asks what it cannot know, and writes that folder alone; with " +
        "--github also .github/workflows/preview.yml. Files that are there are kept as they are.",
    )
    .option("--folder <folder>", "the project's folder; . is this one (default: infra at the root)")
    .option("--name <name>", "the product (default: as the repository is called)")
    .option("--region <region>", "the region of AWS (default: AWS_REGION, else eu-west-1)")
    .addOption(
      new Option(
        "--service <name=place[:port]>",
        "a service by its Dockerfile or folder, and another with each use; without a port it takes no requests",
      )
        .argParser(givenService)
        .default([], "what is found"),
    )
    .option(
      "--github",
      "also previews of pull requests by GitHub Actions: a workflow, and the roles that it takes on",
    )
    .option("-y, --yes", "ask nothing, and take what is found")
    .helpOption("-h, --help", "show this text")
    .addHelpText(
      "after",
      examples(
        "gantry init --yes",
        "gantry init --github",
        "gantry init --service api=services/api:8080 --service jobs=workers/Dockerfile",
      ),
    )
    .action(init);
}

function givenService(text: string, before: readonly GivenService[]): readonly GivenService[] {
  const [, name, path, digits] = /^([^=:]+)=(.+?)(?::(\d+))?$/.exec(text) ?? [];
  if (!name || !path) {
    throw new InvalidArgumentError("Give a name and a place, such as api=services/api:8080.");
  }
  const port = digits === undefined ? {} : { port: Number(digits) };
  if (before.some((one) => one.name === name)) {
    throw new InvalidArgumentError(`There are two services ${name}: each has a name of its own.`);
  }
  return [...before, { name, path, ...port }];
}

async function init(options: InitOptions): Promise<void> {
  print(await load<typeof Init>("./init/initProject").initProject(options));
}
