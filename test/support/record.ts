import * as pulumi from "@pulumi/pulumi";
import { makeStackTracesCheap } from "../../stacks/stackTraces";
import { answerCall, createdState, type Answers } from "./aws";

makeStackTracesCheap();

/** A resource as the program registered it. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** As handed to the provider; JSON texts stay texts. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: {
    readonly parent: string;
    readonly protect: boolean;
    readonly ignoreChanges: readonly string[];
    readonly deleteBeforeReplace: boolean;
    readonly dependencies: readonly string[];
    /** URNs of the resources whose outputs a property is made of, by property. */
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
    /** Said by the resource, or by whose part it is: the engine has children inherit it. */
    readonly retainOnDelete: boolean;
    /** Names of former URNs that it takes over. */
    readonly aliases: readonly string[];
    /** Moments at which the program is called: `beforeUpdate`. */
    readonly hooks: readonly string[];
  };
}

export interface RecordingOptions {
  readonly stack?: string;
  readonly project?: string;
  /** Whether outputs that only AWS knows are unknown, as in `pulumi preview`. */
  readonly preview?: boolean;
  /** What invokes answer, by token; they override and extend the taught ones. */
  readonly calls?: Answers;
}

export interface Recording<T> {
  readonly value: T;
  readonly resources: readonly RecordedResource[];
  readonly calls: readonly { readonly token: string; readonly inputs: unknown }[];
  /** Every resource of a type: `aws:ecs/service:Service`. */
  readonly all: (type: string) => RecordedResource[];
  /** The one resource of a type, by logical name where there are several. */
  readonly one: (type: string, name?: string) => RecordedResource;
}

/** The part of a RegisterResourceRequest that the SDK's mocks do not hand on. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean;
  getIgnorechangesList(): string[];
  getDeletebeforereplace(): boolean;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): {
    forEach(take: (from: { getUrnsList(): string[] }, property: string) => void): void;
  };
  getRetainondelete(): boolean;
  hasRetainondelete(): boolean;
  getAliasesList(): { getSpec(): { getName(): string } | undefined }[];
  getHooks(): { toObject(): Readonly<Record<string, string[]>> } | undefined;
}

interface MockMonitor {
  registerResourceHook(request: unknown, callback: (...answer: unknown[]) => void): void;
  registerResource(request: RegisterRequest, callback: (...answer: unknown[]) => void): unknown;
}

function hooksOf(request: RegisterRequest): string[] {
  return Object.entries(request.getHooks()?.toObject() ?? {}).flatMap(([key, names]) =>
    names.length > 0 ? [key.replace(/List$/, "")] : [],
  );
}

function propertyDependenciesOf(request: RegisterRequest): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((from, property) => {
    if (from.getUrnsList().length > 0) found[property] = from.getUrnsList();
  });
  return found;
}

/**
 * Runs a program against recording mocks and waits for all that it registers.
 * Everything that it awaits or throws comes through; an invoke that nobody taught the mocks fails it.
 */
export async function record<T>(
  program: () => T | Promise<T>,
  options: RecordingOptions = {},
): Promise<Recording<T>> {
  const { project = "gantry", stack = "staging", preview = false } = options;
  const resources: RecordedResource[] = [];
  const calls: { token: string; inputs: unknown }[] = [];
  const inputsOf = new Map<string, Record<string, unknown>>();
  const retained = new Set<string>();
  const unanswered = new Failure();
  const mocks: pulumi.runtime.Mocks = {
    newResource: (args) => {
      const inputs = args.inputs as Record<string, unknown>;
      inputsOf.set(`${args.type} ${args.name}`, inputs);
      const { id, state } = createdState(args.type, args.name, inputs);
      return preview ? { id: "", state: inputs } : { id, state };
    },
    call: ({ token, inputs }) => {
      calls.push({ token, inputs });
      try {
        return answerCall(token, inputs as Record<string, unknown>, options.calls ?? {});
      } catch (error) {
        unanswered.report(error);
        throw error;
      }
    },
  };
  await pulumi.runtime.setMocks(mocks, project, stack, preview);
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  // The SDK's own mocks know no hooks.
  monitor.registerResourceHook = (_request, callback) => callback(null, {});
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) {
        const type = request.getType();
        const name = request.getName();
        const urn = (response as { getUrn(): string }).getUrn();
        const retainOnDelete = request.hasRetainondelete()
          ? request.getRetainondelete()
          : retained.has(request.getParent());
        if (retainOnDelete) retained.add(urn);
        resources.push({
          urn,
          type,
          name,
          inputs: inputsOf.get(`${type} ${name}`) ?? {},
          options: {
            parent: request.getParent(),
            protect: request.getProtect(),
            ignoreChanges: request.getIgnorechangesList(),
            deleteBeforeReplace: request.getDeletebeforereplace(),
            dependencies: request.getDependenciesList(),
            propertyDependencies: propertyDependenciesOf(request),
            retainOnDelete,
            aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getName() ?? ""),
            hooks: hooksOf(request),
          },
        });
      }
      callback(error, response);
    });
  try {
    const value = await unanswered.orElse((async () => program())());
    await unanswered.orElse(pulumi.runtime.disconnect());
    return { value, resources, calls, ...finders(resources) };
  } catch (error) {
    await unanswered.orElse(pulumi.runtime.disconnect()).catch(() => undefined);
    // Forgets what still waits: Pulumi would report it when the tests end.
    await pulumi.runtime.setMocks(mocks, project, stack);
    throw error;
  }
}

/** An invoke that fails. What waits for its answer waits for ever: Pulumi itself would end the process. */
class Failure {
  private readonly reported: Promise<never>;
  report!: (error: unknown) => void;

  constructor() {
    this.reported = new Promise((_, reject) => {
      this.report = reject;
    });
    // A recording that ends without asking is no unhandled rejection.
    this.reported.catch(() => undefined);
  }

  orElse<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.reported]);
  }
}

function finders(resources: readonly RecordedResource[]) {
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  const one = (type: string, name?: string) => {
    const found = all(type).filter((resource) => name === undefined || resource.name === name);
    if (found.length !== 1) {
      const names = all(type).map((resource) => resource.name);
      throw new Error(`${found.length} of ${type} ${name ?? ""}; there are: ${names.join(", ")}`);
    }
    return found[0];
  };
  return { all, one };
}

/** What an output holds once everything is registered. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => pulumi.output(output).apply((value) => resolve(value as T)));
}

/** A JSON text of a resource, as a policy or the containers of a task, as an object. */
export function parsed<T = unknown>(resource: RecordedResource, property: string): T {
  return JSON.parse(String(resource.inputs[property])) as T;
}
