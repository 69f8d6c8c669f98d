import { isSameBackend, type Backend } from "./backend";
import type { BucketPart, FoundBucket } from "./bucket";
import { bucketItems } from "./bucketPlan";
import { connectionsPage, type FoundConnection } from "./connection";
import type { ProjectFiles } from "./files";
import type { FoundKey } from "./key";
import type { FoundStack } from "./stack";

/** What is meant to be there. */
export interface Wanted {
  readonly stack: string;
  readonly region: string;
  readonly backend: Backend;
  /** With `alias/` before it. */
  readonly keyAlias: string;
  /** `awskms://...`, of that alias. */
  readonly secretsProvider: string;
  /** Undefined where none is asked for. */
  readonly connection?: {
    readonly name: string;
    /** What config names; undefined for one by its name, which is made. */
    readonly arn?: string;
  };
  /** `pipeline.state` of config; undefined without a pipeline. */
  readonly pipelineState?: { readonly backendUrl: string; readonly keyArn?: string };
}

/** What is there. Undefined stands for what is not. */
export interface Found {
  readonly files: Pick<ProjectFiles, "backendUrl" | "hasBackend" | "secrets">;
  readonly bucket?: FoundBucket;
  readonly key?: FoundKey;
  readonly deployed?: FoundStack;
  readonly connection?: FoundConnection;
}

/** Something that is made, one after the other. Each may be done twice. */
export type Step =
  | { readonly do: "makeBucket" }
  | { readonly do: "setBucketPart"; readonly part: BucketPart }
  | { readonly do: "makeKey" }
  | { readonly do: "nameBackend" }
  | { readonly do: "makeStack" }
  | { readonly do: "nameSecrets" }
  | { readonly do: "makeConnection" };

/** One line of a plan. */
export interface PlanItem {
  /** `there`, to `make`, `differs` from what is safe and is left alone, or `yours`: a person's to do. */
  readonly status: "there" | "make" | "differs" | "yours";
  readonly what: string;
  /** What it costs, where it costs something, with the source. */
  readonly cost?: string;
  /** What to do about it: a command or a sentence a line. */
  readonly fix?: readonly string[];
  /** What makes it. */
  readonly step?: Step;
}

/** What is there, what is made and what is somebody's to do, in the order in which it is done. */
export function planOf(wanted: Wanted, found: Found): PlanItem[] {
  if (wanted.backend.kind === "pulumi") {
    return [...serviceItems(wanted, found), ...connectionItems(wanted, found)];
  }
  return [
    ...bucketItems(wanted.backend, found.bucket),
    ...keyItems(wanted, found),
    ...backendItems(wanted, found),
    ...stackItems(wanted, found),
    ...connectionItems(wanted, found),
  ];
}

/** In a Pulumi service nothing is made: it keeps state and key itself. */
function serviceItems({ backend: { url }, stack }: Wanted, { files }: Found): PlanItem[] {
  const cloud = url === "https://api.pulumi.com" ? "" : ` ${url}`;
  return [
    {
      status: "yours",
      what: `state and secrets of ${stack} are kept by the Pulumi service ${url}`,
      fix: [
        `pulumi login${cloud}`,
        ...(files.secrets === undefined ? [`pulumi stack init ${stack}`] : []),
      ],
    },
  ];
}

function keyItems({ keyAlias, region }: Wanted, { key }: Found): PlanItem[] {
  if (key === undefined) {
    return [
      {
        status: "make",
        what: `key ${keyAlias} in ${region}, for the secrets in config and state, with a rotation each year`,
        cost: "1 USD a month, 1 more after its first and after its second rotation (AWS KMS pricing)",
        step: { do: "makeKey" },
      },
    ];
  }
  const kms = (command: string) => `aws kms ${command} --region ${region} --key-id ${key.arn}`;
  const differs = (what: string, fix: string): PlanItem[] => [
    { status: "differs", what: `key ${keyAlias} ${what}`, fix: [fix] },
  ];
  if (!key.encrypts) {
    return differs(
      "is not one that encrypts and decrypts (SYMMETRIC_DEFAULT)",
      `give its alias to another key: aws kms update-alias --region ${region} --alias-name ${keyAlias} --target-key-id <key>`,
    );
  }
  if (key.state === "PendingDeletion") {
    return differs(
      "is to be deleted, and the stack's secrets with it",
      `${kms("cancel-key-deletion")} && ${kms("enable-key")}`,
    );
  }
  if (key.state !== "Enabled") return differs(`is ${key.state}`, kms("enable-key"));
  return [
    {
      status: "there",
      what: `key ${keyAlias}, for the secrets in config and state${key.rotates ? ", with a rotation each year" : ""}`,
    },
    ...(key.rotates ? [] : differs("does not rotate", kms("enable-key-rotation"))),
  ];
}

function backendItems({ backend, stack }: Wanted, { files }: Found): PlanItem[] {
  const { url } = backend;
  if (files.backendUrl === undefined && !files.hasBackend) {
    return [
      {
        status: "make",
        what: `backend.url of Pulumi.yaml, by which pulumi finds the state: ${url}`,
        step: { do: "nameBackend" },
      },
    ];
  }
  if (files.backendUrl !== undefined && isSameBackend(files.backendUrl, url)) {
    return [{ status: "there", what: "backend.url of Pulumi.yaml" }];
  }
  return [
    {
      status: "yours",
      what: `Pulumi.yaml has ${files.backendUrl ?? "a backend without url"}, and the state of ${stack} is elsewhere: say so in each shell that works on it`,
      fix: [`export PULUMI_BACKEND_URL='${url}'`],
    },
  ];
}

function stackItems(wanted: Wanted, found: Found): PlanItem[] {
  const { stack, secretsProvider, keyAlias } = wanted;
  const { deployed, files, bucket, key } = found;
  const file = `Pulumi.${stack}.yaml`;
  const provider = files.secrets?.url ?? deployed?.secrets?.url;
  if (provider !== undefined && provider !== secretsProvider) {
    const fix = `pulumi stack change-secrets-provider --stack ${stack} "${secretsProvider}"`;
    return [
      {
        status: "differs",
        what: `stack ${stack} has its secrets by ${provider}, and not by ${keyAlias}: it is left as it is`,
        fix: deployed === undefined ? [`pulumi stack init ${stack}`, fix] : [fix],
      },
    ];
  }
  if (deployed === undefined) {
    const isReady = key === undefined || (key.state === "Enabled" && key.encrypts);
    const hasBucket =
      bucket !== undefined || (wanted.backend.kind === "s3" && wanted.backend.isOwn);
    if (!isReady || !hasBucket) {
      return [
        {
          status: "yours",
          what: `stack ${stack} waits for what is said above: run the same again then`,
        },
      ];
    }
    return [
      {
        status: "make",
        what: `stack ${stack} of Pulumi, with the secrets provider ${secretsProvider}`,
        step: { do: "makeStack" },
      },
    ];
  }
  if (files.secrets !== undefined) {
    return [{ status: "there", what: `stack ${stack} of Pulumi, with its secrets by that key` }];
  }
  if (deployed.secrets?.encryptedKey !== undefined) {
    return [
      { status: "there", what: `stack ${stack} of Pulumi` },
      {
        status: "make",
        what: `secrets provider in ${file}, as the state has it`,
        step: { do: "nameSecrets" },
      },
    ];
  }
  return [
    {
      status: "differs",
      what: `stack ${stack} is there, and neither ${file} nor its state names a secrets provider: take the file of whoever made it, or`,
      fix: [`pulumi stack change-secrets-provider --stack ${stack} "${secretsProvider}"`],
    },
  ];
}

function connectionItems({ connection, region }: Wanted, found: Found): PlanItem[] {
  if (connection === undefined) return [];
  const { name, arn } = connection;
  const there = found.connection;
  if (there === undefined) {
    if (arn === undefined) {
      return [
        {
          status: "make",
          what: `connection ${name} to GitHub, which you confirm in the console then`,
          step: { do: "makeConnection" },
        },
      ];
    }
    return [
      {
        status: "differs",
        what: `there is no connection ${arn}, which config names`,
        fix: ["take it out of config, and run gantry bootstrap with --connection"],
      },
    ];
  }
  if (there.status === "AVAILABLE") {
    return [{ status: "there", what: `connection ${there.arn} to GitHub, confirmed` }];
  }
  if (there.status === "PENDING") {
    return [
      {
        status: "yours",
        what: `connection ${there.arn} waits until somebody confirms it`,
        fix: [connectionsPage(region)],
      },
    ];
  }
  return [
    {
      status: "differs",
      what: `connection ${there.arn} is ${there.status}`,
      fix: [
        `delete it, and run the same again: aws codeconnections delete-connection --region ${region} --connection-arn ${there.arn}`,
      ],
    },
  ];
}
