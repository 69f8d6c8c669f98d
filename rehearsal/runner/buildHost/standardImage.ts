/**
 * What AWS's own image for builds has, as far as a build of ours, or a command that a stack file names, could lean on it.
 * From the Dockerfile that AWS publishes: https://github.com/aws/aws-codebuild-docker-images at commit
 * 1590e48787084015430500926ea922130dbe9367 (April 2026). AWS updates the image without another version in its name.
 */
export interface StandardImage {
  /** As a CodeBuild project names it. */
  readonly name: string;
  /** Where everybody can pull it: it has several gigabytes. */
  readonly publicImage: string;
  /** In the repository above. */
  readonly dockerfile: string;
  /** Who commands run as, and their home folder. */
  readonly user: string;
  readonly home: string;
  /** Variables that the image sets, without those of runtimes that no build of ours asks for. */
  readonly env: Readonly<Record<string, string>>;
  /** The Node on the PATH until `n` puts another one there. */
  readonly node: string;
  /** Versions that `n` changes to without a download, each with the npm that belongs to it. */
  readonly nodeVersions: Readonly<Record<string, { readonly npm: string }>>;
  /** Programs on the PATH, by their versions; `newest` where the Dockerfile takes what was newest on its day. */
  readonly tools: Readonly<Record<string, string>>;
  /** Plugins of the docker command, by their versions. */
  readonly dockerPlugins: Readonly<Record<string, string>>;
  /** What one might expect there and does not find. */
  readonly absent: readonly string[];
}

export const standardImage: StandardImage = {
  name: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
  publicImage: "public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0",
  dockerfile: "al/x86_64/standard/5.0/Dockerfile",
  user: "root",
  home: "/root",
  env: {
    LANG: "en_US.utf-8",
    LC_ALL: "en_US.utf8",
    NODE_18_VERSION: "18.20.8",
    NODE_20_VERSION: "20.20.0",
    NODE_22_VERSION: "22.22.0",
    NODE_24_VERSION: "24.14.0",
    N_PRESERVE_COREPACK: "1",
  },
  node: "18.20.8",
  nodeVersions: {
    "18.20.8": { npm: "10.8.2" },
    "20.20.0": { npm: "10.8.2" },
    "22.22.0": { npm: "11.7.0" },
    "24.14.0": { npm: "11.7.0" },
  },
  tools: {
    aws: "2",
    bash: "newest",
    curl: "newest",
    docker: "28.5.2",
    git: "2.53.0",
    gzip: "newest",
    jq: "newest",
    make: "newest",
    n: "newest",
    node: "18.20.8",
    npm: "10.8.2",
    patch: "newest",
    python3: "3.11.15",
    rsync: "newest",
    ssh: "newest",
    tar: "newest",
    unzip: "newest",
    wget: "newest",
    xz: "newest",
    zip: "newest",
  },
  dockerPlugins: { buildx: "0.32.1", compose: "5.1.0" },
  absent: ["buildah", "bun", "deno", "gantry", "pnpm", "podman", "pulumi", "skopeo", "terraform"],
};
