import {
  DescribeTaskDefinitionCommand,
  paginateListTaskDefinitions,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ECSClient,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../../components/service/taskDefinition";
import type { ReleaseImage } from "../../stacks/manifest";
import type { DeliveryEngine, PlannedChange, PreviewOptions, UpOptions } from "../engine";
import { DeliveryError } from "../errors";
import type { Target } from "../target";
import { describeServices } from "./ecs";

/** How many revisions are looked at for one that has the image. */
const searchedRevisions = 20;

/**
 * Puts releases in place without Pulumi, for environments whose pipeline deploys by CodePipeline's ECS action: Pulumi's
 * state does not know the revisions that the action registers, so Pulumi could not tell that there is anything to do.
 */
export class EcsEngine implements DeliveryEngine {
  constructor(
    private readonly ecs: ECSClient,
    private readonly target: Target,
    private readonly pulumi: DeliveryEngine,
  ) {}

  preview(options: PreviewOptions): Promise<readonly PlannedChange[]> {
    return this.pulumi.preview(options);
  }

  stateVersion(): Promise<string> {
    return this.pulumi.stateVersion();
  }

  /** Updates each service to a revision with the release's image: the newest that has it, else a new one. */
  async up({ release, progress }: UpOptions): Promise<void> {
    const { names } = this.target;
    const services = await describeServices(this.ecs, this.target);
    for (const [service, image] of Object.entries(release.images)) {
      if (!Object.hasOwn(this.target.config.services, service)) continue;
      const { taskDefinition: current } = Object.hasOwn(services, service)
        ? services[service]
        : { taskDefinition: undefined };
      if (!current) {
        throw new DeliveryError(
          `${names.cluster} has no ECS service ${names.service(service)}: run pulumi up --stack ${this.target.stack}`,
        );
      }
      const wanted = await this.revisionWith(service, image, current);
      if (wanted === current) {
        progress?.(`${service}: on ${revisionOf(current)} already`);
        continue;
      }
      await this.ecs.send(
        new UpdateServiceCommand({
          cluster: names.cluster,
          service: names.service(service),
          taskDefinition: wanted,
        }),
      );
      progress?.(`${service}: ${revisionOf(current)} -> ${revisionOf(wanted)}`);
    }
  }

  private async revisionWith(
    service: string,
    image: ReleaseImage,
    current: string,
  ): Promise<string> {
    const now = await this.describe(current);
    if (hasImage(now, image)) return current;
    let searched = 0;
    const pages = paginateListTaskDefinitions(
      { client: this.ecs },
      { familyPrefix: this.target.names.taskFamily(service), sort: "DESC", status: "ACTIVE" },
    );
    for await (const { taskDefinitionArns = [] } of pages) {
      for (const arn of taskDefinitionArns) {
        if (searched++ >= searchedRevisions) return this.register(now, image);
        if (hasImage(await this.describe(arn), image)) return arn;
      }
    }
    return this.register(now, image);
  }

  private async describe(taskDefinition: string): Promise<TaskDefinition> {
    const answer = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    if (!answer.taskDefinition) {
      throw new DeliveryError(`ECS does not describe the task definition ${taskDefinition}`);
    }
    return answer.taskDefinition;
  }

  /** As the ECS action does it: the service's revision with another image. */
  private async register(from: TaskDefinition, image: ReleaseImage): Promise<string> {
    const { family, cpu, memory, networkMode, taskRoleArn, executionRoleArn, volumes } = from;
    const { requiresCompatibilities, runtimePlatform, placementConstraints } = from;
    const { ephemeralStorage, pidMode, ipcMode, proxyConfiguration } = from;
    const answer = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family, cpu, memory, networkMode, taskRoleArn, executionRoleArn, volumes },
        ...{ requiresCompatibilities, runtimePlatform, placementConstraints },
        ...{ ephemeralStorage, pidMode, ipcMode, proxyConfiguration },
        containerDefinitions: from.containerDefinitions?.map((container) =>
          container.name === appContainer
            ? { ...container, image: `${image.uri}@${image.digest}` }
            : container,
        ),
      }),
    );
    const arn = answer.taskDefinition?.taskDefinitionArn;
    if (!arn) throw new DeliveryError(`ECS registered no revision of ${family}`);
    return arn;
  }
}

function hasImage(
  { containerDefinitions = [] }: TaskDefinition,
  { digest }: ReleaseImage,
): boolean {
  const app = containerDefinitions.find(({ name }) => name === appContainer);
  return app?.image?.endsWith(`@${digest}`) ?? false;
}

/** `shop-staging-web:7` */
function revisionOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
