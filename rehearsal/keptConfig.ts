import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { parse } from "yaml";
import { configKey } from "../contract/names";
import { configZip } from "../delivery/configZip";
import { ensureBucket, stateBucket } from "./stateBucket";
import type { StackName, Workspace } from "./workspace";

/**
 * Puts the files of stacks whose pipelines take them from a bucket there, as `gantry config push` does: in the bucket of the state, which
 * keeps versions, as CodePipeline asks for.
 */
export async function pushKeptConfig(
  workspace: Pick<Workspace, "emulator" | "folder" | "stackFile">,
  names: readonly StackName[],
): Promise<void> {
  if (names.length === 0) return;
  const s3 = await ensureBucket(workspace.emulator, stateBucket);
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: stateBucket, VersioningConfiguration }));
  const project = parse(readFileSync(join(workspace.folder, "Pulumi.yaml"), "utf8")) as {
    readonly name: string;
  };
  for (const name of names) {
    await s3.send(
      new PutObjectCommand({
        Bucket: stateBucket,
        Key: configKey(project.name, name),
        Body: configZip(name, Buffer.from(workspace.stackFile(name))),
      }),
    );
  }
}
