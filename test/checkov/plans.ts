import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../stacks/support";
import { measured } from "./measured";
import { terraformPlan } from "./terraformPlan";

/** Writes the plan of each stack into a folder, for Checkov to read: see docs/security.md. */
async function main(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const stack of ["staging", "production"] as const) {
    const { resources } = await environment(measured[stack], { stack });
    const file = join(folder, `${stack}.json`);
    writeFileSync(file, JSON.stringify(terraformPlan(resources)));
    process.stdout.write(`${file}\n`);
  }
}

const [folder = "checkov"] = process.argv.slice(2);
main(folder).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
