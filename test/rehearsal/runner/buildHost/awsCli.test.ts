import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findAwsCli } from "../../../../rehearsal/runner/buildHost/awsCli";

describe("the AWS CLI of builds under bash", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-aws-"));
    mkdirSync(join(folder, "bin"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function program(path: string, body: string): void {
    writeFileSync(join(folder, path), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, path), 0o755);
  }

  const find = () =>
    findAwsCli(() => undefined, {
      PATH: join(folder, "bin"),
      XDG_CACHE_HOME: join(folder, "cache"),
      GANTRY_PYTHON: join(folder, "bin/python3"),
    });

  /** Makes an environment whose own Python makes `aws`, as pip does. */
  const python = (pip: string) =>
    program(
      "bin/python3",
      `/bin/mkdir -p "$3/bin"; /bin/echo '#!/bin/sh' > "$3/bin/python"; /bin/echo '${pip}' >> "$3/bin/python"; /bin/chmod +x "$3/bin/python"`,
    );

  it("is this machine's own, where it has one", async () => {
    program("bin/aws", "exit 0");
    assert.equal(await find(), undefined);
    assert.equal(existsSync(join(folder, "cache")), false);
  });

  it("is got from Python's registry where there is none, once", async () => {
    const installed = join(folder, "installed");
    python(`/bin/echo "$@" >> ${installed}; /usr/bin/touch "$(/usr/bin/dirname "$0")/aws"`);
    const bin = await find();
    assert.ok(bin && existsSync(join(bin, "aws")));
    assert.equal(await find(), bin);
    assert.match(readFileSync(installed, "utf8"), /^-m pip install .* awscli==[\d.]+\n$/);
  });

  it("is missed with what helps, where it cannot be had", async () => {
    python(`/bin/echo no network >&2; exit 1`);
    await assert.rejects(find(), /installing the AWS CLI, .*another one on the PATH will do/);
  });
});
