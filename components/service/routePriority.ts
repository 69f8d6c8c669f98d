import { createHash } from "node:crypto";

/** What a listener rule matches. An empty list matches everything. */
export interface RoutePatterns {
  readonly paths?: readonly string[];
  readonly hosts?: readonly string[];
}

/** A listener rule's priority is 1 to 50000, and no two rules of a listener may share one. */
export const lastPriority = 50_000;

/**
 * The priority of the rule that attaches a target group, by that of the rule that leads to it: mirrored, so that it is
 * another one for each route, and far from the low numbers that people set by hand.
 */
export function attachPriority(priority: number): number {
  return lastPriority + 1 - priority;
}

/*
 * Hosts decide first: a literal host, then a host with a wildcard (eight ranks, by how much of it is
 * literal), then any host. Each has a stretch of the priorities.
 */
const literalHost = { first: 1, size: 18_000 };
const wildcardHosts = { first: 18_001, size: 1_500, ranks: 8 };
const anyHost = { first: 30_001, size: 20_000 };

/** ALB's limit of a path pattern, in characters. */
const longestPattern = 128;
const bestScore = 2 * longestPattern + 1;

/**
 * The priority of a route, computed from the route alone: another service that comes or goes never
 * renumbers it. What matches less comes first: a literal host before a wildcard before none, then
 * the longer literal path. A route of several patterns counts as its broadest. Routes that are
 * equally specific are spread by a hash; two that still meet need a `priority` set by hand.
 */
export function routePriority(route: RoutePatterns): number {
  const paths = someOr(route.paths, "/*");
  const hosts = hostsOf(route);
  const { first, size } = hostStretch(hosts);
  const { start, width } = pathBand(Math.min(...paths.map(pathScore)), size);
  return first + start + (hash([[...hosts].sort(), [...paths].sort()]) % width);
}

/**
 * The priority of the rule that leads test requests of a route to its new tasks, before the route's own: in the place of a
 * route that is more specific by the least, so that those which are more specific yet answer first, as they do in production.
 * Two of them meet seldom where the routes' own do not.
 * @param given the route's own, where it was set by hand; then the one before.
 * @returns 0 where there is none before it.
 */
export function testPriority(route: RoutePatterns, given?: number): number {
  if (given !== undefined) return given - 1;
  const { first, size } = hostStretch(hostsOf(route));
  const score = Math.min(...someOr(route.paths, "/*").map(pathScore));
  const own = pathBand(score, size);
  const before = pathBand(Math.min(score + 1, bestScore), size);
  const place = routePriority(route) - first - own.start;
  const found = first + before.start + Math.floor((place * before.width) / own.width);
  return Math.min(found, routePriority(route) - 1);
}

/** How little a path pattern matches: a pattern that is part of another has a higher score. */
export function pathScore(pattern: string): number {
  const stars = pattern.split("*").length - 1;
  const questions = pattern.split("?").length - 1;
  const literals = pattern.length - stars - questions;
  return Math.min(2 * literals + questions + (stars === 0 ? 1 : 0), bestScore);
}

function hostStretch(hosts: readonly string[]): { first: number; size: number } {
  const broadest = Math.min(...hosts.map(hostRank));
  if (broadest === 0) return anyHost;
  if (broadest > wildcardHosts.ranks) return literalHost;
  const before = wildcardHosts.ranks - broadest;
  return { first: wildcardHosts.first + before * wildcardHosts.size, size: wildcardHosts.size };
}

/** 0 for any host, 1 to 8 for a wildcard, 9 for a literal host. */
function hostRank(host: string): number {
  if (host === "*") return 0;
  if (!/[*?]/.test(host)) return wildcardHosts.ranks + 1;
  const labels = host.split(".");
  const literal = labels.filter((label) => !/[*?]/.test(label)).length;
  const partly = labels.some((label) => /[*?]/.test(label) && /[^*?]/.test(label));
  return Math.min(Math.max(2 * literal + (partly ? 1 : 0), 1), wildcardHosts.ranks);
}

/**
 * The part of a stretch that belongs to a score. Short paths are the common ones, so they get the
 * wide bands, where equally specific routes seldom meet: a score's share falls with the score.
 */
function pathBand(score: number, size: number): { start: number; width: number } {
  const start = Math.floor(size * sharesAbove[score]);
  const end = Math.floor(size * (score === 0 ? 1 : sharesAbove[score - 1]));
  return { start, width: end - start };
}

/** For each score, the share of a stretch that more specific scores take. */
const sharesAbove = (() => {
  const shares = Array.from({ length: bestScore + 1 }, (_, score) => 1 / (score + 16));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const above: number[] = [];
  let sum = 0;
  for (let score = bestScore; score >= 0; score--) {
    above[score] = sum / total;
    sum += shares[score];
  }
  return above;
})();

function hostsOf({ hosts }: RoutePatterns): string[] {
  return someOr(hosts, "*").map((host) => host.toLowerCase());
}

function someOr(given: readonly string[] | undefined, everything: string): readonly string[] {
  return given === undefined || given.length === 0 ? [everything] : given;
}

function hash(value: unknown): number {
  return createHash("sha256").update(JSON.stringify(value)).digest().readUIntBE(0, 6);
}
