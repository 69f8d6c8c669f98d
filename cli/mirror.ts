import type { Command } from "commander";
import type * as Clients from "../delivery/clients";
import type * as Limits from "../delivery/images/limits";
import type * as Login from "../delivery/images/login";
import type * as Registry from "../delivery/images/registry";
import type * as Cache from "../operations/mirror/cache";
import type * as Mirror from "../operations/mirror/mirror";
import type * as EncryptionKey from "../operations/secrets/encryptionKey";
import { agree, yesOption } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly as?: string;
  readonly cache?: boolean;
  readonly credentials?: string;
  readonly yes?: boolean;
}

export function mirrorCommand(): Command {
  return command(
    "mirror",
    "copy a public image into the environment's own repository",
    "Copies an image of a public registry, with all of its platforms and by its digest, into the environment's own ECR repository for such copies, which is " +
      "made where it is missing. Prints the reference to write into a Dockerfile or config: builds then neither depend on that registry nor meet " +
      "its limits. Again, it copies nothing. It takes skopeo, or docker with buildx.\n\n" +
      "With --cache it copies nothing: ECR gets a pull through cache rule for a whole registry, in all of the account and region, and from then on fetches and keeps " +
      "whatever is pulled through it. Prints what takes the registry's place in names of images.",
  )
    .argument(
      "<image>",
      "with its version or digest, as redis:7.4; with --cache a registry, as docker.io",
    )
    .option(
      "--as <name>",
      "what its tags begin with (default: the last part of its name); with --cache the prefix of its repositories",
    )
    .option("--cache", "a rule by which ECR fetches and keeps images of a registry")
    .option(
      "--credentials <secret>",
      "with --cache: what ECR logs in by, at docker.io, ghcr.io and registry.gitlab.com (default: ecr-pullthroughcache/<prefix>)",
    )
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry mirror redis:7.4 --stack staging",
        "gantry mirror ghcr.io/acme/proxy:1.8.2 --as edge-proxy --stack staging --yes",
        "gantry mirror docker.io --cache --stack staging",
      ),
    )
    .action((image: string, options: Options, called: Command) => {
      if (options.cache) return cache(image, options);
      if (options.credentials === undefined) return mirror(image, options);
      return called.error("error: --credentials are of a cache: give --cache");
    });
}

const slowMs = 60 * 60_000;

async function cache(registry: string, { as, credentials, ...options }: Options): Promise<void> {
  const { cacheText, makeCache, planCache } = load<typeof Cache>("../operations/mirror/cache");
  const { openQuestion } = load<typeof Session>("./session");
  const ports = await openQuestion(options);
  const planned = await planCache(ports, { registry, prefix: as, credentials });
  if (planned.rule) await agree(planned.acts, options);
  await makeCache(ports, planned);
  for (const line of cacheText(ports.target, planned)) tell(line);
  print(planned.address);
}

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
  const { ecr, sts } = clients;
  const ports: Mirror.MirrorPorts = {
    ...{ target, ecr, sts, progress: tell },
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
