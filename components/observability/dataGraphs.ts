import type * as pulumi from "@pulumi/pulumi";
import type { WatchedCacheArgs, WatchedDatabaseArgs } from "./args";
import * as of from "./catalog";
import type { Metric } from "./metrics";
import { graph, line, type Unplaced } from "./widgets";

/** How a database is used, and how fast it is. */
export function databaseGraphs(
  name: string,
  database: WatchedDatabaseArgs,
  region: pulumi.Input<string>,
): Unplaced[] {
  const counted = of.databaseMetrics(database);
  const { acu, cpu, connections, freeStorage, readLatency, replicaLag, writeLatency } = counted;
  return [
    graph(`${name}: percent used`, region, [line("CPU", cpu), ...(acu ? [line("ACUs", acu)] : [])]),
    graph(`${name}: connections`, region, [line("connections", connections)]),
    graph(`${name}: seconds of the storage`, region, [
      line("reads", readLatency),
      line("writes", writeLatency),
    ]),
    ...(freeStorage ? [graph(`${name}: bytes free`, region, [line("free", freeStorage)])] : []),
    ...(replicaLag
      ? [graph(`${name}: milliseconds behind`, region, [line("standby", replicaLag)])]
      : []),
  ];
}

/** How a cache is used. */
export function cacheGraphs(
  name: string,
  { identifiers, maxGB }: WatchedCacheArgs,
  region: pulumi.Input<string>,
): Unplaced[] {
  if (maxGB !== undefined) {
    const { bytes, throttled, connections, evictions } = of.serverlessCacheMetrics(identifiers[0]);
    return [
      graph(`${name}: bytes`, region, [line("data", bytes)]),
      graph(`${name}: commands refused`, region, [line("throttled", throttled)]),
      graph(`${name}: connections`, region, [line("connections", connections)]),
      graph(`${name}: keys that went`, region, [line("evictions", evictions)]),
    ];
  }
  const nodes = identifiers.map(of.cacheNodeMetrics);
  const lines = (metric: (node: (typeof nodes)[number]) => Metric) =>
    nodes.map((node, index) => line(`node ${index + 1}`, metric(node)));
  return [
    graph(
      `${name}: CPU in percent`,
      region,
      lines(({ cpu }) => cpu),
    ),
    graph(
      `${name}: memory in percent`,
      region,
      lines(({ memory }) => memory),
    ),
    graph(
      `${name}: connections`,
      region,
      lines(({ connections }) => connections),
    ),
    graph(
      `${name}: keys that went`,
      region,
      lines(({ evictions }) => evictions),
    ),
  ];
}
