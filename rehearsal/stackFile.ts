import { isMap, parseDocument, stringify, type Document } from "yaml";
import { makesLoadBalancer } from "./madeLoadBalancer";
import { moveArns } from "./movedArns";

/**
 * Config of a stack file, as YAML has it; undefined takes a key away. What `gantry:posture` says aloud is added to what the
 * stack's own file does.
 */
export type StackConfig = Readonly<Record<string, unknown>>;

/**
 * What the emulator needs otherwise than AWS does: the account's default VPC instead of one made by awsx (whose plugin no
 * package registry has), no questions to the metadata service of EC2, bucket names in paths, since `<bucket>.127.0.0.1`
 * is no host, and nothing of who a person is at AWS. Where the services are is told by AWS_ENDPOINT_URL.
 */
export const emulatorOverrides: StackConfig = {
  "aws:skipMetadataApiCheck": true,
  "aws:s3UsePathStyle": true,
  "aws:profile": undefined,
  "aws:assumeRole": undefined,
  "aws:assumeRoles": undefined,
  "aws:allowedAccountIds": undefined,
  "aws:forbiddenAccountIds": undefined,
  // Verify runs in the VPC where the load balancer is not open to the world, and needs to be told of its gateways.
  "gantry:network": { mode: "existing", natAddresses: ["192.0.2.1"] },
};

/** What a stack file says of its secrets' key beside config: the rehearsal's state has a passphrase. */
const secretsProviders = ["secretsprovider", "encryptedkey"];

/**
 * A stack's own file with some config replaced, as text. Comments and the order of keys stay.
 * @param kept the file as it was written last time: the salt of its secrets is taken over, which belongs to the state.
 */
export function overriddenStackFile(own: string, config: StackConfig, kept?: string): string {
  // Every scalar stays what stands there: the engine reads `0123` otherwise than this parser does.
  const document = parseDocument(own, { schema: "failsafe" });
  makesLoadBalancer(document);
  moveArns(document, config["aws:region"]);
  const waf = ["config", "gantry:loadBalancer", "waf"];
  if (document.hasIn([...waf, "webAclArn"])) document.setIn(waf, asNode("managed"));
  for (const chat of ["slack", "teams"]) {
    const path = ["config", "gantry:notify", chat];
    if (document.hasIn(path)) document.deleteIn(path);
  }
  const key = ["config", "gantry:encryptionKeyArn"];
  if (document.hasIn(key) && document.getIn(key) !== "aws") document.deleteIn(key);
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) {
      if (document.hasIn(["config", key])) document.deleteIn(["config", key]);
      continue;
    }
    // A key with nothing behind it is null, and not the object that something could be put into.
    if (document.has("config") && !isMap(document.get("config", true))) document.delete("config");
    if (key === "gantry:posture") {
      say(document, value);
      continue;
    }
    document.setIn(["config", key], asNode(value));
    if (Object.hasOwn(emulatorOverrides, key)) leaveUnsaid(document, key);
  }
  for (const name of secretsProviders) {
    if (document.has(name)) document.delete(name);
  }
  const salt: unknown = kept === undefined ? undefined : parseDocument(kept).get("encryptionsalt");
  if (salt !== undefined) {
    document.set("encryptionsalt", salt);
  }
  return document.toString();
}

function say(document: Document.Parsed, posture: unknown): void {
  const { relaxed = {} } = posture as { readonly relaxed?: Readonly<Record<string, unknown>> };
  for (const [key, reason] of Object.entries(relaxed)) {
    const path = ["config", "gantry:posture", "relaxed", key];
    if (reason !== undefined) document.setIn(path, asNode(reason));
    else if (document.hasIn(path)) document.deleteIn(path);
  }
}

/** What was dangerous in a section that is replaced, and said aloud, is not there any more. */
function leaveUnsaid(document: Document.Parsed, replaced: string): void {
  const relaxed = document.getIn(["config", "gantry:posture", "relaxed"]);
  if (!isMap(relaxed)) return;
  const said = relaxed.items.map(({ key }) => String(key));
  for (const key of said.filter((each) => `gantry:${each}`.startsWith(`${replaced}.`))) {
    relaxed.delete(key);
  }
}

/** Texts are in quotes, so that no parser takes them for something else. */
function asNode(value: unknown): unknown {
  const text = stringify(value, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
  return parseDocument(text, { schema: "failsafe" }).contents;
}

/** A value of a stack file's config; undefined where it has none. */
export function configValue(text: string, key: string): unknown {
  const node: unknown = parseDocument(text).getIn(["config", key], true);
  const isNode = typeof node === "object" && node !== null && "toJSON" in node;
  return isNode ? (node as { toJSON(): unknown }).toJSON() : (node ?? undefined);
}
