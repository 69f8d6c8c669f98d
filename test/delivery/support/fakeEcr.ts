import { createHash } from "node:crypto";
import {
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  PutImageCommand,
  type DescribeImageScanFindingsCommandOutput,
  type ECRClient,
} from "@aws-sdk/client-ecr";

interface FakeImage {
  readonly manifest: string;
  readonly tags: Set<string>;
}

type Page = Partial<DescribeImageScanFindingsCommandOutput>;

/** What a scan answers, call after call: the last answer stays. An Error is thrown. */
export type ScanAnswers = readonly (Page | Error)[];

export const scanned = (counts: Record<string, number> = {}): Page => ({
  imageScanStatus: { status: "COMPLETE" },
  imageScanFindings: { findingSeverityCounts: counts, findings: [] },
});

/** An error as AWS's SDK throws it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { requestId: "1" } });
}

/** Repositories with immutable tags, in memory. Unlike moto, it lets a test say what a scan answers when. */
export class FakeEcr {
  readonly repositories = new Map<string, Map<string, FakeImage>>();
  /** Names of the commands that it got. */
  readonly calls: string[] = [];
  /** By digest, else the answer for all. */
  readonly scans = new Map<string, ScanAnswers>();
  scan: ScanAnswers = [scanned()];
  /** Whether scans are Inspector's, of which the description of an image tells nothing. */
  enhanced = false;
  private readonly asked = new Map<string, number>();

  constructor(
    repositories: readonly string[],
    private readonly host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
  ) {
    for (const name of repositories) this.repositories.set(name, new Map());
  }

  /** The client, for what takes one. */
  get client(): ECRClient {
    return { send: (command: unknown) => this.send(command) } as unknown as ECRClient;
  }

  uri(repository: string): string {
    return `${this.host}/${repository}`;
  }

  /** Pushes an image, as a registry's PUT of the manifest does at the end of a push. */
  push(repository: string, tag: string, manifest: string): string {
    const images = this.images(repository);
    const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
    const holder = [...images].find(([, { tags }]) => tags.has(tag));
    if (holder && holder[0] !== digest) throw awsError("ImageTagAlreadyExistsException");
    if (holder) throw awsError("ImageAlreadyExistsException");
    const image = images.get(digest) ?? { manifest, tags: new Set<string>() };
    image.tags.add(tag);
    images.set(digest, image);
    return digest;
  }

  tags(repository: string): Record<string, string> {
    const entries = [...this.images(repository)].flatMap(([digest, { tags }]) =>
      [...tags].map((tag) => [tag, digest] as const),
    );
    return Object.fromEntries(entries);
  }

  /** One image a page, in no order of time: pushed the later, the later they were made here. */
  private page(repository: string, index: number): unknown {
    const images = [...this.images(repository).values()];
    const pushed = images.map(({ tags }, number) => ({
      imageTags: [...tags],
      imagePushedAt: new Date(1_800_000_000_000 + number * 1000),
    }));
    const imageDetails = pushed.reverse().slice(index, index + 1);
    return { imageDetails, ...(index + 1 < images.length ? { nextToken: `${index + 1}` } : {}) };
  }

  private images(repository: string): Map<string, FakeImage> {
    const images = this.repositories.get(repository);
    if (!images) throw awsError("RepositoryNotFoundException", `no repository ${repository}`);
    return images;
  }

  private send(command: unknown): Promise<unknown> {
    return new Promise((resolve) => resolve(this.answer(command)));
  }

  private answer(command: unknown): unknown {
    this.calls.push((command as object).constructor.name.replace("Command", ""));
    if (command instanceof GetAuthorizationTokenCommand) {
      return { authorizationData: [{ authorizationToken: btoa("AWS:secret") }] };
    }
    if (command instanceof DescribeRepositoriesCommand) {
      return {
        repositories: command.input.repositoryNames?.map((repositoryName) => {
          this.images(repositoryName);
          return { repositoryName, repositoryUri: this.uri(repositoryName) };
        }),
      };
    }
    if (command instanceof DescribeImagesCommand) {
      const { repositoryName = "", imageIds, nextToken } = command.input;
      if (!imageIds) return this.page(repositoryName, Number(nextToken ?? 0));
      const found = this.find(repositoryName, imageIds[0]);
      if (!found) throw awsError("ImageNotFoundException");
      const findings = this.counts(found.digest);
      return {
        imageDetails: [
          {
            imageDigest: found.digest,
            imageTags: [...found.image.tags],
            ...(findings ? { imageScanFindingsSummary: { findingSeverityCounts: findings } } : {}),
          },
        ],
      };
    }
    if (command instanceof BatchGetImageCommand) {
      const { repositoryName = "", imageIds = [] } = command.input;
      const found = this.find(repositoryName, imageIds[0]);
      const image = { imageManifest: found?.image.manifest, imageManifestMediaType: "a/manifest" };
      return { images: found ? [image] : [] };
    }
    if (command instanceof PutImageCommand) {
      const { repositoryName = "", imageTag = "", imageManifest = "" } = command.input;
      return { image: { digest: this.push(repositoryName, imageTag, imageManifest) } };
    }
    if (command instanceof DescribeImageScanFindingsCommand) {
      const digest = command.input.imageId?.imageDigest ?? "";
      const answers = this.scans.get(digest) ?? this.scan;
      const index = this.asked.get(digest) ?? 0;
      this.asked.set(digest, index + 1);
      const page = answers[Math.min(index, answers.length - 1)];
      if (page instanceof Error) throw page;
      return page;
    }
    throw new Error(`FakeEcr was not taught ${(command as object).constructor.name}`);
  }

  private counts(digest: string): Record<string, number> | undefined {
    if (this.enhanced) return undefined;
    const last = (this.scans.get(digest) ?? this.scan).at(-1);
    return last instanceof Error ? undefined : last?.imageScanFindings?.findingSeverityCounts;
  }

  private find(repository: string, id: { imageTag?: string; imageDigest?: string } = {}) {
    const found = [...this.images(repository)].find(
      ([digest, { tags }]) =>
        (id.imageDigest === undefined || digest === id.imageDigest) &&
        (id.imageTag === undefined || tags.has(id.imageTag)),
    );
    return found && { digest: found[0], image: found[1] };
  }
}
