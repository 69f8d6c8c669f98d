import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

interface Example {
  /** Class and number, as in `Network 2`. */
  readonly title: string;
  readonly code: string;
  /** The folder of the document that it stands in, complete with its imports. Without it, it has `surroundings`. */
  readonly folder?: string;
}

const root = join(__dirname, "../..");

/** What a reader of an example has beside it. */
const surroundings = `
import * as pulumi from "@pulumi/pulumi";
import {
  AccessLogs,
  AuditTrail,
  Bucket,
  Cache,
  Database,
  EcsCluster,
  EncryptionKey,
  ExistingLoadBalancer,
  FileSystem,
  Job,
  LoadBalancer,
  LogExport,
  Network,
  Observability,
  Notifications,
  Pipeline,
  PrivateNames,
  DriftCheck,
  PullRequestProject,
  PullRequestRole,
  Queue,
  Registry,
  ScheduleFailures,
  Service,
  ServiceAlarms,
  Topic,
  WebAcl,
} from "../../components";
import type { FoundLoadBalancer, PipelineServiceArgs } from "../../components";
declare const cluster: EcsCluster;
declare const loadBalancer: LoadBalancer;
declare const found: FoundLoadBalancer;
declare const network: Network;
declare const notifications: Notifications;
declare const registry: Registry;
declare const alarms: { readonly arn: pulumi.Output<string> };
declare const topic: Topic;
declare const uploads: Bucket;
declare const service: PipelineServiceArgs;
declare const web: Service;
declare const report: Job;
declare const database: Database;
declare const failures: ScheduleFailures;
declare const cache: Cache;
declare const pipeline: Pipeline;
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

/** The TypeScript in documents, by document and number. */
function documentExamples(): Example[] {
  const documents = [
    "README.md",
    ...["config", "design", "operations", "resources"].map((d) => `docs/${d}.md`),
  ];
  return documents.flatMap((document) =>
    [...readFileSync(join(root, document), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(
      ([, code], index) => ({
        title: `${document} ${index + 1}`,
        code,
        folder: dirname(join(root, document)),
      }),
    ),
  );
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
    texts.map(({ title, code, folder }) => [
      join(folder ?? __dirname, `${title.replace(/\W/g, "-")}.example.ts`),
      { title, text: `${folder ? "" : surroundings}${code}\nexport {};\n` },
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
  const ofDocuments = documentExamples();
  const texts: Example[] = [
    ...[...found].flatMap(([name, codes]) =>
      codes.map((code, index) => ({ title: `${name} ${index + 1}`, code })),
    ),
    ...ofDocuments,
  ];
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

  it("are in the documents too", () => {
    const titles = ofDocuments.map(({ title }) => title);
    for (const title of ["README.md 1", "docs/design.md 1"]) assert.ok(titles.includes(title));
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

/**
 * What public images do by themselves, from the descriptions at hub.docker.com/_/httpd and /_/nginx: the port that they listen
 * on, a path that they answer, and whether they write beside their volumes.
 */
const publicImages: Readonly<Record<string, { port: number; path: string; writes: boolean }>> = {
  httpd: { port: 80, path: "/", writes: true },
  nginx: { port: 80, path: "/", writes: true },
};

/** Code that people copy: of the documents, and of the components themselves. */
function copiedCode(): [string, string][] {
  return [
    ...documentExamples().map(({ title, code }): [string, string] => [title, code]),
    ...[...examples()].flatMap(([name, codes]) =>
      codes.map((code): [string, string] => [`the example of ${name}`, code]),
    ),
  ];
}

describe("the public images of examples", () => {
  const used = copiedCode().flatMap(([where, code]) =>
    [...code.matchAll(/new Service\([\s\S]*?\}\);/g)].flatMap(([service]) => {
      const image = /docker\/library\/([a-z]+):/.exec(service)?.[1];
      return image === undefined ? [] : [{ where, service, image }];
    }),
  );

  it("are among the examples", () => {
    assert.ok(used.some(({ where }) => where.startsWith("README.md")));
  });

  for (const { where, service, image } of used) {
    it(`${image} in ${where} would become healthy: its own port and path, and a root that it may write to`, () => {
      const known = publicImages[image];
      assert.ok(known, `say in the table what ${image} does by itself`);
      assert.match(service, new RegExp(`\\bport: ${known.port},`));
      assert.match(service, new RegExp(`healthCheck: \\{ path: "${known.path}" \\}`));
      if (known.writes) assert.match(service, /readonlyRootFilesystem: false/);
    });
  }
});
