import { appContainer } from "../../contract/containers";
import { parseSecretReference } from "../../components/service/secretReference";
import { parameterNames } from "../../delivery/preflight/secrets";
import type { Target } from "../../delivery/target";
import { regionOf } from "../../stacks/config/checks/secretPlaces";
import { containersOf } from "../../stacks/config/containers";
import { literals } from "../../stacks/config/own";

/** The service of AWS that keeps a secret. */
export type SecretStore = "secretsManager" | "parameterStore";

/** Where a secret is. */
export interface SecretPlace {
  readonly store: SecretStore;
  /** Name or ARN, as config has it. */
  readonly id: string;
  readonly region: string;
}

/** What reads a secret of config. */
export interface SecretUse {
  /** Such as `services.web.secrets.DATABASE_URL`. */
  readonly path: string;
  /** Absent where the pipeline itself reads it. */
  readonly service?: string;
  /** A sidecar. Absent for the service's own container. */
  readonly container?: string;
  /** The variable of the container; the id by which a Dockerfile mounts it; the key of the pipeline's config. */
  readonly variable: string;
  /** When it is read: a task starts, an image is built, the pipeline runs. */
  readonly at: "start" | "build" | "pipeline";
  /** The key of the secret's JSON that is read. Absent where the whole secret is. */
  readonly key?: string;
  /** Whether config names a version: a new one is then not read. */
  readonly isPinned: boolean;
}

/** A secret that config names, with one of its readers. */
export interface ReferencedSecret extends SecretPlace {
  readonly use: SecretUse;
}

/** The place that a reference names, and which part of it. @throws Error as {@link parseSecretReference}. */
export function placeOf(text: string, region: string): SecretPlace & Partial<SecretUse> {
  const reference = parseSecretReference(text);
  const place = { region: regionOf(text) ?? region };
  switch (reference.kind) {
    case "secretsManagerArn": {
      const { secretArn: id, valueFrom } = reference;
      const [key, stage, version] = valueFrom.slice(id.length + 1).split(":");
      const isPinned = Boolean(version) || (Boolean(stage) && stage !== "AWSCURRENT");
      return { ...place, store: "secretsManager", id, isPinned, ...(key ? { key } : {}) };
    }
    case "secretsManagerName": {
      const { name: id, jsonKey: key } = reference;
      return { ...place, store: "secretsManager", id, ...(key ? { key } : {}) };
    }
    case "parameterArn":
      return { ...place, store: "parameterStore", id: reference.arn };
    case "parameterName":
      return { ...place, store: "parameterStore", id: reference.name };
  }
}

/** Each use of a secret that config names, in its order. Those of own resources come with the resources, and are none of them. */
export function referencedSecrets({
  config,
  names,
  region,
}: Pick<Target, "config" | "names" | "region">): ReferencedSecret[] {
  const found: ReferencedSecret[] = [];
  const add = (text: string, use: Omit<SecretUse, "isPinned">) => {
    const { key, isPinned = false, ...place } = placeOf(text, region);
    found.push({ ...place, use: { ...use, ...(key ? { key } : {}), isPinned } });
  };
  for (const [service, each] of Object.entries(config.services)) {
    for (const { name, path, secrets, build } of containersOf(each)) {
      const place = ["services", service, ...path].join(".");
      const who = { service, ...(name === appContainer ? {} : { container: name }) };
      for (const [variable, text] of Object.entries(literals(secrets))) {
        add(text, { ...who, variable, path: `${place}.secrets.${variable}`, at: "start" });
      }
      // Another service's image is built there.
      if (name === appContainer && each.imageOf !== undefined) continue;
      for (const [variable, text] of Object.entries(build?.secrets ?? {})) {
        add(text, { ...who, variable, path: `${place}.build.secrets.${variable}`, at: "build" });
      }
    }
  }
  const state = config.pipeline?.state;
  if (state === undefined) return found;
  const isBucket = state.backendUrl?.startsWith("s3:");
  const ofPipeline = {
    accessTokenSecret: isBucket ? undefined : (state.accessTokenSecret ?? names.accessTokenSecret),
    passphraseSecret: state.passphraseSecret,
  };
  for (const [variable, text] of Object.entries(ofPipeline)) {
    if (text) add(text, { variable, path: `pipeline.state.${variable}`, at: "pipeline" });
  }
  return found;
}

/** What a secret is called, whether config has its name or its ARN. */
export function nameOfPlace({ store, id }: Pick<SecretPlace, "store" | "id">): string {
  if (store === "parameterStore") return parameterNames(id)[0];
  return /^arn:.*:secret:(.+)-[A-Za-z0-9]{6}$/.exec(id)?.[1] ?? id;
}

/** Whether two are one secret. Of another account's with the same name nobody can tell, and they count as one. */
export function isSamePlace(a: SecretPlace, b: SecretPlace): boolean {
  return a.store === b.store && a.region === b.region && nameOfPlace(a) === nameOfPlace(b);
}

/** Who reads it, for people: `web DATABASE_URL`, `web/nginx TOKEN`, `build of web NPM_TOKEN`, `pipeline state.passphraseSecret`. */
export function useText({ service, container, variable, at, key }: SecretUse): string {
  const part = key === undefined ? "" : ` (its key ${key})`;
  if (service === undefined) return `pipeline state.${variable}${part}`;
  const who = container === undefined ? service : `${service}/${container}`;
  return `${at === "build" ? "build of " : ""}${who} ${variable}${part}`;
}

export const storeNames: Readonly<Record<SecretStore, string>> = {
  secretsManager: "Secrets Manager",
  parameterStore: "SSM",
};
