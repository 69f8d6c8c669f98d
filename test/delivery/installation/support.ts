import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { hostOf, type Installation } from "../../../contract/installation";
import { keepInstallation } from "../../../delivery/installation/keep";
import { InstallationStore } from "../../../delivery/installation/store";
import { FakeS3 } from "../support/fakeS3";

export const commit = "3f9c2a1b".repeat(5);

/** Archives that are the texts `packages` and `pulumi`. */
export async function keptTexts(store: InstallationStore): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "gantry-kept-"));
  try {
    const put = (text: string) => {
      const file = join(folder, text);
      writeFileSync(file, text);
      return store.put(file);
    };
    const packages = { ...(await put("packages")), folder: "infra" };
    return { host: hostOf(), packages, pulumi: await put("pulumi") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A repository with a Pulumi project, npm and Pulumi that note how they were called, and a bucket. */
export class InstallationBench {
  readonly work = mkdtempSync(join(tmpdir(), "gantry-installation-"));
  readonly root = join(this.work, "shop");
  readonly s3 = new FakeS3();
  readonly told: string[] = [];
  readonly store = this.storeOf("acme-artifacts");
  /** Of the host on which a release is made. */
  readonly env: NodeJS.ProcessEnv = {
    PATH: [join(this.work, "bin"), process.env.PATH].join(delimiter),
    HOME: join(this.work, "home"),
    PULUMI_HOME: join(this.work, "pulumi"),
  };

  /** @param folder of the Pulumi project, below the root. Default: `infra`. */
  constructor(readonly folder = join(this.root, "infra")) {
    this.write(join(folder, "Pulumi.yaml"), "name: shop\n");
    this.lay({ version: "7.48.0" });
    const module = "node_modules/@pulumi/aws";
    this.program(
      "npm",
      `[ "$1" = --version ] && echo 11.7.0 && exit; mkdir -p ${module}; cp aws.json ${module}/package.json; cp package-lock.json node_modules/.package-lock.json`,
    );
    this.program(
      "pulumi",
      `[ "$1" = version ] && echo v3.248.0; [ "$1" = plugin ] && mkdir -p ${this.work}/pulumi/plugins/resource-$4-v$5 && echo "$5" > ${this.work}/pulumi/plugins/resource-$4-v$5/program; true`,
    );
    this.program("pulumi-language-nodejs");
    this.program("pulumi-language-java");
  }

  /** Writes lock file and package of a version of the one plugin. */
  lay({ version, scripts = {} }: { version: string; scripts?: object }): void {
    const pulumi = { resource: true, name: "aws" };
    const about = { name: "@pulumi/aws", version, pulumi };
    this.write(join(this.folder, "package.json"), JSON.stringify({ name: "infra", scripts }));
    this.write(join(this.folder, "aws.json"), JSON.stringify(about));
    const packages = {
      "": {},
      "node_modules/@pulumi/aws": { version },
      "node_modules/@pulumi/pulumi": { version: "3.248.0" },
    };
    this.write(join(this.folder, "package-lock.json"), JSON.stringify({ packages }));
  }

  storeOf(bucket: string): InstallationStore {
    return new InstallationStore(this.s3.client, `s3://${bucket}/installations`);
  }

  keep(more: { commit?: string } = {}) {
    const { folder, root, store, env, told } = this;
    const progress = (line: string) => void told.push(line);
    return keepInstallation({ folder, root, commit, store, progress, env, ...more });
  }

  /** The calls of programs since the last time, without those that only ask for a version. */
  calls(): string[] {
    const file = join(this.work, "calls");
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    rmSync(file, { force: true });
    return text.split("\n").filter((line) => line && !/version/.test(line));
  }

  program(name: string, body = ""): void {
    const path = join(this.work, "bin", name);
    this.write(path, `#!/bin/sh\necho ${name} "$@" >> ${this.work}/calls\n${body}\n`);
    chmodSync(path, 0o755);
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  remove(): void {
    rmSync(this.work, { recursive: true, force: true });
  }
}
