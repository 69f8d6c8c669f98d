import { DescribeTaskDefinitionCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";
import type { IsExpected } from "./judge";

/** A service that shall come to run something: `taskDefinitionArn`, `expectedImage` or both are given. */
export interface ExpectedService {
  /** As config calls it. */
  readonly service: string;
  /** As ECS calls it. */
  readonly ecsName: string;
  readonly taskDefinitionArn?: string;
  /** `<repository>@<digest>`: any task definition with this digest will do. */
  readonly expectedImage?: string;
}

/** The digest that an image is named by. */
export function digestOf(image: string | undefined): string | undefined {
  return image?.split("@").at(1);
}

/** Knows which task definitions are expected, and asks ECS for what each runs at most once. */
export class Expectation {
  private readonly images = new Map<string, string | undefined>();

  constructor(
    private readonly ecs: ECSClient,
    private readonly expected: ExpectedService,
  ) {}

  /** Looks at the task definitions of a service's deployments. */
  async of(service: Service | undefined): Promise<IsExpected> {
    const { taskDefinitionArn, expectedImage } = this.expected;
    if (expectedImage !== undefined) {
      for (const { taskDefinition } of service?.deployments ?? []) {
        if (taskDefinition && !this.images.has(taskDefinition)) {
          this.images.set(taskDefinition, await this.imageOf(taskDefinition));
        }
      }
    }
    return (arn) =>
      (taskDefinitionArn === undefined || arn === taskDefinitionArn) &&
      (expectedImage === undefined || digestOf(this.images.get(arn)) === digestOf(expectedImage));
  }

  private async imageOf(arn: string): Promise<string | undefined> {
    const { taskDefinition } = await this.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: arn }),
    );
    return taskDefinition?.containerDefinitions?.find(({ name }) => name === appContainer)?.image;
  }
}
