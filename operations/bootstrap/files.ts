import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { z } from "zod";
import { isRecord } from "../../contract/record";
import { asJson } from "../../delivery/issues";
import { projectFile } from "../../delivery/projectFolder";
import { readEngineConfig } from "../../stacks/config/engineYaml";
import type { AccountRule } from "./caller";
import type { SecretsProvider } from "./stack";

/** What the project's files say of state, secrets and accounts. */
export interface ProjectFiles {
  /** `backend.url` of Pulumi.yaml. */
  readonly backendUrl?: string;
  /** Whether Pulumi.yaml has a `backend` at all. */
  readonly hasBackend: boolean;
  /** `gantry:pipeline.state.backendUrl` as it stands there. */
  readonly pipelineBackendUrl?: string;
  /** What the stack's file says of its secrets; undefined where nothing. */
  readonly secrets?: SecretsProvider;
  readonly accounts: AccountRule;
}

const stackFileSchema = z.looseObject({
  secretsprovider: z.string().optional(),
  encryptedkey: z.string().optional(),
  encryptionsalt: z.string().optional(),
});

/** Reads both files, which are there and valid. */
export async function readProjectFiles(folder: string, stack: string): Promise<ProjectFiles> {
  const project: unknown = parse(await readFile(join(folder, projectFile), "utf8"));
  const text = await readFile(stackFile(folder, stack), "utf8");
  const { values } = readEngineConfig(text);
  const backend = isRecord(project) ? project.backend : undefined;
  const url = isRecord(backend) ? backend.url : undefined;
  const pipeline = asJson(values["gantry:pipeline"] ?? "");
  const state = isRecord(pipeline) ? pipeline.state : undefined;
  const pipelineUrl = isRecord(state) ? state.backendUrl : undefined;
  return {
    backendUrl: textOf(url),
    hasBackend: backend !== undefined,
    pipelineBackendUrl: textOf(pipelineUrl),
    secrets: secretsIn(text),
    accounts: {
      allowed: accounts(values["aws:allowedAccountIds"]),
      forbidden: accounts(values["aws:forbiddenAccountIds"]),
    },
  };
}

function secretsIn(text: string): SecretsProvider | undefined {
  const { data = {} } = stackFileSchema.safeParse(parse(text) ?? {});
  if (data.secretsprovider) return { url: data.secretsprovider, encryptedKey: data.encryptedkey };
  return data.encryptionsalt === undefined ? undefined : { url: "passphrase" };
}

function accounts(value: string | undefined): string[] {
  const listed = asJson(value ?? "");
  return Array.isArray(listed) ? listed.map(String) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Adds the backend to Pulumi.yaml, which has none. What is there stays as it is. */
export function addBackend(folder: string, url: string): Promise<void> {
  return append(join(folder, projectFile), { backend: { url } });
}

/** Adds what opens the stack's secrets to its file, which says nothing of it. */
export function addSecrets(
  folder: string,
  stack: string,
  { url, encryptedKey }: SecretsProvider,
): Promise<void> {
  return append(stackFile(folder, stack), { secretsprovider: url, encryptedkey: encryptedKey });
}

function stackFile(folder: string, stack: string): string {
  return join(folder, `Pulumi.${stack}.yaml`);
}

/** As text at the end, so that no line of theirs is written another way; by its keys where the end takes none. */
async function append(file: string, added: Readonly<Record<string, unknown>>): Promise<void> {
  const text = await readFile(file, "utf8");
  const lines = Object.entries(added).map(([key, value]) =>
    isRecord(value)
      ? `${key}:\n${Object.entries(value)
          .map(([name, one]) => `  ${name}: ${String(one)}\n`)
          .join("")}`
      : `${key}: ${String(value)}\n`,
  );
  const longer = `${text.replace(/\n*$/, "\n")}${lines.join("")}`;
  const isRead = Object.keys(added).every((key) => holds(longer, key));
  if (isRead) return writeFile(file, longer);
  const document = parseDocument(text);
  for (const [key, value] of Object.entries(added)) document.set(key, value);
  return writeFile(file, document.toString({ lineWidth: 0 }));
}

function holds(text: string, key: string): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && document.has(key);
}
