import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

interface Example {
  /** Class and number, as in `Network 2`. */
  readonly title: string;
  readonly code: string;
}

const root = join(__dirname, "../..");

/** What a reader of an example has beside it. */
const surroundings = `
import * as pulumi from "@pulumi/pulumi";
import { EcsCluster, LoadBalancer, Network, Pipeline, Registry, Service } from "../../components";
import type { PipelineServiceArgs } from "../../components";
declare const cluster: EcsCluster;
declare const loadBalancer: LoadBalancer;
declare const network: Network;
declare const registry: Registry;
declare const service: PipelineServiceArgs;
`;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** The examples of each component, by class. */
function examples(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of sourceFiles(join(root, "components"))) {
    const file = ts.createSourceFile(
      path,
      readFileSync(path, "utf8"),
      ts.ScriptTarget.ES2022,
      true,
    );
    for (const statement of file.statements) {
      if (!ts.isClassDeclaration(statement) || !isComponent(statement)) continue;
      const codes = ts
        .getJSDocTags(statement)
        .filter(({ tagName }) => tagName.text === "example")
        .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "");
      found.set(statement.name?.text ?? path, codes);
    }
  }
  return found;
}

function isComponent({ heritageClauses }: ts.ClassDeclaration): boolean {
  return (heritageClauses ?? []).some((clause) => clause.getText().includes("ComponentResource"));
}

function projectOptions(): ts.CompilerOptions {
  const path = join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config: object };
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

/** What the compiler says about each text, under the project's own rules. */
function faults(texts: readonly Example[]): Map<string, string[]> {
  // No example uses all that stands beside it.
  const options = { ...projectOptions(), noUnusedLocals: false, types: ["node"] };
  const virtual = new Map(
    texts.map(({ title, code }) => [
      join(__dirname, `${title.replace(" ", "-")}.example.ts`),
      { title, text: `${surroundings}${code}\nexport {};\n` },
    ]),
  );
  const disk = ts.createCompilerHost(options);
  const program = ts.createProgram([...virtual.keys()], options, {
    ...disk,
    // Most of the AWS SDK's 30 MB of declarations is prose.
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    fileExists: (path) => virtual.has(path) || disk.fileExists(path),
    readFile: (path) => virtual.get(path)?.text ?? disk.readFile(path),
    getSourceFile: (path, language, ...rest) => {
      const text = virtual.get(path)?.text;
      return text === undefined
        ? disk.getSourceFile(path, language, ...rest)
        : ts.createSourceFile(path, text, language);
    },
  });
  return new Map(
    [...virtual].map(([path, { title }]) => {
      const file = program.getSourceFile(path);
      assert.ok(file, path);
      const diagnostics = [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ];
      const messages = diagnostics.map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, "\n"),
      );
      return [title, messages] as const;
    }),
  );
}

describe("the examples in the docs of components", () => {
  const wrong: Example[] = [
    { title: "misspelt 1", code: 'new Registry("shop", { environmnt: "staging" });' },
    { title: "unfinished 1", code: 'new Registry("shop", {' },
    { title: "undeclared 1", code: 'new Registri("shop", {});' },
    {
      title: "mistyped 1",
      code: 'new Network("shop", { mode: "create", cidr: "10.0.0.0/16", zones: "2", nat: "none" });',
    },
  ];
  const found = examples();
  const texts = [...found].flatMap(([name, codes]) =>
    codes.map((code, index) => ({ title: `${name} ${index + 1}`, code })),
  );
  let messages: Map<string, string[]>;
  before(function () {
    this.timeout(60_000);
    messages = faults([...texts, ...wrong]);
  });

  for (const [name, codes] of found) {
    it(`show a minimal and a full ${name}`, () => {
      assert.ok(codes.length >= 2, `${codes.length} examples`);
      for (const code of codes) assert.ok(code.startsWith(`new ${name}(`), code);
    });
  }

  it("are of the six components at least", () => {
    for (const name of [
      "EcsCluster",
      "LoadBalancer",
      "Network",
      "Pipeline",
      "Registry",
      "Service",
    ]) {
      assert.ok(found.has(name), name);
    }
  });

  for (const { title } of texts) {
    it(`compile: ${title}`, () => {
      assert.deepEqual(messages.get(title), []);
    });
  }

  it("would fail when one did not compile", () => {
    assert.deepEqual(
      wrong.map(({ title }) => messages.get(title)?.[0].split("\n")[0]),
      [
        "Object literal may only specify known properties, but 'environmnt' does not exist in type 'RegistryArgs'. Did you mean to write 'environment'?",
        "':' expected.",
        "Cannot find name 'Registri'. Did you mean 'Registry'?",
        "Type 'string' is not assignable to type 'number'.",
      ],
    );
  });
});
