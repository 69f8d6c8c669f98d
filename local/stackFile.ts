import { parseDocument } from "yaml";

/**
 * Config of a stack file, as YAML has it. A key may be a path into an object, as `pulumi config set --path` takes it:
 * `gantry:services.web.buildArgs`.
 */
export type StackConfig = Readonly<Record<string, unknown>>;

/**
 * What the emulator needs otherwise than AWS does, and nothing else: the account's default VPC instead of one made by
 * awsx (whose plugin no package registry has), no questions to the metadata service of EC2, and bucket names in paths,
 * since `<bucket>.127.0.0.1` is no host. Where the services are is told by AWS_ENDPOINT_URL.
 */
export const emulatorOverrides: StackConfig = {
  "aws:skipMetadataApiCheck": true,
  "aws:s3UsePathStyle": true,
  "gantry:network": { mode: "existing" },
};

/**
 * A stack's own file with some config replaced, as text. Comments and the order of keys stay.
 * @param kept the file as it was written last time: the salt of its secrets is taken over, which belongs to the state.
 */
export function overriddenStackFile(own: string, config: StackConfig, kept?: string): string {
  const document = parseDocument(own);
  for (const [key, value] of Object.entries(config)) {
    const path = ["config", ...key.split(".")];
    // A key with nothing behind it is null, and not the object that something could be put into.
    const empty = path.findIndex((_, index) => document.getIn(path.slice(0, index + 1)) === null);
    if (empty >= 0) document.deleteIn(path.slice(0, empty + 1));
    document.setIn(path, document.createNode(value));
  }
  const salt: unknown = kept === undefined ? undefined : parseDocument(kept).get("encryptionsalt");
  if (salt !== undefined) {
    document.set("encryptionsalt", salt);
  }
  return document.toString();
}
