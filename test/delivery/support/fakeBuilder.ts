import { DeliveryError } from "../../../delivery/errors";
import type { BuildRequest, ImageBuilder } from "../../../delivery/images/builder";
import type { FakeEcr } from "./fakeEcr";

/** Builds images out of what it is asked for, and pushes them into a FakeEcr. */
export class FakeBuilder implements ImageBuilder {
  readonly name = "buildah";
  readonly built: BuildRequest[] = [];
  pushes = 0;
  /** How many of the next pushes break off. */
  failingPushes = 0;
  failingBuild = false;
  wrongArchitecture: string | undefined;
  /** Happens just before a push. */
  beforePush: () => void = () => undefined;

  constructor(
    private readonly ecr: FakeEcr,
    private readonly repository: string,
  ) {}

  build(request: BuildRequest): Promise<string> {
    if (this.failingBuild) {
      return Promise.reject(new DeliveryError("building failed: exit code 1", ["no such base"]));
    }
    this.built.push(request);
    const asked = request.platform.endsWith("arm64") ? "ARM64" : "X86_64";
    return Promise.resolve(this.wrongArchitecture ?? asked);
  }

  push(reference: string): Promise<string> {
    this.pushes++;
    this.beforePush();
    if (this.failingPushes > 0) {
      this.failingPushes--;
      return Promise.reject(new DeliveryError("pushing failed: connection reset"));
    }
    const request = this.built.at(-1);
    const tag = reference.slice(reference.lastIndexOf(":") + 1);
    return new Promise((resolve) =>
      resolve(this.ecr.push(this.repository, tag, JSON.stringify(request?.buildArgs))),
    );
  }
}
