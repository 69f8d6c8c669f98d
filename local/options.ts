import { parseArgs } from "node:util";

export interface StartOptions {
  /** Leave the emulator and the state for further commands. */
  readonly keep: boolean;
  /** Tear down what `--keep` left. */
  readonly destroy: boolean;
  /** Bring the environments up, and deliver nothing to them. */
  readonly environments: boolean;
  /** Grant approvals instead of asking. */
  readonly approve: boolean;
  readonly help: boolean;
}

export const usage = `Usage: npm start [-- OPTIONS]

Brings staging and production up with the real Pulumi engine on an emulated AWS, on this machine alone:
no AWS account, nothing to pay. Then takes a commit of the sample service through both pipelines, and a second one that
fails its verification in staging and is rolled back. The report is .gantry/report.html, and .gantry/report.json.

Options:
  --approve        grant production's approval; without it you are asked, where there is a terminal
  --environments   bring the environments up, and deliver nothing
  --keep           leave it running, and say how to use pulumi and aws against it; a later start updates it
  --destroy        tear down what --keep left
  --help           this text

Environment:
  GANTRY_ENGINE            "installed" never builds the Pulumi engine, "build" always does
  TERRAFORM_AWS_PROVIDER   path of a Terraform AWS provider, where Pulumi's own plugin cannot be downloaded
`;

/** @throws Error for an option that there is not; its message is for the person who typed it. */
export function parseOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    allowPositionals: false,
    options: {
      keep: { type: "boolean", default: false },
      destroy: { type: "boolean", default: false },
      environments: { type: "boolean", default: false },
      approve: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.keep && values.destroy) {
    throw new Error("--keep and --destroy exclude each other");
  }
  return values;
}
