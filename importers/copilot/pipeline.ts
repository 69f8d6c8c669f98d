import type { Draft } from "../draft";
import { stacks, type Chosen, type Stack } from "../environments";
import { lost, otherWay, same, type Outcome } from "../outcome";
import { isLost, isOtherWay, type At, type Rule, type Table } from "../rules";
import { below, type SourceNode } from "../source";
import { top } from "./environment";
import { sourceOf, type Source } from "./pipelineSource";

/** What a pipeline does for a stack. */
export interface PipelineUse {
  /** The stack's environment, whose stage it is. */
  readonly environment: string | undefined;
  /** It deploys the branch itself, gets what another stack's pipeline has verified, or does nothing for it. */
  readonly part: "source" | "promoted" | "none";
  /** The stack that gets what is verified in this one. */
  readonly promotesTo: Stack | undefined;
  /** The stack whose pipeline it is. */
  readonly stack: Stack | undefined;
  /** Where its commits come from; else why config cannot say it. */
  readonly source: Source | Outcome;
}

/**
 * What each pipeline does for a stack. Only the first one that has the stack's environment counts: a stack has one. Where
 * it has staging's environment too, production gets what staging has verified, in whatever order the stages stand.
 * @param connectionArn of the connection to GitHub, which no manifest has.
 */
export function useOf(
  pipelines: readonly SourceNode[],
  stack: Stack,
  chosen: Chosen,
  connectionArn: string | undefined,
): (pipeline: SourceNode) => PipelineUse {
  const pipelineOf = (wanted: Stack) => {
    const environment = chosen[wanted];
    return pipelines.find(
      (each) => environment !== undefined && stageNames(each).includes(environment),
    );
  };
  const own = pipelineOf(stack);
  const isShared = own !== undefined && pipelineOf("staging") === pipelineOf("production");
  return (pipeline) => {
    const isOwn = pipeline === own;
    const isPromoted = isShared && stack === "production";
    return {
      environment: chosen[stack],
      part: !isOwn ? "none" : isPromoted ? "promoted" : "source",
      promotesTo: isOwn && isShared && stack === "staging" ? "production" : undefined,
      stack: stacks.find((each) => pipelineOf(each) === pipeline),
      source: sourceOf(pipeline, connectionArn),
    };
  };
}

/** The fields of a pipeline's manifest. */
export function pipelineTable(pipeline: SourceNode, use: PipelineUse): Table {
  const written = (key: "type" | "repository" | "branch") =>
    ofSource(use, ({ draft, node }, known) => {
      draft.set(["pipeline", "source", key], known[key], node);
      return same(`pipeline.source.${key}`);
    });
  return {
    name: isOtherWay("pipelines are named after product and stack"),
    version: isOtherWay("the format's version: it says nothing else"),
    "source.provider": written("type"),
    "source.properties.repository": written("repository"),
    "source.properties.branch": written("branch"),
    "source.properties.connection_name": ofSource(use, () =>
      otherWay("pipeline.source.connectionArn, as --connection-arn says it"),
    ),
    "source.properties.access_token_secret": isLost(
      "GitHub is reached by a connection",
      "make one, and delete the token",
    ),
    "source.properties.output_artifact_format": isLost(
      "commits arrive as archives",
      "nothing, unless a build reads git's history",
    ),
    "build.image": isLost(
      "builds run in AWS's standard image",
      "set gantry:pipeline.builder.tag for one of your own",
    ),
    "build.buildspec": isOtherWay(
      "Gantry builds every service's image itself; a service's test is its test key",
    ),
    "build.additional_policy.**": isLost(
      "a build may do what Gantry's does",
      "do it outside of the build",
    ),
    "stages.*.name": isOtherWay("a pipeline for each stack: staging promotes to production"),
    "stages.*.requires_approval": approval(pipeline, use),
    "stages.*.test_commands.**": isLost(
      "verification belongs to a service",
      "set verify of the service",
    ),
    "stages.*.pre_deployments.**": isLost(
      "nothing of your own runs before a deployment but a releaseCommand",
      "set releaseCommand of a service",
    ),
    "stages.*.post_deployments.**": isLost(
      "nothing of your own runs after a deployment but verification",
      "set verify of a service",
    ),
    "stages.*.deployments.**": isLost(
      "all services are deployed at once, in no order",
      "make them bear any order",
    ),
  };
}

/** Says what no field of the manifest does, once all of them are read. */
export function completePipeline(draft: Draft, { part, source, promotesTo }: PipelineUse): void {
  if (part === "none" || "became" in source) return;
  const set = (path: readonly string[], value: unknown) => {
    if (!draft.has(["pipeline", ...path])) draft.set(["pipeline", ...path], value, undefined);
  };
  // Production has nothing but this to say that it has a pipeline.
  if (part === "promoted") return set([], {});
  // Its default asks a person, which config takes of what is promoted alone.
  if (draft.stack === "production") set(["approval"], false);
  if (source.connectionArn !== undefined) set(["source", "connectionArn"], source.connectionArn);
  if (promotesTo !== undefined) set(["promoteTo", "stack"], promotesTo);
}

/** A source is written whole or not at all: config refuses one that lacks a part. */
function ofSource(use: PipelineUse, rule: (at: At, source: Source) => Outcome): Rule {
  const { part, source, stack } = use;
  return (at) => {
    if (part === "none") return stack ? otherWay(`${stack} has it`) : noPipeline;
    if ("became" in source) return source;
    if (part === "source") return rule(at, source);
    return otherWay("staging's pipeline has the source, and promotes what it has verified");
  };
}

const noPipeline = lost(
  "no stack is made of its stages' environments, or another pipeline has them already",
  "make a stack of its environment, with gantry:kind, and set gantry:pipeline there",
);

/** What a person approves is the stage; Gantry asks before what is promoted. */
function approval(pipeline: SourceNode, use: PipelineUse): Rule {
  return (at) => {
    const stage = below(pipeline, "stages", at.names[0]);
    if (below(stage, "name")?.value !== use.environment) return otherWay("of another stage");
    if (use.part === "promoted" && !("became" in use.source)) {
      return top(at, ["pipeline", "approval"], at.value === true || at.value === "true");
    }
    if (use.part !== "source" || at.value !== true) {
      return otherWay("nobody is asked before what a stack's own source brings");
    }
    return lost(
      "a stack with a source asks nobody before it deploys",
      "promote into it from another stack, where gantry:pipeline.approval is",
    );
  };
}

function stageNames(pipeline: SourceNode): unknown[] {
  const stages = below(pipeline, "stages")?.children?.values() ?? [];
  return [...stages].map((stage) => below(stage, "name")?.value);
}
