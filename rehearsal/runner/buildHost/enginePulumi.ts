import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Engine } from "../../engine";
import type { Mount } from "./container";

/** What builds are given of this machine's Pulumi, in place of a download. */
export interface EnginePulumi {
  /** The CLI with its plugins. */
  readonly cli: Given;
  /** What is behind the plugin for AWS. */
  readonly provider: Given;
}

export interface Given {
  readonly mounts: readonly Mount[];
  readonly variables: Readonly<Record<string, string>>;
}

const nothing: Given = { mounts: [], variables: {} };

const provider = "/opt/terraform/terraform-provider-aws";

/**
 * Pulumi's CLI, language hosts and plugins, where Release looks for them: it then downloads none. Nothing on a machine that
 * is no Linux: its programs run in no container, and Release gets Pulumi as on AWS.
 */
export function enginePulumi(
  { pulumi, home, env }: Engine,
  platform = process.platform,
): EnginePulumi {
  if (platform !== "linux") return { cli: nothing, provider: nothing };
  const folder = dirname(realpathSync(pulumi));
  const programs = readdirSync(folder).filter((name) => /^pulumi(-|$)/.test(name));
  const plugins = join(home, "plugins");
  const own = env.TERRAFORM_AWS_PROVIDER;
  return {
    cli: {
      mounts: [
        ...programs.map((name) => ({
          source: realpathSync(join(folder, name)),
          target: `/usr/local/bin/${name}`,
        })),
        ...(existsSync(plugins) ? [{ source: plugins, target: "/root/.pulumi/plugins" }] : []),
      ],
      variables: {
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // What is mounted cannot be added to: those that are there are kept.
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    },
    provider: own
      ? {
          mounts: [{ source: own, target: provider }],
          variables: {
            TERRAFORM_AWS_PROVIDER: provider,
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          },
        }
      : nothing,
  };
}
