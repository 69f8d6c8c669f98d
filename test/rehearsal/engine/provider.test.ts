import assert from "node:assert/strict";
import { join } from "node:path";
import { findProvider } from "../../../rehearsal/engine/provider";
import { folderWith, removeFolders } from "./support";

describe("the search for a Terraform AWS provider", () => {
  afterEach(removeFolders);

  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const platform = `${process.platform}_${arch}`;
  const provider = (version: string, on = platform) =>
    `registry.terraform.io/hashicorp/aws/${version}/${on}/terraform-provider-aws_v${version}_x5`;

  it("takes the one that TERRAFORM_AWS_PROVIDER names", () => {
    const file = join(folderWith({ provider: "#!/bin/sh\n" }), "provider");
    assert.equal(findProvider({ env: { TERRAFORM_AWS_PROVIDER: file } }), file);
  });

  it("refuses what TERRAFORM_AWS_PROVIDER names and cannot be executed", () => {
    const file = join(folderWith({ provider: "text" }), "provider");
    assert.throws(
      () => findProvider({ env: { TERRAFORM_AWS_PROVIDER: file } }),
      /TERRAFORM_AWS_PROVIDER does not name an executable file\.[^]*provider[^]*To fix it:/,
    );
  });

  it("takes the newest of line 5 for this platform", () => {
    const mirror = folderWith({
      [provider("5.9.0")]: "#!",
      [provider("5.100.0")]: "#!",
      [provider("6.2.0")]: "#!",
      [provider("5.101.0", "plan9_mips")]: "#!",
    });
    const found = findProvider({ env: {}, mirrors: [mirror], prefixes: [] });
    assert.equal(found, join(mirror, provider("5.100.0")));
  });

  it("prefers Terraform's plugin folders to mirrors elsewhere", () => {
    const plugins = folderWith({ [provider("5.1.0")]: "#!" });
    const elsewhere = folderWith({ [`mirror/${provider("5.100.0")}`]: "#!" });
    const found = findProvider({ env: {}, mirrors: [plugins], prefixes: [elsewhere] });
    assert.equal(found, join(plugins, provider("5.1.0")));
  });

  it("asks the cache folder that TF_PLUGIN_CACHE_DIR names", () => {
    const cache = folderWith({ [provider("5.1.0")]: "#!" });
    const home = folderWith();
    const found = findProvider({ env: { TF_PLUGIN_CACHE_DIR: cache }, home, prefixes: [] });
    assert.equal(found, join(cache, provider("5.1.0")));
  });

  it("finds a mirror some levels below a prefix, and none deeper", () => {
    const prefix = folderWith({
      [`a/tf/plugins/${provider("5.1.0")}`]: "#!",
      [`a/b/c/d/e/${provider("5.100.0")}`]: "#!",
      [`node_modules/x/${provider("5.100.0")}`]: "#!",
    });
    const found = findProvider({ env: {}, mirrors: [], prefixes: [prefix] });
    assert.equal(found, join(prefix, "a/tf/plugins", provider("5.1.0")));
  });

  it("fails with what was looked at and how to fix it when there is none", () => {
    const prefix = folderWith({ [provider("6.2.0")]: "#!" });
    assert.throws(
      () => findProvider({ env: {}, mirrors: ["/nowhere"], prefixes: [prefix] }),
      (error: Error) => {
        assert.match(error.message, /^No Terraform AWS provider of line 5\.x for this platform/);
        assert.match(error.message, /TERRAFORM_AWS_PROVIDER: not set/);
        assert.match(error.message, /- \/nowhere\n/);
        assert.ok(error.message.includes(prefix));
        assert.match(error.message, /To fix it:\n {2}- set TERRAFORM_AWS_PROVIDER/);
        return true;
      },
    );
  });
});
