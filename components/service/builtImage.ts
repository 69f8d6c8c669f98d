import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { Image } from "@pulumi/docker/image";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerImage, CpuArchitecture } from "./taskDefinition";

export interface BuiltImageArgs {
  /** Folder with the Dockerfile. */
  readonly context: string;
  readonly repositoryUrl: pulumi.Input<string>;
  readonly architecture: CpuArchitecture;
}

const platforms = {
  X86_64: "linux/amd64",
  ARM64: "linux/arm64",
} as const satisfies Record<CpuArchitecture, string>;

/** Folders that no image is made of. */
const ignored = new Set([".git", "node_modules", "dist"]);

/**
 * Builds a folder with the machine's Docker and pushes it, for a service that shall not wait for its first release.
 * The tag is made of the folder's content, since tags are immutable: the same content is the same image.
 * @throws Error when the folder has no Dockerfile.
 */
export function builtImage(
  name: string,
  args: BuiltImageArgs,
  parent: pulumi.Resource,
): ContainerImage {
  if (!existsSync(join(args.context, "Dockerfile"))) {
    throw new pulumi.RunError(
      `There is no Dockerfile in ${args.context}, which bootstrap: build needs. ` +
        "Correct the service's path, or set bootstrap: placeholder.",
    );
  }
  const token = aws.ecr.getAuthorizationTokenOutput({}, { parent });
  const image = new Image(
    `${name}-bootstrap`,
    {
      imageName: pulumi.interpolate`${args.repositoryUrl}:bootstrap-${contentHash(args.context)}`,
      build: { context: args.context, platform: platforms[args.architecture] },
      registry: {
        server: args.repositoryUrl,
        username: token.userName,
        password: pulumi.secret(token.password),
      },
    },
    // The first release takes its place: protected with the registry, it would stop that deployment.
    { parent, protect: false },
  );
  return { uri: image.repoDigest };
}

/** Twelve hexadecimal digits that change with any file of the folder, by name or by content. */
export function contentHash(folder: string): string {
  const hash = createHash("sha256");
  for (const file of files(folder, "")) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

function files(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        return ignored.has(entry.name) ? [] : files(folder, path);
      }
      return entry.isFile() ? [path] : [];
    });
}
