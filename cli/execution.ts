import { variables } from "../contract/variables";
import type { Clients } from "../delivery/clients";
import type { PipelineExecution } from "../delivery/pipelineExecution";

/** The execution of the pipeline that a command is a part of; undefined where a person runs it. */
export function pipelineExecution(
  pipeline: string | undefined,
  clients: Pick<Clients, "codepipeline">,
  env: NodeJS.ProcessEnv = process.env,
): PipelineExecution | undefined {
  const id = env[variables.execution];
  return pipeline && id ? { pipeline, id, codepipeline: clients.codepipeline } : undefined;
}
