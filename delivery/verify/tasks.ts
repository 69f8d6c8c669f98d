import { DescribeServicesCommand, type ECSClient, type Task } from "@aws-sdk/client-ecs";
import type { PrivateServiceConfig } from "../../stacks/config/types";
import type { Clock } from "../clock";
import { taskId } from "../explain/tasks";
import type { CheckedService } from "../releaseEvidence";
import { describeSeconds } from "../shell";
import type { Target } from "../target";
import { runningTasks } from "../tasks";
import { ask, questionText, type Answer, type Question } from "./question";

export interface AskingOptions {
  readonly ecs: ECSClient;
  readonly target: Pick<Target, "names">;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  /** Of one service. */
  readonly timeoutSeconds: number;
}

const pollMs = 5_000;
/** How often in a row ECS must say that a service shall run no task: what it answers may be old. */
const looks = 3;

/** The tasks of a service that run what it shall run now, and how many it shall have. */
interface Tasks {
  readonly definition: string;
  readonly desired: number;
  readonly running: readonly Task[];
}

/**
 * Asks each task that a private service's newest task definition runs, at its own address, until all have answered well or the
 * time is over. No name is looked up, and no task from before is asked.
 * @returns undefined where the service shall run no task.
 */
export async function verifyTasks(
  service: string,
  { port }: Pick<PrivateServiceConfig, "port">,
  question: Question,
  options: AskingOptions,
): Promise<CheckedService | undefined> {
  const { clock, progress, timeoutSeconds } = options;
  const began = clock.now().getTime();
  const secondsGone = () => Math.round((clock.now().getTime() - began) / 100) / 10;
  const answers = new Map<string, Answer>();
  progress(`${service}: ${questionText(question)} at port ${port} of its tasks`);
  for (let attempts = 1; ; attempts++) {
    const tasks = await tasksOf(options, service);
    if (tasks.desired === 0 && tasks.running.length === 0 && attempts >= looks) {
      progress(`${service}: UNPROVEN: it shall run no task (desired count 0), so none is asked`);
      return undefined;
    }
    await askAll(service, tasks, answers, (address) => ask(question, address, port), progress);
    const left = tasks.running.filter((task) => !answers.get(taskId(task))?.passed);
    const passed = tasks.running.length > 0 && left.length === 0;
    const seconds = secondsGone();
    if (!passed && seconds < timeoutSeconds) {
      await clock.sleep(Math.min(pollMs, (timeoutSeconds - seconds) * 1000));
      continue;
    }
    progress(`${service}: ${passed ? "passed" : "failed"} (${describeSeconds(seconds)})`);
    return { passed, attempts, seconds, output: outputOf(tasks, answers) };
  }
}

async function tasksOf({ ecs, target: { names } }: AskingOptions, service: string): Promise<Tasks> {
  const name = names.service(service);
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: names.cluster, services: [name] }),
  );
  const [{ taskDefinition = "", desiredCount = 0 } = {}] = services;
  const tasks = await runningTasks(ecs, names.cluster, name);
  return {
    definition: taskDefinition,
    desired: services.length === 0 ? 1 : desiredCount,
    running: tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn === taskDefinition),
  };
}

/** All at once; who has answered well is not asked again. Says what is new. */
async function askAll(
  service: string,
  { running }: Tasks,
  answers: Map<string, Answer>,
  question: (address: string) => Promise<Answer>,
  progress: (line: string) => void,
): Promise<void> {
  await Promise.all(
    running.map(async (task) => {
      const id = taskId(task);
      const before = answers.get(id);
      if (before?.passed) return;
      const address = addressOf(task);
      const answer = address
        ? await question(address)
        : { passed: false, text: "ECS tells no private address of it" };
      answers.set(id, answer);
      if (answer.text !== before?.text) progress(`${service}: task ${id}: ${answer.text}`);
    }),
  );
}

function addressOf({ attachments = [] }: Task): string | undefined {
  return attachments
    .flatMap(({ details = [] }) => details)
    .find(({ name }) => name === "privateIPv4Address")?.value;
}

function outputOf({ definition, running }: Tasks, answers: ReadonlyMap<string, Answer>): string[] {
  if (running.length === 0) return [`no task runs ${definition.split("/").at(-1)}`];
  return running.map((task) => `task ${taskId(task)}: ${answers.get(taskId(task))?.text}`);
}
