import { isDeepStrictEqual } from "node:util";
import { kernelCapabilities, keptCapabilities } from "../../stacks/config/capabilities";
import { lost, otherWay, type Outcome } from "../outcome";
import type { At, Table } from "../rules";
import { portOf } from "./port";

/** What a service drops of Docker's capabilities, and adds again: config names those that are kept. */
export const capabilitiesTable: Table = { "cap_add.**": entry, "cap_drop.**": entry };

function entry(at: At): Outcome | undefined {
  const { node, value, draft, service } = at;
  // Each entry of a list by itself.
  if (node.children?.size) return undefined;
  if (Array.isArray(value)) return otherWay("it is empty, and says nothing");
  const name = nameOf(value);
  const isKnown = name === "ALL" || kernelCapabilities.some((each) => each === name);
  if (!isKnown) {
    return node.path.includes("cap_drop")
      ? otherWay("no container has it")
      : lost("config adds none to the fourteen that Docker gives", "leave it out");
  }
  const { kept, forPort } = keptBy(at);
  if (isDeepStrictEqual(kept, keptCapabilities)) {
    return otherWay("capabilities says nothing: its default keeps just that");
  }
  const path = ["services", service, "capabilities"];
  // Each entry has its say: all are lost where config refuses what they come to.
  if (draft.has(path)) draft.extend(path, kept, node);
  else draft.set(path, kept, node);
  const port = forPort === undefined ? "" : `; NET_BIND_SERVICE for port ${forPort}`;
  return otherWay(`capabilities: [${kept.join(", ")}], which are kept${port}`);
}

/**
 * As Docker reads the two (oci/caps/utils.go of moby), but of Gantry's default where that has a say: an image loses there what
 * ordinary ones never use, and keeps what the file adds by name.
 */
function keptBy({ beside }: At) {
  const [add, drop] = ["cap_add", "cap_drop"].map((key) => namesOf(beside(key)));
  const begins = (name: string): boolean => {
    if (add.includes("ALL")) return !drop.includes(name);
    if (drop.includes("ALL")) return add.includes(name);
    const isDefault = keptCapabilities.some((each) => each === name) && !drop.includes(name);
    return isDefault || add.includes(name);
  };
  const port = firstPort(beside("ports") ?? beside("expose"));
  // Docker lets everybody listen there (net.ipv4.ip_unprivileged_port_start=0).
  const needed = port !== undefined && port < 1024 && !begins("NET_BIND_SERVICE");
  return {
    kept: kernelCapabilities.filter(
      (name) => begins(name) || (needed && name === "NET_BIND_SERVICE"),
    ),
    forPort: needed ? port : undefined,
  };
}

function namesOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((each) => nameOf(each) ?? []);
}

/** As Docker writes it: in capitals, without `CAP_`. */
function nameOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.toUpperCase().replace(/^CAP_/, "") : undefined;
}

function firstPort(value: unknown): number | undefined {
  return portOf(Array.isArray(value) ? (value as unknown[])[0] : undefined);
}
