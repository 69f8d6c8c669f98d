import type { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import type { Pipeline } from "../../../operations/pipeline/pipeline";

type Answered = object | Error;

/** A pipeline that answers each call, by the name of its command, as a test says. */
export function fakePipeline(
  answers: Readonly<Record<string, Answered | ((input: object) => Answered)>>,
): Pipeline & { readonly calls: readonly (readonly [string, object])[] } {
  const calls: [string, object][] = [];
  const send = async (command: { readonly input: object }) => {
    const call = command.constructor.name.replace(/Command$/, "");
    calls.push([call, command.input]);
    if (!Object.hasOwn(answers, call)) throw new Error(`nobody taught this test ${call}`);
    const taught = answers[call];
    const answer =
      typeof taught === "function"
        ? (taught as (input: object) => Answered)(command.input)
        : taught;
    if (answer instanceof Error) throw answer;
    return Promise.resolve(answer);
  };
  const codepipeline = { send } as unknown as Pick<CodePipelineClient, "send">;
  return {
    ...{ codepipeline, calls },
    ...{ name: "shop--production", stack: "production", region: "eu-west-1" },
  };
}
