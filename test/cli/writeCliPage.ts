import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { makeProgram } from "../../cli/main";
import { cliPage } from "./cliPage";

const file = join(__dirname, "../../docs/cli.md");

void format(cliPage(makeProgram()), { parser: "markdown", printWidth: 100 }).then((text) =>
  writeFileSync(file, text),
);
