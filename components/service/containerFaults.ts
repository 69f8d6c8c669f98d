import { appContainer } from "../../contract/containers";
import { isWhole, type Fault } from "../shared/validation";
import { capabilityFaults } from "./capabilities";
import type {
  ContainerDependencies,
  ContainerHealthCheckArgs,
  ContainerOrder,
  SidecarArgs,
} from "./containerArgs";
import { containerNameFaults } from "./containerNames";
import { completeSidecars, doubledKinds, portsOf, waitsForReadyMade } from "./readyMade";
import { secretFaults } from "./secretFaults";
import type { TaskArgs } from "./taskArgs";

/** Containers of a task, the service's own among them ("Amazon ECS service quotas"). */
const mostContainers = 10;

/** What a container is to those that wait for it. */
interface OrderedContainer {
  readonly essential: boolean;
  readonly healthCheck?: unknown;
  readonly dependsOn?: ContainerDependencies;
}

type Unpulled = Omit<SidecarArgs, "image" | "environment">;

/** What is looked at of a task and its containers. */
export interface ContainersArgs
  extends ContainerOrder, Pick<TaskArgs, "cpu" | "memoryMiB" | "capabilities"> {
  /** Of the service's own container. */
  readonly port?: number;
  readonly sidecars?: Readonly<Record<string, Unpulled>>;
}

/** What is wrong with the sidecars of a task, and with what its containers wait for. */
export function containerFaults(args: ContainersArgs): Fault[] {
  const { containerHealthCheck } = args;
  const sidecars = completeSidecars(args.sidecars ?? {});
  // Whatever names it means one of two.
  if (Object.hasOwn(sidecars, appContainer)) return countFaults([appContainer]);
  const dependsOn = { ...waitsForReadyMade(sidecars), ...args.dependsOn };
  const app = { essential: true, healthCheck: containerHealthCheck, dependsOn };
  const containers = new Map<string, OrderedContainer>([
    ...Object.entries(sidecars).map(
      ([name, sidecar]) => [name, { ...sidecar, essential: sidecar.essential ?? true }] as const,
    ),
    [appContainer, app],
  ]);
  const doubled = doubledKinds(sidecars);
  return [
    ...countFaults(Object.keys(sidecars)),
    ...capabilityFaults("", args),
    ...containerNameFaults(sidecars),
    ...Object.entries(sidecars).flatMap(([name, sidecar]) => sidecarFaults(name, sidecar)),
    ...(doubled.length > 0 ? doubled : portFaults(sidecars, args.port)),
    ...sizeFaults(args, sidecars),
    ...dependencyFaults(containers),
    ...healthCheckFaults("containerHealthCheck", containerHealthCheck),
  ];
}

function countFaults(names: readonly string[]): Fault[] {
  if (names.includes(appContainer)) {
    return [
      {
        path: `sidecars.${appContainer}`,
        given: "a container of this name",
        allowed: `any other name: ${appContainer} is the service's own container`,
        fix: "rename it",
      },
    ];
  }
  if (names.length < mostContainers) return [];
  return [
    {
      path: "sidecars",
      given: names.length,
      allowed: `at most ${mostContainers - 1}, since a task has no more than ${mostContainers} containers`,
      fix: "make some of them services of their own",
    },
  ];
}

function sidecarFaults(name: string, sidecar: Unpulled): Fault[] {
  const { port, secrets = {}, healthCheck } = sidecar;
  const path = `sidecars.${name}`;
  return [
    ...capabilityFaults(`${path}.`, sidecar),
    ...(port === undefined || isWhole(port, 1, 65535)
      ? []
      : [
          {
            path: `${path}.port`,
            given: port,
            allowed: "1 to 65535",
            fix: "name the port that the container listens on",
          },
        ]),
    ...secretFaults(`${path}.secrets`, secrets),
    ...healthCheckFaults(`${path}.healthCheck`, healthCheck),
  ];
}

/** The containers of a task are one host to one another: a port is one container's. */
function portFaults(
  sidecars: Readonly<Record<string, Pick<SidecarArgs, "port" | "kind">>>,
  appPort: number | undefined,
): Fault[] {
  const taken = new Map<number, string>(appPort === undefined ? [] : [[appPort, appContainer]]);
  return Object.entries(sidecars).flatMap(([name, sidecar]) =>
    portsOf(sidecar).flatMap((port) => {
      const other = taken.get(port);
      taken.set(port, other ?? name);
      if (other === undefined) return [];
      return [
        {
          path: `sidecars.${name}.port`,
          given: port,
          allowed: `any port but ${port}, on which ${other} listens in the same task`,
          fix: "let one of the two listen on another port",
        },
      ];
    }),
  );
}

/** What the sidecars have for themselves must leave the service something. */
function sizeFaults(
  { cpu = 256, memoryMiB = 512 }: Pick<TaskArgs, "cpu" | "memoryMiB">,
  sidecars: Readonly<Record<string, Pick<SidecarArgs, "cpu" | "memoryMiB">>>,
): Fault[] {
  return (["cpu", "memoryMiB"] as const).flatMap((key) => {
    const whole = { cpu, memoryMiB }[key];
    const sum = Object.values(sidecars).reduce((total, sidecar) => total + (sidecar[key] ?? 0), 0);
    return sum < whole
      ? []
      : [
          {
            path: `sidecars.*.${key}`,
            given: sum,
            allowed: `less than ${whole} in all, which is ${key} of the task: the service's own container needs some`,
            fix: `raise ${key}, or give the sidecars less`,
          },
        ];
  });
}

/** What is wrong with what containers wait for, by the paths of a task's arguments. */
function dependencyFaults(containers: ReadonlyMap<string, OrderedContainer>): Fault[] {
  const faults = [...containers].flatMap(([name, { dependsOn = {} }]) =>
    Object.entries(dependsOn).flatMap(([other, condition]): Fault[] => {
      const path = `${name === appContainer ? "" : `sidecars.${name}.`}dependsOn.${other}`;
      const target = containers.get(other);
      if (target === undefined || other === name) {
        const others = [...containers.keys()].filter((each) => each !== name);
        return [
          {
            path,
            given: other,
            allowed: others.join(", ") || "nothing: the task has no other container",
            fix: "name another container of the task",
          },
        ];
      }
      if (condition === "healthy" && target.healthCheck === undefined) {
        const allowed = `started, or a health check of ${other}, which has none`;
        return [{ path, given: condition, allowed, fix: `give ${other} one, or wait for started` }];
      }
      if ((condition === "complete" || condition === "success") && target.essential) {
        return [
          {
            path,
            given: condition,
            allowed: `started or healthy of ${other}, which is essential: the task ends with it`,
            fix: other === appContainer ? "wait for started" : `set essential: false of ${other}`,
          },
        ];
      }
      return [];
    }),
  );
  const cycle = faults.length === 0 ? cycleOf(containers) : undefined;
  if (cycle === undefined) return faults;
  const [first, second] = cycle;
  return [
    {
      path: `${first === appContainer ? "" : `sidecars.${first}.`}dependsOn.${second}`,
      given: cycle.join(" waits for "),
      allowed: "an order in which some container starts first",
      fix: "remove one of them",
    },
  ];
}

/** Names of containers that wait for one another, the first also at the end. */
function cycleOf(containers: ReadonlyMap<string, OrderedContainer>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): string[] | undefined => {
    const start = above.indexOf(name);
    if (start >= 0) return [...above.slice(start), name];
    if (done.has(name)) return undefined;
    for (const other of Object.keys(containers.get(name)?.dependsOn ?? {})) {
      const found = visit(other, [...above, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of containers.keys()) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
}

const bounds = [
  ["intervalSeconds", 5, 300],
  ["timeoutSeconds", 2, 60],
  ["retries", 1, 10],
  ["startPeriodSeconds", 0, 300],
] as const;

function healthCheckFaults(path: string, check: ContainerHealthCheckArgs | undefined): Fault[] {
  if (check === undefined) return [];
  const isEmpty = check.command.length === 0;
  return [
    ...(isEmpty
      ? [
          {
            path: `${path}.command`,
            given: check.command,
            allowed: "a command",
            fix: "name what ends with 0 where the container is healthy",
          },
        ]
      : []),
    ...bounds.flatMap(([key, least, most]) => {
      const given = check[key];
      return given === undefined || isWhole(given, least, most)
        ? []
        : [
            {
              path: `${path}.${key}`,
              given,
              allowed: `a whole number from ${least} to ${most}`,
              fix: "choose one of these",
            },
          ];
    }),
  ];
}

/** The container that takes the requests must be one that does, as long as the task runs. */
export function routeFaults(
  container: string | undefined,
  sidecars: Readonly<Record<string, Pick<SidecarArgs, "port" | "essential">>> = {},
): Fault[] {
  const takes = Object.keys(sidecars).filter(
    (name) => sidecars[name].port !== undefined && (sidecars[name].essential ?? true),
  );
  if (container === undefined || takes.includes(container)) return [];
  return [
    {
      path: "route.container",
      given: container,
      allowed: takes.join(" or ") || "a sidecar that is essential and has a port; there is none",
      fix: "name one, or remove it: the service's own container takes the requests then",
    },
  ];
}
