import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { quietBackend } from "../../delivery/engine/quietBackend";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { installedPulumi } from "../../delivery/installation/pulumi";
import { asJson } from "../../delivery/issues";
import { lastLines, tryRun } from "../../delivery/run";
import { withRight } from "./rights";

/** What opens a stack's secrets, as its file has it. */
export interface SecretsProvider {
  /** `awskms://...`, or `passphrase`. */
  readonly url: string;
  /** The key of the secrets, encrypted. */
  readonly encryptedKey?: string;
}

/** A stack as the backend has it. */
export interface FoundStack {
  /** Undefined where its state says none. */
  readonly secrets?: SecretsProvider;
}

/** A stack in a bucket. */
export interface StackPlace {
  readonly s3: Pick<S3Client, "send">;
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
  readonly project: string;
  readonly stack: string;
}

/** What Pulumi keeps of a stack, as far as it is looked at (`apitype.VersionedCheckpoint`, Pulumi). */
const checkpointSchema = z.looseObject({
  checkpoint: z.looseObject({
    latest: z
      .looseObject({
        secrets_providers: z
          .looseObject({
            type: z.string().optional(),
            state: z
              .looseObject({ url: z.string().optional(), encryptedkey: z.string().optional() })
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

/**
 * Looks at a stack without Pulumi, which would write into a bucket that is empty.
 * @returns undefined where there is none.
 */
export async function lookAtStack(place: StackPlace): Promise<FoundStack | undefined> {
  const { s3, bucket, prefix, project, stack } = place;
  const key = `${prefix}.pulumi/stacks/${project}/${stack}.json`;
  const text = await withRight("s3:GetObject", `${bucket}/${key}`, async () => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (isNamed(error, "NoSuchKey")) return undefined;
      throw error;
    }
  });
  if (text === undefined) return undefined;
  const parsed = checkpointSchema.safeParse(asJson(text));
  const provider = parsed.data?.checkpoint.latest?.secrets_providers;
  if (!provider) return {};
  const { url, encryptedkey } = provider.state ?? {};
  return { secrets: { url: url ?? provider.type ?? "", encryptedKey: encryptedkey } };
}

export interface NewStack {
  /** Where Pulumi.yaml is. */
  readonly folder: string;
  readonly stack: string;
  readonly backendUrl: string;
  readonly secretsProvider: string;
  readonly env: NodeJS.ProcessEnv;
}

const timeoutMs = 120_000;

/** @throws DeliveryError where there is no Pulumi. */
export async function requirePulumi(env: NodeJS.ProcessEnv): Promise<void> {
  if ((await installedPulumi(env)) !== undefined) return;
  throw new DeliveryError(
    "pulumi is not on the PATH: install it (https://www.pulumi.com/docs/iac/download-install), and run the same again. Nothing was created",
  );
}

/**
 * Makes the stack, by Pulumi itself, which also names the secrets provider in the stack's file.
 * @returns whether it was not there already, as where two people do this at once.
 */
export async function makeStack({
  folder,
  stack,
  backendUrl,
  secretsProvider,
  env,
}: NewStack): Promise<boolean> {
  const args = ["stack", "init", stack, "--secrets-provider", secretsProvider];
  const finished = await tryRun("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: folder,
    env: {
      ...env,
      ...quietBackend,
      PULUMI_BACKEND_URL: backendUrl,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    timeoutMs,
  });
  if (finished.code === 0) return true;
  if (/stack '[^']*' already exists/.test(finished.output)) return false;
  throw new DeliveryError(
    `pulumi stack init ${stack} failed: correct what it says, and run the same again, which goes on from here`,
    lastLines(finished.output, 12),
  );
}
