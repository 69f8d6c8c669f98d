import { containerFaults, routeFaults } from "../../../components/service/containerFaults";
import { ephemeralFaults } from "../../../components/service/ephemeralVolumes";
import { nestedMountFaults } from "../../../components/service/nestedMounts";
import { optionFaults } from "../../../components/service/readyMade";
import { sidecarMountFaults } from "../../../components/service/sidecarMounts";
import type { Fault } from "../../../components/shared/validation";
import type { Check } from "../checks";
import { containerCheck } from "../containerCheck";
import type { Path } from "../path";
import { nameFaults } from "../properNames";
import type { ServiceConfig } from "../types";
import { checkVariableNames } from "./variableNames";

/** What the containers of a service's tasks must be to one another. */
export const checkContainers: Check = ({ services }, report) => {
  for (const [name, service] of Object.entries(services)) {
    const at = (...rest: Path): Path => ["services", name, ...rest];
    for (const [sidecar, { environment, secrets }] of Object.entries(service.sidecars)) {
      const path = at("sidecars", sidecar);
      checkVariableNames({ environment, secrets }, (...rest) => [...path, ...rest], report);
    }
    for (const { name: sidecar, ...fault } of nameFaults(
      Object.keys(service.sidecars),
      "nginx or similar",
    )) {
      report({ path: at("sidecars", sidecar), ...fault });
    }
    for (const { path, given, allowed, fix, whole } of faultsOf(service)) {
      report({
        // The sum is of all sidecars, and stands nowhere.
        path: at(...partsOf(path.replace(/\.\*.*$/, ""))),
        given: typeof given === "string" ? given : JSON.stringify(given),
        ...{ allowed, fix, whole },
      });
    }
  }
};

function partsOf(path: string): Path {
  return path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function faultsOf(service: ServiceConfig): (Fault & { readonly whole?: boolean })[] {
  const { sidecars, dependsOn, cpu, memoryMiB, volumes, capabilities } = service;
  const isWeb = service.kind === "web";
  const port = isWeb || service.kind === "private" ? service.port : undefined;
  const check = containerCheck(service);
  return [
    ...containerFaults({
      ...{ cpu, memoryMiB, dependsOn, port, capabilities, containerHealthCheck: check },
      // References were read one by one.
      sidecars: Object.fromEntries(
        Object.entries(sidecars).map(([name, sidecar]) => [name, { ...sidecar, secrets: {} }]),
      ),
    }).map((fault) => ({
      ...fault,
      path: fault.path.replace(/^containerHealthCheck/, "healthCheck"),
    })),
    ...optionFaults(sidecars),
    ...nestedMountFaults(volumes, service.writablePaths),
    ...sidecarMountFaults(sidecars, volumes, memoryMiB),
    // What it says is of the whole volume, of which a part may be faulty.
    ...ephemeralFaults(volumes, sidecars).map((fault) => ({ ...fault, whole: true })),
    ...(isWeb ? routeFaults(service.route.container, sidecars) : []),
  ];
}
