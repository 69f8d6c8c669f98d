import { copyFileSync, readFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { basename, join } from "node:path";
import { cacheKey, sources } from "./cache";
import { writeSdkShape } from "./sdk";
import { installedPackage, packageFolder, requiredModule } from "./versions";

/** One executable of the engine, built from a folder of Go sources. */
export interface Part {
  readonly name: string;
  /** The folder with its go.mod. */
  readonly folder: string;
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

function goMod(folder: string): string {
  return readFileSync(join(folder, "go.mod"), "utf8");
}

const folders = {
  cli: join(here, "cli"),
  languageNodejs: join(here, "language-nodejs"),
  awsBridge: join(here, "aws-bridge"),
  buildx: join(here, "buildx"),
};

/** The version of the CLI that is built. */
export function cliVersion(): string {
  return requiredModule(goMod(folders.cli), "github.com/pulumi/pulumi/pkg/v3");
}

export function pluginFolder(awsVersion: string): string {
  return `resource-aws-v${awsVersion}`;
}

function copySources(from: string): Part["prepare"] {
  return (folder) => {
    for (const file of sources(from)) copyFileSync(join(from, file), join(folder, file));
  };
}

export function cliParts(): Part[] {
  const version = cliVersion();
  return [
    {
      name: "cli",
      folder: folders.cli,
      title: `the Pulumi CLI ${version}`,
      usually: "4 min",
      key: cacheKey(folders.cli, [recipe, platform(), arch()]),
      path: join("bin", "pulumi"),
      goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ldflags: `-s -w -X ${sdk}/go/common/version.Version=v${version}`,
      prepare: copySources(folders.cli),
    },
    {
      name: "language-nodejs",
      folder: folders.languageNodejs,
      title: "the language host for Node",
      usually: "5 s",
      key: cacheKey(folders.languageNodejs, [recipe, platform(), arch()]),
      path: join("bin", "pulumi-language-nodejs"),
      goPackage: ".",
      ldflags: "-s -w",
      prepare: copySources(folders.languageNodejs),
    },
  ];
}

export function bridgePart(project: string): Part {
  const aws = installedPackage(project, "@pulumi/aws");
  return {
    name: "aws-bridge",
    folder: folders.awsBridge,
    title: `the AWS plugin ${aws} over a Terraform provider`,
    usually: "1 min",
    key: cacheKey(folders.awsBridge, [recipe, platform(), arch(), aws]),
    path: join("plugins", pluginFolder(aws), "pulumi-resource-aws"),
    goPackage: ".",
    ldflags: "-s -w",
    prepare: (folder) => {
      copySources(folders.awsBridge)(folder);
      writeSdkShape(packageFolder(project, "@pulumi/aws"), folder);
    },
  };
}

/** docker's plugin that builds images and reads registries, where docker looks for plugins in its config folder. */
export function buildxPart(): Part {
  const module = "github.com/docker/buildx";
  const version = requiredModule(goMod(folders.buildx), module);
  return {
    name: "buildx",
    folder: folders.buildx,
    title: `docker's buildx plugin ${version}`,
    usually: "3 min",
    key: cacheKey(folders.buildx, [recipe, platform(), arch()]),
    path: join("cli-plugins", "docker-buildx"),
    goPackage: `${module}/cmd/buildx`,
    ldflags: `-s -w -X ${module}/version.Version=v${version}`,
    prepare: copySources(folders.buildx),
  };
}

/**
 * A command of somebody else's module.
 * @param folder with a go.mod that requires the module.
 * @param command as `github.com/moby/buildkit/cmd/buildctl`, of the module `github.com/moby/buildkit`.
 */
export function modulePart(folder: string, module: string, command: string, usually: string): Part {
  const name = basename(command);
  return {
    ...{ name, folder, usually },
    title: `${name} ${requiredModule(goMod(folder), module)}`,
    key: cacheKey(folder, [recipe, platform(), arch(), command]),
    path: join("bin", name),
    goPackage: command,
    ldflags: "-s -w",
    prepare: copySources(folder),
  };
}
