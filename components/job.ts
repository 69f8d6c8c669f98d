import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobArgs, JobTransform } from "./job/args";
import { stateMachineDefinition } from "./job/stateMachine";
import { jobStatements, stateMachineArn } from "./job/statements";
import { jobFaults } from "./job/validate";
import { makeTask, taskNetwork, type Task } from "./service/task";
import { accountOf } from "./shared/account";
import { serviceTrust } from "./shared/iam";
import { schedule as scheduled } from "./shared/schedule";
import { serviceRole } from "./shared/serviceRole";
import { stateMachineLog } from "./shared/stateMachineLog";
import { takingOver } from "./shared/takingOver";
import { refuse } from "./shared/validation";

/**
 * A task that runs to its end, by a schedule or by hand: task definition, roles with named resources only, security group, logs, and a
 * Step Functions state machine that runs the newest task definition of the family, stops what takes too long, repeats what
 * failed, leaves out a run while an earlier one is not over, and puts the event `Job Failed` of the source `gantry.jobs` with
 * the reason on the account's event bus.
 *
 * It costs its tasks while they run, about 0.012 USD an hour with 256 CPU units and 512 MiB on Fargate, and 0.000025 USD for
 * each of about 5 steps of a run ("AWS Step Functions pricing").
 *
 * @example
 * new Job("report", { jobName: "report", taskFamily: "report", cluster, network,
 *   image: { uri: "acme/report:1.4.2" } });
 * @example
 * new Job("cleanup", { jobName: "cleanup", taskFamily: "cleanup", cluster, network, cpu: 512, memoryMiB: 1024,
 *   image: { uri: pulumi.interpolate`${registry.repositoryUrls.cleanup}:3f9c2a1b`, command: ["node", "cleanup.js"] },
 *   repositoryArn: registry.repositoryArns.cleanup, schedule: { expression: "cron(0 3 * * ? *)", timezone: "Europe/Berlin",
 *     deadLetterQueueArn: failures.queueArn }, timeoutMinutes: 30, retries: 2, overlap: true, secrets: { DATABASE_URL: "shop/database:url" },
 *   permissions: [{ actions: ["s3:DeleteObject"], resources: ["arn:aws:s3:::shop-exports/*"] }] });
 */
export class Job extends pulumi.ComponentResource {
  readonly stateMachineArn: pulumi.Output<string>;
  readonly taskDefinitionArn: pulumi.Output<string>;
  readonly taskRoleArn: pulumi.Output<string>;
  readonly executionRoleArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** Undefined where nothing but people start it. */
  readonly scheduleName?: pulumi.Output<string>;

  constructor(name: string, args: JobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Job", name, {}, takingOver("gantry:index:Service", opts));
    refuse(this, "Job", jobFaults(args));
    const account = accountOf(args.cluster.clusterArn);
    const { tags, transform } = args;
    const task = makeTask(name, args, { transform: newest(transform?.taskDefinition) }, this);
    const stateMachine = this.stateMachine(name, args, task);
    const schedule =
      args.schedule &&
      scheduled(
        name,
        args.schedule,
        {
          ...{ account, tags, transform: transform?.schedule },
          ...{ targetArn: stateMachine.arn, action: "states:StartExecution" },
        },
        this,
      );

    this.stateMachineArn = stateMachine.arn;
    this.taskDefinitionArn = task.definition.arn;
    this.taskRoleArn = task.roles.task.arn;
    this.executionRoleArn = task.roles.execution.arn;
    this.securityGroupId = task.securityGroup.id;
    this.logGroupName = task.logGroup.name;
    this.scheduleName = schedule?.name;
    this.registerOutputs({
      stateMachineArn: this.stateMachineArn,
      taskDefinitionArn: this.taskDefinitionArn,
      scheduleName: this.scheduleName,
    });
  }

  private stateMachine(name: string, args: JobArgs, task: Task): aws.sfn.StateMachine {
    const { tags } = args;
    const { role, policy } = this.role(name, args, task);
    const loggingConfiguration = stateMachineLog(
      `${name}-runLogs`,
      { stateMachineName: args.jobName, retentionDays: args.logs?.retentionDays ?? 30, tags },
      this,
    );
    const given: aws.sfn.StateMachineArgs = {
      name: args.jobName,
      type: "STANDARD",
      roleArn: role.arn,
      definition: stateMachineDefinition({
        ...{ account: accountOf(args.cluster.clusterArn), jobName: args.jobName },
        logGroupName: task.logGroup.name,
        clusterArn: args.cluster.clusterArn,
        taskFamily: args.taskFamily,
        capacityProviderStrategies: args.cluster.capacityProviderStrategies,
        network: taskNetwork(args, task.securityGroup),
        exec: args.exec ?? false,
        timeoutMinutes: args.timeoutMinutes ?? 60,
        retries: args.retries ?? 0,
        overlap: args.overlap ?? false,
      }),
      loggingConfiguration,
      tags,
    };
    return new aws.sfn.StateMachine(name, args.transform?.stateMachine?.(given) ?? given, {
      parent: this,
      // By name, which says nothing of order: it runs the family, whatever revision is the newest.
      dependsOn: [policy, task.definition, ...task.roles.policies],
    });
  }

  private role(name: string, args: JobArgs, { roles }: Task) {
    const account = accountOf(args.cluster.clusterArn);
    const statements = jobStatements({
      ...{ account, jobName: args.jobName, taskFamily: args.taskFamily },
      clusterArn: args.cluster.clusterArn,
      executionRoleArn: roles.execution.arn,
      taskRoleArn: roles.task.arn,
    });
    const trust = serviceTrust("states.amazonaws.com", {
      accountId: account.accountId,
      sourceArn: stateMachineArn(account, args.jobName),
    });
    return serviceRole(`${name}-run`, { trust, statements, tags: args.tags }, this);
  }
}

/** The newest revision runs, whoever registered it: so that is what a refresh compares with the program. */
function newest(
  transform: JobTransform["taskDefinition"] = (given) => given,
): NonNullable<JobTransform["taskDefinition"]> {
  return (given) => transform({ ...given, trackLatest: true });
}
