import type { Check, Report } from "../checks";
import type { EnvironmentConfig, ServiceConfig } from "../types";
import { volumeKeys } from "../volumes";

type Volumes = ServiceConfig["volumes"];
/** One on EFS. */
type Volume = Exclude<Volumes[string], { ephemeral: true }>;

/** Volumes that services share are one thing, and what exists is as it is. */
export const checkVolumes: Check = (config, report) => {
  const first = new Map<string, [service: string, volume: Volume]>();
  checkKinds(config, report);
  for (const [service, { volumes }] of Object.entries(config.services)) {
    checkMountPaths(service, volumes, report);
    for (const [name, volume] of Object.entries(volumes)) {
      if (volume.ephemeral) continue;
      checkOne(service, name, volume, report);
      const [other, shared] = first.get(name) ?? [service, {} as Volume];
      first.set(name, [other, shared]);
      checkShared([service, name, volume], [other, shared], report);
      Object.assign(shared, withoutUndefined(volume));
    }
  }
};

/** Under one name services share files, or have a folder each that ends with its task: both would be taken for one another. */
function checkKinds({ services }: EnvironmentConfig, report: Report): void {
  const onEfs = new Map<string, string>();
  for (const [service, { volumes }] of Object.entries(services)) {
    for (const name of Object.keys(volumes)) {
      if (!volumes[name].ephemeral && !onEfs.has(name)) onEfs.set(name, service);
    }
  }
  for (const [service, { volumes }] of Object.entries(services)) {
    for (const [name, { ephemeral }] of Object.entries(volumes)) {
      const other = onEfs.get(name);
      if (!ephemeral || other === undefined) continue;
      report({
        path: ["services", service, "volumes", name, "ephemeral"],
        allowed: `a name of its own: ${other} has a volume ${name} whose files outlive tasks`,
        fix: "call one of them otherwise",
        reads: [["services", other, "volumes", name]],
      });
    }
  }
}

function withoutUndefined(volume: Volume): Partial<Volume> {
  return Object.fromEntries(Object.entries(volume).filter(([, value]) => value !== undefined));
}

function checkShared(
  [service, name, volume]: [string, string, Volume],
  [other, shared]: [string, Volume],
  report: Report,
): void {
  for (const key of volumeKeys) {
    if (volume[key] === undefined || shared[key] === undefined || volume[key] === shared[key]) {
      continue;
    }
    report({
      path: ["services", service, "volumes", name, key],
      allowed: `${shared[key]}, as ${other} has it: services that name the same volume share it`,
      fix: `remove ${key} here, or call the volume otherwise where it is another one`,
      reads: [["services", other, "volumes", name, key]],
    });
  }
}

function checkOne(service: string, name: string, volume: Volume, report: Report): void {
  const path = ["services", service, "volumes", name];
  if (volume.accessPoint === undefined) return;
  if (volume.fileSystem === undefined || volume.fileSystem === "create") {
    report({
      path: [...path, "accessPoint"],
      allowed: "an access point of a file system that exists",
      fix: "name fileSystem: fs-..., or remove accessPoint",
      reads: [[...path, "fileSystem"]],
    });
  }
  for (const key of ["path", "uid", "gid"] as const) {
    if (volume[key] === undefined) continue;
    report({
      path: [...path, key],
      allowed: "nothing beside accessPoint, which has its own",
      fix: `remove ${key}, or accessPoint`,
    });
  }
}

function checkMountPaths(service: string, volumes: Volumes, report: Report): void {
  const taken = new Map<string, string>();
  for (const [name, { mountPath }] of Object.entries(volumes)) {
    if (mountPath === undefined) continue;
    const other = taken.get(mountPath);
    if (other === undefined) {
      taken.set(mountPath, name);
      continue;
    }
    report({
      path: ["services", service, "volumes", name, "mountPath"],
      allowed: `another folder than that of ${other}`,
      fix: "choose a folder of its own",
      reads: [["services", service, "volumes", other, "mountPath"]],
    });
  }
}
