import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { editConfig, type EditOptions } from "../../../operations/config/edit";
import { editorOf, runEditor } from "../../../operations/config/editor";
import { aProject, type Project } from "../../cli/support";

const before = "config:\n  aws:region: eu-west-1\n  gantry:services: { web: { build: app } }\n";
/** With a comment, and formatting that no program would make. */
const after = "config: # mine\n  aws:region:   eu-west-1\n  gantry:services: { web: { port: 80 } }";
const faulty = after.replace("port", "prt");

describe("the editing of a stack's file", () => {
  let project: Project;
  let file: string;
  let copies: string[];
  let shown: string[];

  beforeEach(() => {
    project = aProject();
    file = project.lay("Pulumi.staging.yaml", before);
    chmodSync(file, 0o640);
    [copies, shown] = [[], []];
  });

  afterEach(() => project.remove());

  /** @param texts what is typed each time the editor is opened. */
  function editing(texts: readonly string[], more: Partial<EditOptions> = {}) {
    return editConfig({
      ...{ folder: project.folder, stack: "staging" },
      edit: (copy) => {
        assert.equal(readFileSync(copy, "utf8"), [before, ...texts][copies.length]);
        writeFileSync(copy, texts[copies.length]);
        copies.push(copy);
        return Promise.resolve();
      },
      again: (faults) => Promise.resolve(shown.push(faults) > 0),
      ...more,
    });
  }

  const left = () => readdirSync(project.folder).filter((name) => name.startsWith("."));

  /** @returns the copy that an error names, which must have what was typed. */
  async function refused(tried: Promise<unknown>, why: RegExp, typed: string) {
    const error = await tried.then(
      () => assert.fail("it was put in place"),
      (reason: unknown) => reason as Error,
    );
    assert.match(error.message, why);
    const copy = /what was typed is in (\S+)$/.exec(error.message)?.[1] ?? "";
    assert.equal(readFileSync(copy, "utf8"), typed);
    assert.equal(left().length, 1);
  }

  it("puts it in place as it was typed, with the mode of the file", async () => {
    assert.deepEqual(await editing([after]), { isChanged: true });
    assert.equal(readFileSync(file, "utf8"), after);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual([left(), shown], [[], []]);
  });

  it("keeps the mode where an editor makes the copy anew", async () => {
    await editing([], {
      edit: (copy) => {
        writeFileSync(`${copy}~`, after, { mode: 0o600 });
        renameSync(`${copy}~`, copy);
        return Promise.resolve();
      },
    });
    assert.equal(statSync(file).mode & 0o777, 0o640);
  });

  it("replaces what a link leads to, and not the link", async () => {
    const kept = project.lay("kept/staging.yaml", before);
    rmSync(file);
    symlinkSync(kept, file);
    await editing([after]);
    assert.equal(readFileSync(kept, "utf8"), after);
    assert.ok(lstatSync(file).isSymbolicLink());
  });

  it("leaves the file alone where nothing was changed", async () => {
    const { ino } = statSync(file);
    assert.deepEqual(await editing([before]), { isChanged: false });
    assert.deepEqual([statSync(file).ino, left()], [ino, []]);
  });

  it("says faults with their lines, and goes on with what was typed", async () => {
    assert.deepEqual(await editing([faulty, after]), { isChanged: true });
    assert.equal(shown.length, 1);
    assert.match(
      shown[0],
      /has 1 fault; it is not in its place yet:\n\n {2}gantry:services\.web\.prt \(line 3\)\n[^]*did you mean port\?/,
    );
    assert.equal(new Set(copies).size, 1);
  });

  it("says where the text is no YAML", async () => {
    await editing([`${before}  gantry:kind: [\n`, after]);
    assert.match(shown[0], /cannot be read: correct what is wrong in it\n[^]*line \d/);
  });

  it("keeps what was typed where the person gives up, at the question or at the terminal", async () => {
    const again = () => Promise.resolve(false);
    await refused(
      editing([faulty], { again }),
      /^given up: Pulumi\.staging\.yaml is as it was; /,
      faulty,
    );
    rmSync(join(project.folder, left()[0]));
    copies = [];
    const left_ = () => Promise.reject(new Error("that was not answered"));
    await refused(editing([faulty], { again: left_ }), /^that was not answered: /, faulty);
    assert.equal(readFileSync(file, "utf8"), before);
  });

  it("refuses where somebody else changed the file meanwhile", async () => {
    const others = before.replace("app", "other");
    const edit = (copy: string) => {
      writeFileSync(copy, after);
      writeFileSync(file, others);
      return Promise.resolve();
    };
    await refused(editing([], { edit }), /^somebody else changed the file meanwhile/, after);
    assert.equal(readFileSync(file, "utf8"), others);
  });

  it("refuses where somebody took the file away meanwhile", async () => {
    const edit = (copy: string) => {
      writeFileSync(copy, after);
      renameSync(file, `${file}.bak`);
      return Promise.resolve();
    };
    await refused(editing([], { edit }), /^somebody took the file away/, after);
    assert.ok(!existsSync(file));
  });

  it("keeps what was typed where the editor fails, and nothing where nothing was", async () => {
    const failing = (text: string) => (copy: string) => {
      writeFileSync(copy, text);
      return Promise.reject(new Error("the editor ended with exit code 1"));
    };
    await refused(
      editing([], { edit: failing(after) }),
      /^the editor ended with exit code 1: /,
      after,
    );
    rmSync(join(project.folder, left()[0]));
    await assert.rejects(editing([], { edit: failing(before) }), {
      message: "the editor ended with exit code 1: Pulumi.staging.yaml is as it was",
    });
    assert.deepEqual(left(), []);
  });

  it("leaves an earlier copy alone, and makes no stack of it", async () => {
    const again = () => Promise.resolve(false);
    await assert.rejects(editing([faulty], { again }));
    copies = [];
    await assert.rejects(editing([faulty.replace("80", "81")], { again }));
    assert.equal(left().length, 2);
    copies = [];
    await assert.rejects(editing([after], { stack: "staging.edit-1" }), /there is no stack/);
  });

  it("refuses a stack that there is not", async () => {
    await assert.rejects(editing([after], { stack: "stagin" }), /Is staging meant\?/);
  });
});

describe("the editor", () => {
  const cases: readonly (readonly [NodeJS.ProcessEnv, string])[] = [
    [{ VISUAL: "code --wait", EDITOR: "nano" }, "code --wait"],
    [{ VISUAL: " ", EDITOR: "nano" }, "nano"],
    [{}, "vi"],
  ];
  for (const [env, editor] of cases) {
    it(`is ${editor} by ${JSON.stringify(env)}`, () => assert.equal(editorOf(env), editor));
  }

  it("gets its arguments, and the file as one", async () => {
    const project = aProject();
    try {
      const file = project.lay("with a blank.yaml", "one\n");
      await runEditor(`sed -i -e "s/one/two three/"`, file);
      assert.equal(readFileSync(file, "utf8"), "two three\n");
    } finally {
      project.remove();
    }
  });

  it("says where it fails, is not there, or is ended", async () => {
    await assert.rejects(runEditor("sh -c 'exit 3' --", "a"), /ended with exit code 3/);
    await assert.rejects(
      runEditor("no-such-editor 2>/dev/null", "a"),
      /was not found.*EDITOR=nano/,
    );
    await assert.rejects(runEditor("kill -TERM $$ #", "a"), /was ended by a signal/);
  });
});
