import { copyFileSync, readFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { cacheKey, sources } from "./cache";
import { writeSdkShape } from "./sdk";
import { installedPackage, packageFolder, requiredModule } from "./versions";

/** One executable of the engine, built from a folder of Go sources beside this file. */
export interface Part {
  readonly name: "cli" | "language-nodejs" | "aws-bridge" | "buildx";
  /** What a person reads. */
  readonly title: string;
  /** How long it takes the first time on two cores, and with Go's caches warm it takes a tenth of that. */
  readonly usually: string;
  /** Changes when anything that goes into the executable does. */
  readonly key: string;
  /** Where it goes in the engine's folder. */
  readonly path: string;
  readonly goPackage: string;
  readonly ldflags: string;
  /** Lays out the sources in a folder of their own: what is generated never lands in the project. */
  readonly prepare: (folder: string) => void;
}

const here = __dirname;
const sdk = "github.com/pulumi/pulumi/sdk/v3";

/** Bumped when the way a part is built changes in a manner that its sources do not show. */
const recipe = "1";

function goMod(name: Part["name"]): string {
  return readFileSync(join(here, name, "go.mod"), "utf8");
}

/** The version of the CLI that is built. */
export function cliVersion(): string {
  return requiredModule(goMod("cli"), "github.com/pulumi/pulumi/pkg/v3");
}

export function pluginFolder(awsVersion: string): string {
  return `resource-aws-v${awsVersion}`;
}

function copySources(name: Part["name"]): (folder: string) => void {
  return (folder) => {
    for (const file of sources(join(here, name))) {
      copyFileSync(join(here, name, file), join(folder, file));
    }
  };
}

export function cliParts(): Part[] {
  const version = cliVersion();
  return [
    {
      name: "cli",
      title: `the Pulumi CLI ${version}`,
      usually: "4 min",
      key: cacheKey(join(here, "cli"), [recipe, platform(), arch()]),
      path: join("bin", "pulumi"),
      goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ldflags: `-s -w -X ${sdk}/go/common/version.Version=v${version}`,
      prepare: copySources("cli"),
    },
    {
      name: "language-nodejs",
      title: "the language host for Node",
      usually: "5 s",
      key: cacheKey(join(here, "language-nodejs"), [recipe, platform(), arch()]),
      path: join("bin", "pulumi-language-nodejs"),
      goPackage: ".",
      ldflags: "-s -w",
      prepare: copySources("language-nodejs"),
    },
  ];
}

export function bridgePart(project: string): Part {
  const aws = installedPackage(project, "@pulumi/aws");
  return {
    name: "aws-bridge",
    title: `the AWS plugin ${aws} over a Terraform provider`,
    usually: "1 min",
    key: cacheKey(join(here, "aws-bridge"), [recipe, platform(), arch(), aws]),
    path: join("plugins", pluginFolder(aws), "pulumi-resource-aws"),
    goPackage: ".",
    ldflags: "-s -w",
    prepare: (folder) => {
      copySources("aws-bridge")(folder);
      writeSdkShape(packageFolder(project, "@pulumi/aws"), folder);
    },
  };
}

/** docker's plugin that builds images and reads registries, where docker looks for plugins in its config folder. */
export function buildxPart(): Part {
  const module = "github.com/docker/buildx";
  const version = requiredModule(goMod("buildx"), module);
  return {
    name: "buildx",
    title: `docker's buildx plugin ${version}`,
    usually: "3 min",
    key: cacheKey(join(here, "buildx"), [recipe, platform(), arch()]),
    path: join("cli-plugins", "docker-buildx"),
    goPackage: `${module}/cmd/buildx`,
    ldflags: `-s -w -X ${module}/version.Version=v${version}`,
    prepare: copySources("buildx"),
  };
}
