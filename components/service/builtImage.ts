import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { Image } from "@pulumi/docker/image";
import * as pulumi from "@pulumi/pulumi";
import { ContextError, contextHash, type BuildInputs } from "../../contract/build/contextHash";
import type { ContainerImage, CpuArchitecture } from "./taskDefinition";

export interface BuiltImageArgs {
  /** Folder whose files the Dockerfile may copy. */
  readonly context: string;
  /** Default: `Dockerfile` in the context. */
  readonly dockerfile?: string;
  /** The stage that is built. Default: the last one. */
  readonly target?: string;
  readonly repositoryUrl: pulumi.Input<string>;
  readonly architecture: CpuArchitecture;
  /** Arguments of the build. Without it, none. */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

const platforms = {
  X86_64: "linux/amd64",
  ARM64: "linux/arm64",
} as const satisfies Record<CpuArchitecture, string>;

/**
 * Builds a folder with the machine's Docker and pushes it, for a service that shall not wait for its first release.
 * The tag is made of all that it is built from, since tags are immutable: the same content is the same image.
 * @throws RunError when there is no such folder or no Dockerfile.
 */
export function builtImage(
  name: string,
  args: BuiltImageArgs,
  parent: pulumi.Resource,
): ContainerImage {
  const { context, target, architecture, buildArgs = {} } = args;
  const dockerfile = args.dockerfile ?? join(context, "Dockerfile");
  const hash = hashOf({ context, dockerfile, target, architecture, buildArgs });
  const token = aws.ecr.getAuthorizationTokenOutput({}, { parent });
  const image = new Image(
    `${name}-bootstrap`,
    {
      imageName: pulumi.interpolate`${args.repositoryUrl}:bootstrap-${hash}`,
      build: {
        ...{ context, dockerfile, target, args: buildArgs },
        platform: platforms[architecture],
      },
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

/** As the pipeline hashes it, by the builder's own ignore rules. */
function hashOf(inputs: BuildInputs): string {
  try {
    return contextHash(inputs);
  } catch (error) {
    if (!(error instanceof ContextError)) throw error;
    throw new pulumi.RunError(
      `bootstrap: build cannot begin: ${error.message}; or set bootstrap: placeholder`,
    );
  }
}
