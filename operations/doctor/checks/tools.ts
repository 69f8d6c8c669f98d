import { createRequire } from "node:module";
import type { Check, Diagnosis, Finding } from "../check";
import type { DoctorContext } from "../context";

const requireHere = createRequire(__filename);

interface Package {
  readonly version: string;
  readonly engines?: { readonly node?: string };
}

/** What builds and runs containers for `gantry rehearse`, any one of them. */
const builders = ["docker", "podman", "buildah"];

/** What this machine has for the commands that need more than AWS. */
export const toolsCheck: Check = {
  name: "tools",
  title: "the tools of this machine",
  run: async (context): Promise<Diagnosis> => {
    const [pulumi, skopeo, plugin, ...built] = await Promise.all([
      context.version("pulumi", ["version"]),
      context.version("skopeo", ["--version"]),
      context.version("session-manager-plugin", ["--version"]),
      ...builders.map((builder) => context.version(builder, ["--version"])),
    ]);
    const findings = [
      ...nodeFindings(process.versions.node),
      ...pulumiFindings(pulumi, packageOf("@pulumi/pulumi").version),
      ...(skopeo === undefined && built[0] === undefined ? [noRegistryTool] : []),
      ...(built.every((version) => version === undefined) ? [noBuilder] : []),
      ...(plugin === undefined ? pluginFindings(context) : []),
    ];
    const builder = builders.find((_, index) => built[index] !== undefined);
    const there = [
      `node ${process.versions.node}`,
      ...(pulumi === undefined ? [] : [`pulumi ${pulumi}`]),
      ...(builder === undefined ? [] : [builder]),
    ];
    return { well: there.join(", "), findings };
  },
};

/** @param version of this Node. */
export function nodeFindings(version: string): Finding[] {
  const least = /[\d.]+/.exec(packageOf("gantry").engines?.node ?? "")?.[0] ?? "0";
  if (isAtLeast(version, least)) return [];
  return [
    {
      severity: "error",
      where: "node",
      what: `this is Node ${version}, and Gantry needs ${least}`,
      fix: `install Node ${least} or later`,
    },
  ];
}

/**
 * @param cli the version of Pulumi's CLI on the PATH; undefined where there is none.
 * @param sdk that of the SDK that Gantry runs with.
 */
export function pulumiFindings(cli: string | undefined, sdk: string): Finding[] {
  const found = { severity: "warning", where: "pulumi" } as const;
  const command = `curl -fsSL https://get.pulumi.com | sh -s -- --version ${sdk}`;
  if (cli === undefined) {
    return [
      {
        ...found,
        what: "there is no Pulumi CLI on the PATH, which pulumi up, gantry rollback and gantry restore need",
        fix: "install it",
        command,
      },
    ];
  }
  // An engine that is newer understands an older SDK, and not the other way round.
  if (isAtLeast(cli, sdk.split(".").slice(0, 2).join("."))) return [];
  const what = `the CLI is ${cli}, older than the SDK of the program, ${sdk}`;
  return [{ ...found, what, fix: "install the SDK's", command }];
}

const noRegistryTool: Finding = {
  severity: "note",
  where: "skopeo",
  what: "neither skopeo nor docker is here: gantry promote and deploy by hand cannot look at images; the pipeline can",
  fix: "install one of them, where you deploy by hand",
};

const noBuilder: Finding = {
  severity: "note",
  where: "docker",
  what: "neither docker, podman nor buildah is here: gantry rehearse runs no real images",
  fix: "install one of them, where you rehearse",
};

function pluginFindings({ target }: DoctorContext): Finding[] {
  const asked = Object.entries(target.config.services).filter(([, service]) => service.exec);
  if (asked.length === 0) return [];
  return [
    {
      severity: "note",
      where: "session-manager-plugin",
      what: `it is not here, and a shell in a container (exec of ${asked.map(([name]) => name).join(", ")}) needs it`,
      fix: 'install it ("Install the Session Manager plugin for the AWS CLI", Systems Manager user guide)',
    },
  ];
}

/** Whether one version is another or later: numbers with points between them. */
export function isAtLeast(version: string, least: string): boolean {
  const [given, wanted] = [version, least].map((text) => text.split(".").map(Number));
  for (const [index, number] of wanted.entries()) {
    const own = given[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

function packageOf(name: string): Package {
  return requireHere(`${name}/package.json`) as Package;
}
