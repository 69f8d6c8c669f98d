import type { Fault } from "../shared/validation";

/**
 * What a container has of root's powers unless something is dropped: Docker's own list, beyond which Fargate gives none but `SYS_PTRACE`
 * ("Runtime privilege and Linux capabilities", Docker; "KernelCapabilities", ECS API reference).
 */
export const kernelCapabilities = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
] as const;

export type KernelCapability = (typeof kernelCapabilities)[number];

/**
 * What programs need that begin as root, make folders theirs and go on as another user, as the entry points of many images do. It is what
 * CRI-O gives (`default_capabilities`; internal/config/capabilities/capabilities_linux.go of cri-o), under which ordinary images run on Kubernetes.
 */
export const keptCapabilities: readonly KernelCapability[] = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "NET_BIND_SERVICE",
  "SETGID",
  "SETPCAP",
  "SETUID",
];

/** `linuxParameters.capabilities` of a container definition: Fargate adds none, so that what is kept is all that is not dropped. */
export function droppedCapabilities(kept: readonly KernelCapability[] = keptCapabilities) {
  const drop = kernelCapabilities.filter((name) => !kept.includes(name));
  if (drop.length === 0) return {};
  return { capabilities: { drop: kept.length === 0 ? ["ALL"] : drop } };
}

/** Ports below this one are open to root alone, unless a kernel says otherwise (`net.ipv4.ip_unprivileged_port_start`). */
export const firstUnprivilegedPort = 1024;

/**
 * What is wrong with what a container keeps.
 * @param prefix of the paths: `sidecars.nginx.`, or nothing.
 */
export function capabilityFaults(
  prefix: string,
  {
    capabilities,
    port,
  }: { readonly capabilities?: readonly KernelCapability[]; readonly port?: number },
): Fault[] {
  if (capabilities === undefined) return [];
  const path = `${prefix}capabilities`;
  const twice = capabilities.find((name, index) => capabilities.indexOf(name) !== index);
  if (twice !== undefined) {
    return [{ path, given: twice, allowed: "each once", fix: `remove one ${twice}` }];
  }
  if (port === undefined || port >= firstUnprivilegedPort) return [];
  if (capabilities.includes("NET_BIND_SERVICE")) return [];
  return [
    {
      path,
      given: `none that opens port ${port}`,
      allowed: `NET_BIND_SERVICE among them, with a port below ${firstUnprivilegedPort}`,
      fix: "add NET_BIND_SERVICE, or listen on a port of 1024 or above",
    },
  ];
}
