import { DescribeTaskDefinitionCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";
import type { IsExpected } from "./judge";

/**
 * A service that shall come to run something: `taskDefinitionArn`, `expectedImage` or both are given. Without them whatever it
 * runs is right, and only what ECS shifts there is waited for.
 */
export interface ExpectedService {
  /** As config calls it. */
  readonly service: string;
  /** As ECS calls it. */
  readonly ecsName: string;
  readonly taskDefinitionArn?: string;
  /** `<repository>@<digest>`: any task definition with this digest will do. */
  readonly expectedImage?: string;
  /** The same of sidecars that have images of their own, by name. Default: none. */
  readonly expectedSidecars?: Readonly<Record<string, string>>;
}

/** By container: the image that a task definition names. */
type Images = ReadonlyMap<string, string | undefined>;

/** The digest that an image is named by. */
export function digestOf(image: string | undefined): string | undefined {
  return image?.split("@").at(1);
}

/** Knows which task definitions are expected, and asks ECS for what each runs at most once. */
export class Expectation {
  private readonly images = new Map<string, Images>();

  constructor(
    private readonly ecs: ECSClient,
    private readonly expected: ExpectedService,
  ) {}

  /** Whether every task definition is right. */
  get isAnything(): boolean {
    const { taskDefinitionArn, expectedImage } = this.expected;
    return taskDefinitionArn === undefined && expectedImage === undefined;
  }

  /** Looks at the task definitions of a service's deployments. */
  async of(service: Service | undefined): Promise<IsExpected> {
    const { taskDefinitionArn, expectedImage, expectedSidecars = {} } = this.expected;
    const wanted = Object.entries({ ...expectedSidecars, [appContainer]: expectedImage });
    if (expectedImage !== undefined) {
      for (const { taskDefinition } of service?.deployments ?? []) {
        if (taskDefinition && !this.images.has(taskDefinition)) {
          this.images.set(taskDefinition, await this.imagesOf(taskDefinition));
        }
      }
    }
    return (arn) =>
      (taskDefinitionArn === undefined || arn === taskDefinitionArn) &&
      (expectedImage === undefined ||
        wanted.every(
          ([container, image]) =>
            digestOf(this.images.get(arn)?.get(container)) === digestOf(image),
        ));
  }

  private async imagesOf(arn: string): Promise<Images> {
    const { taskDefinition } = await this.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: arn }),
    );
    const { containerDefinitions = [] } = taskDefinition ?? {};
    return new Map(containerDefinitions.map(({ name = "", image }) => [name, image]));
  }
}
