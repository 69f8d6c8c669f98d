import type { Command } from "commander";
import type * as Clients from "../delivery/clients";
import type * as Limits from "../delivery/images/limits";
import type * as Login from "../delivery/images/login";
import type * as Registry from "../delivery/images/registry";
import type * as Mirror from "../operations/mirror/mirror";
import type * as EncryptionKey from "../operations/secrets/encryptionKey";
import { agree, yesOption } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly as?: string;
  readonly yes?: boolean;
}

export function mirrorCommand(): Command {
  return command(
    "mirror",
    "copy a public image into the environment's own repository",
    "Copies an image of a public registry, with all of its platforms and by its digest, into the environment's own ECR repository for such copies, which is " +
      "made where it is missing. Prints the reference to write into a Dockerfile or config: builds then neither depend on that registry nor meet " +
      "its limits. Again, it copies nothing. It takes skopeo, or docker with buildx.",
  )
    .argument("<image>", "with its version or digest, as redis:7.4")
    .option("--as <name>", "what its tags begin with (default: the last part of its name)")
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry mirror redis:7.4 --stack staging",
        "gantry mirror ghcr.io/acme/proxy:1.8.2 --as edge-proxy --stack staging --yes",
      ),
    )
    .action(mirror);
}

const slowMs = 60 * 60_000;

async function mirror(image: string, { as, ...options }: Options): Promise<void> {
  const module = load<typeof Mirror>("../operations/mirror/mirror");
  const { openQuestion } = load<typeof Session>("./session");
  const { interactiveAttempts } = load<typeof Clients>("../delivery/clients");
  const { makeKms } = load<typeof EncryptionKey>("../operations/secrets/encryptionKey");
  const { withRegistryLogin } = load<typeof Login>("../delivery/images/login");
  const { findRegistry } = load<typeof Registry>("../delivery/images/registry");
  const { toolLimits } = load<typeof Limits>("../delivery/images/limits");
  const { target, clients } = await openQuestion(options);
  // People's lines are slower than those of builds.
  const limits = { ...toolLimits, transferMs: slowMs };
  const { ecr } = clients;
  const ports: Mirror.MirrorPorts = {
    ...{ target, ecr, progress: tell },
    kms: () => makeKms(target.region, { attempts: interactiveAttempts }),
    source: () => findRegistry(process.env, limits),
    withRegistry: (uri, work) =>
      withRegistryLogin([{ ecr, repositories: [uri] }], async (env) =>
        work(await findRegistry(env, limits)),
      ),
  };
  const planned = await module.planMirror(ports, image, as);
  if (!planned.isThere) await agree(planned.acts, options);
  const { reference, tag, sizes } = await module.mirror(ports, planned);
  const state = planned.isThere ? "is there already" : "is copied";
  tell(`${planned.from} ${state}: ${planned.repository}:${tag}, ${module.sizesText(sizes)}`);
  print(reference);
}
