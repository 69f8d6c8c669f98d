import { stateBucketName } from "../../contract/names";
import { DeliveryError } from "../../delivery/errors";

/** Where Pulumi's state is kept: a bucket of the account, or a Pulumi service. */
export const backends = ["s3", "pulumi"] as const;
export type BackendKind = (typeof backends)[number];

/** What says where the state is. Each may be absent. */
export interface BackendSources {
  /** `--backend`. */
  readonly option?: BackendKind;
  /** `gantry:pipeline.state.backendUrl` as it stands in the stack's file: its default is no word of anybody's. */
  readonly config?: string;
  /** `backend.url` of Pulumi.yaml, which `pulumi` goes by. */
  readonly project?: string;
  /** PULUMI_BACKEND_URL, by which `pulumi` goes before all. */
  readonly env?: string;
}

/** Where the state of a stack is, or is to be. */
export type Backend =
  | { readonly kind: "pulumi"; readonly url: string }
  | {
      readonly kind: "s3";
      /** As Pulumi takes it: `s3://<bucket>/<prefix>?region=<region>`. */
      readonly url: string;
      readonly bucket: string;
      /** Empty, or ending in a slash. */
      readonly prefix: string;
      readonly region: string;
      /** Whether its name is the one that Gantry gives: another one is somebody's, and nothing of it is set. */
      readonly isOwn: boolean;
    };

/** The names that decide. */
export interface BackendNames {
  /** The product. */
  readonly name: string;
  readonly stack: string;
  readonly accountId: string;
  readonly region: string;
}

const pulumiCloud = "https://api.pulumi.com";

/**
 * Which backend a stack has: what config says, else Pulumi.yaml, else the shell, else `--backend`, else a bucket of the product's.
 * @throws DeliveryError where they contradict each other, or name one that a pipeline cannot reach.
 */
export function backendOf(sources: BackendSources, names: BackendNames): Backend {
  const { option, config, project, env } = sources;
  const [said, by] = firstSaid([
    [config, `gantry:pipeline.state.backendUrl of Pulumi.${names.stack}.yaml`],
    [isOfAnotherAccount(project, names) ? undefined : project, "backend.url of Pulumi.yaml"],
    [env, "PULUMI_BACKEND_URL"],
  ]);
  const found = said === undefined ? defaultBackend(option, names) : parsed(said, by, names);
  if (option !== undefined && found.kind !== option) {
    throw new DeliveryError(
      `--backend ${option} contradicts ${by}, which is ${said}: leave the option out, or change what is said there. Nothing was created`,
    );
  }
  if (env !== undefined && !isSameBackend(env, found.url)) {
    throw new DeliveryError(
      `PULUMI_BACKEND_URL is ${env}, and the state of ${names.stack} is to be in ${found.url}: pulumi would look elsewhere. ` +
        "unset PULUMI_BACKEND_URL, and run the same again. Nothing was created",
    );
  }
  return found;
}

/** Whether two addresses lead to the same state: the region is no part of that. */
export function isSameBackend(one: string, other: string): boolean {
  const plain = (url: string) => url.replace(/\?.*$/, "").replace(/\/+$/, "");
  return plain(one) === plain(other);
}

function firstSaid(
  said: readonly (readonly [string | undefined, string])[],
): readonly [string | undefined, string] {
  return said.find(([url]) => url !== undefined) ?? [undefined, ""];
}

function defaultBackend(option: BackendKind | undefined, names: BackendNames): Backend {
  if (option === "pulumi") return { kind: "pulumi", url: pulumiCloud };
  const { name, accountId, region } = names;
  const bucket = stateBucketName(name, accountId, region);
  const url = `s3://${bucket}?region=${region}`;
  return { kind: "s3", url, bucket, prefix: "", region, isOwn: true };
}

function parsed(url: string, by: string, names: BackendNames): Backend {
  if (url.startsWith("https://")) return { kind: "pulumi", url };
  const [, bucket, path = "", query = ""] =
    /^s3:\/\/([^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw new DeliveryError(
      `${by} is ${url}, which a pipeline cannot reach: name a bucket, as s3://acme-pulumi-state, or a Pulumi service, as ${pulumiCloud}. Nothing was created`,
    );
  }
  const trimmed = path.replace(/\/+$/, "");
  const region = new URLSearchParams(query).get("region") ?? names.region;
  const isOwn = bucket === stateBucketName(names.name, names.accountId, region);
  return { kind: "s3", url, bucket, prefix: trimmed === "" ? "" : `${trimmed}/`, region, isOwn };
}

/** Pulumi.yaml has one address: of stacks in several accounts, the others have theirs in config. */
function isOfAnotherAccount(url: string | undefined, { name, accountId }: BackendNames): boolean {
  const [, bucket, account, region] = /^s3:\/\/(.*?(\d{12})-([^/?]+))/.exec(url ?? "") ?? [];
  return (
    account !== undefined &&
    account !== accountId &&
    bucket === stateBucketName(name, account, region)
  );
}
