import { cpSync, existsSync, mkdirSync, mkdtempSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { DockerfileParser, type Instruction } from "dockerfile-ast";
import type { ModifiableInstruction } from "dockerfile-ast/lib/modifiableInstruction";
import type { From } from "dockerfile-ast/lib/instructions/from";
import type { IgnoreFile } from "../../../contract/build/ignoreFile";
import { describeEnd, tryRun } from "../../../delivery/run";
import { busyboxFiles } from "../baseImages/busybox";
import { filledIn } from "../baseImages/dockerfile";
import { familyOf } from "../baseImages/families";
import { certificates, copyInto } from "../baseImages/files";
import { nodeFiles } from "../baseImages/node";
import { matchesAny } from "../glob";
import { filesBelow } from "../zip";
import type { Chroot } from "./chroot";
import { withSecretMounts, type Secrets } from "./secretMounts";

/** What the last stage has: its files, and the variables of its processes. */
export interface BuiltStage {
  readonly rootfs: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface StagesRequest {
  readonly chroot: Chroot;
  readonly text: string;
  readonly context: string;
  /** What of it the builder does not see. */
  readonly rules: IgnoreFile;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: Secrets;
  /** Where stages are made. */
  readonly folder: string;
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Builds the stages of a Dockerfile: its base images are this machine's Node and busybox, commands run in a chroot as root,
 * files are root's, secrets are mounted. Without layers, caches, other mounts and what needs a network of its own.
 * @throws Error naming the instruction that fails.
 */
export async function buildStages(request: StagesRequest): Promise<BuiltStage> {
  const { text, folder, buildArgs } = request;
  const dockerfile = DockerfileParser.parse(text);
  const globals: Record<string, string> = {};
  for (const arg of dockerfile.getInitialARGs()) declare(globals, arg, buildArgs);
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  let count = 0;
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === "FROM") {
      const from = instruction as From;
      const name = filledIn(from.getImage() ?? "", globals);
      const rootfs = join(mkdtempSync(join(folder, "stage-")), "rootfs");
      const before = stages.get(name.toLowerCase());
      if (before) cpSync(before.rootfs, rootfs, { recursive: true, verbatimSymlinks: true });
      else await baseFiles(name, rootfs);
      stage = { rootfs, env: { PATH: path, ...before?.env }, args: {}, folder: "/" };
      stages.set(String(count++), stage);
      const called = from.getBuildStage();
      if (called) stages.set(called.toLowerCase(), stage);
    } else if (stage) {
      await perform(instruction, stage, { ...request, stages, globals });
    }
  }
  if (!stage) throw new Error("the Dockerfile has no FROM");
  return stage;
}

interface Stage extends BuiltStage {
  env: Record<string, string>;
  args: Record<string, string>;
  folder: string;
}

type Context = StagesRequest & {
  readonly stages: ReadonlyMap<string, Stage>;
  readonly globals: Readonly<Record<string, string>>;
};

async function baseFiles(image: string, rootfs: string): Promise<void> {
  mkdirSync(rootfs, { recursive: true });
  if (image === "scratch") return;
  const family = familyOf(image);
  if (!family) throw new Error(`nothing here stands in for the base image ${image}`);
  if (family.runtime === "python" || family.runtime === "nginx") {
    throw new Error(
      `without a builder nothing stands in for the base image ${image}: install buildah`,
    );
  }
  if (family.runtime === "node") await nodeFiles(rootfs);
  await busyboxFiles(rootfs, family.runtime === "node" ? ["node"] : []);
  for (const file of ["/etc/resolv.conf", "/etc/hosts"]) copyInto(rootfs, file);
  const trusted = certificates();
  if (!trusted) return;
  const target = join(rootfs, "etc/ssl/certs/ca-certificates.crt");
  mkdirSync(dirname(target), { recursive: true });
  cpSync(trusted, target, { dereference: true });
}

function declare(
  values: Record<string, string>,
  instruction: Instruction,
  given: Readonly<Record<string, string>>,
): void {
  const [name, ...rest] = (instruction.getArgumentsContent() ?? "").split("=");
  const value = rest.length > 0 ? rest.join("=").replace(/^(["'])(.*)\1$/, "$2") : undefined;
  if (Object.hasOwn(given, name)) values[name] = given[name];
  else if (value !== undefined) values[name] = filledIn(value, values);
}

async function perform(instruction: Instruction, stage: Stage, context: Context): Promise<void> {
  const text = (instruction.getArgumentsContent() ?? "").replace(/\\\r?\n/g, " ");
  const values = { ...stage.args, ...stage.env };
  switch (instruction.getKeyword()) {
    case "ARG":
      declare(stage.args, instruction, { ...context.globals, ...context.buildArgs });
      return;
    case "ENV":
      for (const [, name, , quoted, plain] of filledIn(text, values).matchAll(
        /([\w.]+)[= ](?:(["'])(.*?)\2|(\S*))/g,
      )) {
        stage.env[name] = quoted ?? plain;
      }
      return;
    case "WORKDIR":
      stage.folder = resolve("/", stage.folder, filledIn(text, values));
      mkdirSync(join(stage.rootfs, stage.folder), { recursive: true });
      return;
    case "COPY":
    case "ADD":
      return copy(instruction as ModifiableInstruction, stage, context, values);
    case "RUN":
      return runIn(instruction as ModifiableInstruction, text, stage, context);
  }
}

async function runIn(
  instruction: ModifiableInstruction,
  text: string,
  stage: Stage,
  { chroot, secrets }: Context,
): Promise<void> {
  const mounts = instruction
    .getFlags()
    .flatMap((flag) => (flag.getName() === "mount" ? (flag.getValue() ?? []) : []));
  const command = text.replace(/^(--\S+\s+)+/, "");
  const words = command.startsWith("[")
    ? (JSON.parse(command) as string[])
    : ["/bin/sh", "-c", command];
  const [program, ...args] = chroot.command(stage.rootfs, stage.folder, words);
  const onOutput = (chunk: string) => void process.stdout.write(chunk);
  const ended = await withSecretMounts(mounts, { ...stage, secrets }, (variables) => {
    const env = { HOME: "/root", ...stage.args, ...stage.env, ...variables };
    return tryRun(program, args, { env, onOutput });
  });
  if (ended.code !== 0) throw new Error(`RUN ${command} ${describeEnd(ended)}`);
}

function copy(
  instruction: ModifiableInstruction,
  stage: Stage,
  { context, rules, stages }: Context,
  values: Readonly<Record<string, string>>,
): void {
  const from = instruction
    .getFlags()
    .find((flag) => flag.getName() === "from")
    ?.getValue();
  const origin = from ? stages.get(from.toLowerCase())?.rootfs : context;
  if (origin === undefined) throw new Error(`COPY --from=${from}: only stages can be copied from`);
  const given = instruction.getArguments().map((one) => filledIn(one.getValue(), values));
  const words = given.map((one) => one.replace(/^\[?"|",?\]?$/g, ""));
  const target = words[words.length - 1];
  const place = join(stage.rootfs, target.startsWith("/") ? target : join(stage.folder, target));
  const sources = words.slice(0, -1).flatMap((source) => found(origin, source));
  const intoFolder = target.endsWith("/") || sources.length > 1 || isFolder(place);
  for (const source of sources) {
    const whole = join(origin, source);
    const at = isFolder(whole) || !intoFolder ? place : join(place, basename(whole));
    mkdirSync(dirname(at), { recursive: true });
    const filter = from ? undefined : (file: string) => isSeen(file, context, rules);
    cpSync(whole, at, { recursive: true, verbatimSymlinks: true, filter });
  }
}

/** What is a checkout's own, and in the way of what a build makes. */
const leftOut = new Set(["node_modules", ".git"]);

function isSeen(file: string, context: string, rules: IgnoreFile): boolean {
  if (leftOut.has(basename(file))) return false;
  const path = relative(context, file).split(sep).join("/");
  if (path === "" || !rules.excludes(path)) return true;
  return isFolder(file) && rules.mayIncludeBelow(path);
}

function found(origin: string, source: string): string[] {
  const path = source.replace(/^\.?\/+/, "") || ".";
  const files = /[*?]/.test(path)
    ? filesBelow(origin).filter((file) => matchesAny(file, [path]))
    : [path].filter((one) => existsSync(join(origin, one)));
  if (files.length === 0) throw new Error(`COPY ${source}: there is no such file`);
  return files;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
