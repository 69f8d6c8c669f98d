import assert from "node:assert/strict";
import { checkGo, goFailure } from "../../../rehearsal/engine/go";
import { folderWith, removeFolders } from "./support";

describe("Go, where the engine is built", () => {
  afterEach(removeFolders);

  const pathWithGo = (version: string) =>
    `${folderWith({ go: `#!/bin/sh\necho go${version}\n` })}:/usr/bin:/bin`;

  it("may be as old as the modules ask for", async () => {
    await checkGo("1.25.8", { PATH: pathWithGo("1.25.8") });
    await checkGo("1.25.8", { PATH: pathWithGo("1.100.0") });
  });

  it("fails when it is missing, and names the PATH and both ways out", async () => {
    const empty = folderWith();
    await assert.rejects(
      checkGo("1.25.8", { PATH: empty }),
      (error: Error) =>
        error.message.startsWith("No Pulumi engine is installed, and to build one Go is needed") &&
        error.message.includes(empty) &&
        /install Go 1\.25\.8 or newer[^]*install the Pulumi CLI/.test(error.message),
    );
  });

  it("fails when it is too old", async () => {
    await assert.rejects(
      checkGo("1.25.8", { PATH: pathWithGo("1.22.1") }),
      /Go 1\.25\.8 or newer is needed; `go` on the PATH is 1\.22\.1/,
    );
  });

  it("is quoted with its last lines when a module is refused", () => {
    const stderr = [
      "go: downloading example.com/x v1.0.0",
      "example.com/compiled/package",
      "main.go:3:2: example.com/x@v1.0.0: reading proxy/x.mod: 403 Forbidden",
    ].join("\n");
    const { message } = goFailure("Building the CLI", stderr, "/cache/cli.log");
    assert.match(
      message,
      /^Building the CLI failed: a Go module could not be downloaded\. Go said:/,
    );
    assert.match(message, /403 Forbidden/);
    assert.doesNotMatch(message, /downloading|compiled\/package/);
    assert.match(message, /Looked at:\n {2}- \/cache\/cli\.log/);
    assert.match(message, /GOPROXY/);
  });

  it("is told apart from a compiler error, a full disk and a killed linker", () => {
    const said = (stderr: string) => goFailure("Building", stderr, "log").message;
    assert.match(
      said("main.go:1: undefined: x"),
      /failed\. Go said:\n {4}main\.go:1: undefined: x/,
    );
    assert.match(said("write: no space left on device"), /the disk is full/);
    assert.match(said("link: signal: killed"), /want of memory/);
  });
});
