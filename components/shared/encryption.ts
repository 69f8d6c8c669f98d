import type * as pulumi from "@pulumi/pulumi";
import type { Permission } from "../service/statements";
import { changed } from "./account";

/** What lets tasks read and write what services encrypt with a key. */
export interface KeyUse extends Permission {
  readonly key: { readonly arn: pulumi.Input<string>; readonly services: readonly string[] };
}

/**
 * What lets tasks read and write what a service encrypts with a key, by that service alone.
 * @param keyArn of the key. Without it, nothing: AWS's own keys are everybody's who may use the service.
 * @param service such as `s3`.
 * @param actions Default: what it takes to read and to write.
 */
export function keyUse(
  keyArn: pulumi.Input<string> | undefined,
  service: string,
  actions = ["kms:Decrypt", "kms:GenerateDataKey"],
): KeyUse[] {
  return keyArn === undefined ? [] : [throughServices(keyArn, [service], actions)];
}

/** A policy has 10 240 characters: whoever uses ten things of one key needs one statement for it, and not ten. */
export function mergeKeyUse(permissions: readonly Permission[]): Permission[] {
  const uses = permissions.filter((one): one is KeyUse => "key" in one);
  const merged = [...new Set(uses.map(({ key }) => key.arn))].flatMap((arn) => {
    const ofKey = uses.filter(({ key }) => key.arn === arn);
    const byServices = new Map<string, string[]>();
    for (const action of new Set(ofKey.flatMap(({ actions }) => actions))) {
      const allowed = ofKey.filter(({ actions }) => actions.includes(action));
      const services = new Set(allowed.flatMap(({ key }) => key.services));
      const alike = [...services].sort().join(" ");
      byServices.set(alike, [...(byServices.get(alike) ?? []), action]);
    }
    return [...byServices].map(([services, actions]) =>
      throughServices(arn, services.split(" "), actions),
    );
  });
  return [...permissions.filter((one) => !("key" in one)), ...merged];
}

function throughServices(
  arn: pulumi.Input<string>,
  services: readonly string[],
  actions: readonly string[],
): KeyUse {
  const hosts = services.map((service) =>
    changed([arn], ([known]) => `${service}.${known.split(":")[3]}.amazonaws.com`),
  );
  return {
    ...{ actions, resources: [arn], key: { arn, services } },
    // One service is a text, as AWS's own examples have it.
    conditions: {
      StringEquals: { "kms:ViaService": hosts.length === 1 ? hosts[0] : hosts },
    },
  };
}
