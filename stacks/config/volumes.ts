import { z } from "zod";
import { allowedAccessPath, isAccessPath } from "../../components/fileSystem/validate";
import {
  allowedMountPath,
  allowedVolumeName,
  isMountPath,
  isVolumeName,
  mostVolumeName,
} from "../../components/service/volumes";
import { isRecord } from "../../contract/record";
import { flag, section, text, wholeNumber } from "./fields";
import { nearest } from "./nearest";
import { either } from "./own";

/** Whether a volume can be called so, and mounted there, for those that write config. */
export { isMountPath, isVolumeName, mostVolumeName };

/**
 * Folders by the name of the volume: files that outlive a service's tasks, which services that name the same one share; ephemeral
 * ones are each task's own.
 */
export function volumesSchema() {
  return z
    .record(z.string(), either(isEphemeral, ephemeralSchema(), volumeSchema()), {
      error: "{ uploads: { mountPath: /srv/uploads } }",
    })
    .superRefine((given, context) => {
      for (const name of Object.keys(given).filter((each) => !isVolumeName(each))) {
        context.addIssue({
          ...{ code: "custom", path: [name], message: allowedVolumeName },
          params: { fix: "call it as uploads" },
        });
      }
    });
}

/** Where another container of the task finds volumes of its service. */
export function mountsSchema() {
  return z.record(z.string(), section(mountKeys(), ofService), {
    error: "{ uploads: { mountPath: /srv/uploads } }",
  });
}

function mountKeys() {
  return {
    /** Where the container finds it. */
    mountPath: text(allowedMountPath, (given) =>
      isMountPath(given) ? undefined : "write it as /srv/uploads",
    ),
    /** Whether it may not write. Default: it may. */
    readOnly: flag().default(false),
  };
}

function isEphemeral(given: unknown): boolean {
  return isRecord(given) && given.ephemeral === true;
}

function ephemeralSchema() {
  const { mountPath, readOnly } = mountKeys();
  const elsewhere = Object.fromEntries(volumeKeys.map((key) => [key, "ephemeral: false"]));
  return section(
    {
      ephemeral: z.literal(true),
      /** Where the service's own container finds it. Default: sidecars alone mount it. */
      mountPath: mountPath.optional(),
      readOnly,
    },
    elsewhere,
  );
}

function volumeSchema() {
  return section({
    ...mountKeys(),
    /** Whether it is a folder that the containers of each task share, and that ends with it. Default: files on EFS. */
    ephemeral: flag()
      .transform(() => false as const)
      .optional(),
    /** `create` makes a file system; or one that exists, as fs-0a1b2c3d4e5f60718. Default: `create`. */
    fileSystem: text("create, or an id such as fs-0a1b2c3d4e5f60718", fileSystemFault).optional(),
    /** An access point of it that exists. Default: one is made. */
    accessPoint: text(
      "an id such as fsap-0a1b2c3d4e5f60718",
      /^fsap-[0-9a-f]{8,40}$/,
      "write the id that the EFS console shows, fsap- and 17 hexadecimal digits",
    ).optional(),
    /** The folder in the file system. Default: a slash and the volume's name. */
    path: text(allowedAccessPath, (given) =>
      isAccessPath(given) ? undefined : "write it as /uploads",
    ).optional(),
    /** The user that whoever mounts it counts as. Default: 1000. */
    uid: wholeNumber(0, mostId).optional(),
    /** The group of the same. Default: 1000. */
    gid: wholeNumber(0, mostId).optional(),
  });
}

/** The largest id of a user or group that EFS takes. */
const mostId = 4_294_967_295;

function fileSystemFault(given: string): string | undefined {
  if (given === "create" || /^fs-[0-9a-f]{8,40}$/.test(given)) return undefined;
  return nearest(given, ["create"])
    ? "write create"
    : "write create, or the id that the EFS console shows, fs- and 17 hexadecimal digits";
}

type GivenVolume = z.output<ReturnType<typeof volumeSchema>>;
type GivenVolumes = z.output<ReturnType<typeof volumesSchema>>;

/** What makes a volume, whoever mounts it. */
export const volumeKeys = ["fileSystem", "accessPoint", "path", "uid", "gid"] as const;

const ofService = Object.fromEntries(
  [...volumeKeys, "ephemeral"].map((key) => [key, "it in the service's volumes"]),
);

export type SharedVolume = Pick<GivenVolume, (typeof volumeKeys)[number]>;

/** Every volume on EFS of an environment, with what any of its services says of it: they agree. */
export function volumesOf(
  services: Readonly<Record<string, { readonly volumes: GivenVolumes }>>,
): Record<string, SharedVolume> {
  const all: Record<string, SharedVolume> = {};
  for (const { volumes } of Object.values(services)) {
    for (const [name, volume] of Object.entries(volumes)) {
      if (volume.ephemeral) continue;
      const said = volumeKeys.flatMap((key) =>
        volume[key] === undefined ? [] : [[key, volume[key]] as const],
      );
      all[name] = { ...all[name], ...Object.fromEntries(said) };
    }
  }
  return all;
}
