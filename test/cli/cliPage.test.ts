import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { format } from "prettier";
import { makeProgram } from "../../cli/main";
import { cliPage } from "./cliPage";

describe("docs/cli.md", () => {
  it("is what the commands' help says: npm run cli-docs", async () => {
    const written = readFileSync(join(__dirname, "../../docs/cli.md"), "utf8");
    const made = await format(cliPage(makeProgram()), { parser: "markdown", printWidth: 100 });
    assert.equal(written, made, "npm run cli-docs makes it anew");
  });

  it("has commands below commands, and none that is hidden", () => {
    const program = new Command("gantry").helpCommand(false);
    const secret = new Command("secret").helpCommand(false).helpGroup("To act:");
    secret.addCommand(
      new Command("set").description("gives a value").addHelpText("after", "\nExample"),
    );
    program.addCommand(secret).addCommand(new Command("complete"), { hidden: true });
    const page = cliPage(program);
    assert.match(
      page,
      /^## To act\n\n### gantry secret\n[^]*^#### gantry secret set\n[^]*gives a value[^]*Example/m,
    );
    assert.doesNotMatch(page, /complete/);
  });
});
