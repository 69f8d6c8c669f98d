import { stringify } from "yaml";
import type { Dependencies } from "./dependency";
import type { Place } from "./place";
import { stackFile, type StackPlan } from "./stackFile";

/** What a project is written of. */
export interface ProjectPlan extends StackPlan, Place, Dependencies {
  /** The product, which names begin with. */
  readonly name: string;
}

/** The files of a project by their names, in the order in which they are told. */
export function projectFiles(plan: ProjectPlan): Readonly<Record<string, string>> {
  const { name, dependency, rehearsal, program, tsconfig } = plan;
  const exported = tsconfig === undefined ? "export default" : "export =";
  return {
    "package.json": json({
      name: `${name}-infra`,
      private: true,
      dependencies: { gantry: dependency },
      devDependencies: { "gantry-rehearsal": rehearsal },
    }),
    [program]: `import { environment } from "gantry";\n\n${exported} environment();\n`,
    ...(tsconfig === undefined ? {} : { [tsconfig]: typescript(program) }),
    "Pulumi.yaml": stringify({
      name,
      description: `Staging and production of ${name} on AWS`,
      main: program,
      runtime: {
        name: "nodejs",
        options: {
          packagemanager: "npm",
          ...(tsconfig === undefined ? { typescript: false } : {}),
          ...(tsconfig === undefined || tsconfig === "tsconfig.json" ? {} : { tsconfig }),
        },
      },
    }),
    "Pulumi.staging.yaml": stackFile("staging", plan),
    "Pulumi.production.yaml": stackFile("production", plan),
    ".gitignore": "node_modules/\n.gantry/\n",
  };
}

/** Its settings. ts-node, by which Pulumi runs it, only takes the types away then; the editor and tsc check them. */
function typescript(program: string): string {
  return json({
    compilerOptions: {
      ...{ target: "ES2022", module: "node16", moduleResolution: "node16" },
      ...{ strict: true, skipLibCheck: true, noEmit: true },
    },
    "ts-node": { swc: true },
    files: [program],
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
