import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceArgs, WebServiceArgs } from "./service/args";
import { autoscaling, scales } from "./service/autoscaling";
import { admitCall, admitDirect, type Admission } from "./service/admitCall";
import {
  calledProtocol,
  callPort,
  connectHooks,
  connectSettings,
  endpoint,
} from "./service/connect";
import { deploymentAlarms, serviceAlarms } from "./service/deploymentAlarms";
import { deploymentSettings } from "./service/deployment";
import { cutoverOf, type ServiceCutover } from "./service/heldTasks";
import { LoadBalancer } from "./service/loadBalancer";
import { routedContainer } from "./service/containers";
import type { CountedRequests } from "./service/requestMetric";
import { openFromLoadBalancer, openRoute, routing, type Routing } from "./service/routing";
import { takeUpUnchanged } from "./service/leftDeployment";
import { shiftHooks } from "./service/shiftHooks";
import { advancedConfiguration, shiftRouting } from "./service/shiftRouting";
import { shifts } from "../contract/deploymentStrategy";
import type { ServingLoadBalancer } from "./service/servingLoadBalancer";
import { makeTask, taskNetwork, type Task } from "./service/task";
import { capacityOfService } from "./service/spot";
import { serviceFaults } from "./service/validate";
import type { Tags } from "./shared/tags";
import { takingOver } from "./shared/takingOver";
import { refuse } from "./shared/validation";

/**
 * An ECS service: task definition, roles with named resources only, security group, logs, autoscaling, and a
 * deployment that keeps every old task until its successor is healthy and goes back by itself when that never happens; with
 * `deployment: { strategy: "recreate" }` old tasks stop first. With `blueGreen`, `canary` and `linear` a web service has two target
 * groups, between which ECS moves its requests by a role of its own; nothing else changes where its rules lead. The old tasks run,
 * and cost, until the new ones have taken over and `bakeMinutes` are past.
 * A `web` service gets a target group and a rule on a load balancer; a `private` one is called by services that it admits, by
 * its name, as a `web` one can be; a `worker` takes no connections.
 *
 * It costs its tasks: about 9 USD a month for each with 256 CPU units and 512 MiB on Fargate. Sidecars share the task's size; what
 * `openTelemetry` sends costs 5 USD for a million traces and 0.30 USD a month for a metric (us-east-1).
 * ECS Service Connect is free, and a proxy in each task that calls or is called: AWS advises 256 CPU units and 64 MiB for it.
 *
 * @example
 * new Service("jobs", { kind: "worker", serviceName: "jobs", taskFamily: "jobs", cluster, network,
 *   image: { uri: "acme/jobs:1.4.2" }, scaling: { min: 1, max: 1 } });
 * @example
 * new Service("web", { kind: "web", serviceName: "web", taskFamily: "web", cluster, network, port: 3000,
 *   image: { uri: pulumi.interpolate`${registry.repositoryUrls.web}:3f9c2a1b` },
 *   repositoryArn: registry.repositoryArns.web, cpu: 512, memoryMiB: 1024, loadBalancer,
 *   route: { paths: ["/api/*"] }, healthCheck: { path: "/health" },
 *   scaling: { min: 2, max: 10, cpuPercent: 60, requestsPerTarget: 1000 },
 *   environment: { LOG_LEVEL: "info" }, secrets: { DATABASE_URL: "shop/database:url" },
 *   permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop-assets/*"] }] });
 * @example
 * new Service("site", { kind: "web", serviceName: "site", taskFamily: "site", cluster, network, port: 3000,
 *   image: { uri: "acme/site:1.4.2" }, scaling: { min: 1, max: 2 }, route: { container: "nginx" },
 *   dependsOn: { migrate: "success" }, sidecars: {
 *     nginx: { image: { uri: "nginx:1.29" }, port: 8080, readonlyRootFilesystem: false, dependsOn: { app: "started" } },
 *     migrate: { image: { uri: "acme/site:1.4.2", command: ["node", "migrate.js"] }, essential: false } } });
 * @example
 * new Service("api", { kind: "private", serviceName: "api", taskFamily: "api", cluster, network, port: 8080,
 *   image: { uri: "acme/api:2.0.1" }, scaling: { min: 2, max: 4 },
 *   connect: { namespaceArn: cluster.namespaceArn, alias: "api" },
 * }).admit("jobs", new Service("jobs", { kind: "worker", serviceName: "jobs", taskFamily: "jobs", cluster, network,
 *   image: { uri: "acme/jobs:1.4.2" }, scaling: { min: 1, max: 1 },
 *   connect: { namespaceArn: cluster.namespaceArn, calls: { api: "api:8080" } } }).securityGroupId);
 */
export class Service extends pulumi.ComponentResource {
  readonly serviceName: pulumi.Output<string>;
  readonly serviceArn: pulumi.Output<string>;
  readonly taskDefinitionArn: pulumi.Output<string>;
  readonly taskRoleArn: pulumi.Output<string>;
  readonly executionRoleArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** The role by which ECS moves its requests; absent where it moves none. Whoever deploys the service passes it on. */
  readonly shiftRoleArn?: pulumi.Output<string>;
  /** Where people reach a web service; a worker has none. */
  readonly url?: pulumi.Output<string>;
  /** Its name and port for services that call it, as `api:8080`, known once it is there. Empty where none can. */
  readonly endpoint: pulumi.Output<string>;
  /** Where the requests of a web service are counted; others have no load balancer that counts. */
  readonly requests?: CountedRequests;
  /** Of the alarms that watch it. */
  readonly alarmNames: readonly pulumi.Output<string>[];
  private readonly admission: Admission;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Service", name, {}, takingOver("gantry:index:Job", opts));
    refuse(this, "Service", serviceFaults(args));
    const port = args.kind === "worker" ? undefined : args.port;
    const transform = args.transform?.taskDefinition;
    const task = makeTask(name, args, { port, protocol: calledProtocol(args), transform }, this);
    const web = args.kind === "web" ? this.route(name, args, task.securityGroup) : undefined;
    this.requests = counted(web);
    this.alarmNames = serviceAlarms(name, args, this.requests, this);
    const service = this.service(name, args, task, web);
    if (args.kind === "web" && web) this.open(name, args, web, service);
    this.scale(name, args, service);
    takeUpUnchanged(`${name}-service`, service, args.deployment);

    this.serviceName = service.name;
    this.serviceArn = service.id;
    this.taskDefinitionArn = task.definition.arn;
    this.taskRoleArn = task.roles.task.arn;
    this.executionRoleArn = task.roles.execution.arn;
    this.securityGroupId = task.securityGroup.id;
    this.logGroupName = task.logGroup.name;
    this.shiftRoleArn = web?.routing.shift?.role.arn;
    this.url = web?.routing.url;
    this.endpoint = endpoint(args, service);
    const { securityGroupId } = this;
    this.admission = { name, port: callPort(args), containerPort: port, securityGroupId };
    this.registerOutputs({
      serviceName: this.serviceName,
      taskDefinitionArn: this.taskDefinitionArn,
      url: this.url,
    });
  }

  /**
   * Lets the tasks of a service that calls this one connect, at the one port that is for them.
   * @param caller what the rule is called after.
   * @throws pulumi.ResourceError where it has no name to be called by.
   */
  admit(caller: string, securityGroupId: pulumi.Input<string>, tags?: Tags): void {
    admitCall(this.admission, { caller, securityGroupId, tags }, this);
  }

  /**
   * Lets tasks connect that find this service's by `registryArn`, to the container itself.
   * @param caller what the rule is called after.
   * @throws pulumi.ResourceError where it listens on no port.
   */
  admitDirectly(caller: string, securityGroupId: pulumi.Input<string>, tags?: Tags): void {
    admitDirect(this.admission, { caller, securityGroupId, tags }, this);
  }

  private route(name: string, args: WebServiceArgs, tasks: aws.ec2.SecurityGroup): Web {
    const { network, tags } = args;
    const loadBalancer =
      args.loadBalancer ?? new LoadBalancer(name, { network, tags }, { parent: this });
    openFromLoadBalancer(name, { loadBalancer, tags, tasks }, this);
    const route = {
      loadBalancer,
      vpcId: network.vpcId,
      route: args.route ?? {},
      healthCheck: args.healthCheck ?? {},
      drainSeconds: args.drainSeconds ?? 15,
      tags,
    };
    const service = pulumi.output({
      clusterArn: args.cluster.clusterArn,
      serviceName: args.serviceName,
    });
    const led = shifts(args.deployment?.strategy)
      ? shiftRouting(
          name,
          { ...route, service, answeredBy: args.deployment?.hold?.answeredBy },
          this,
        )
      : routing(name, route, this);
    return { loadBalancer, routing: led, ...cutoverOf(name, args) };
  }

  private open(name: string, args: WebServiceArgs, web: Web, service: aws.ecs.Service): void {
    const { loadBalancer, routing } = web;
    const { targetGroup, shift } = routing;
    // Its rule was there before it.
    if (shift) return;
    const route = { loadBalancer, targetGroup, route: args.route ?? {}, tags: args.tags };
    openRoute(name, route, service, web.cutover, this);
  }

  private service(
    name: string,
    args: ServiceArgs,
    { definition, roles, securityGroup }: Task,
    web: Web | undefined,
  ): aws.ecs.Service {
    const given: aws.ecs.ServiceArgs = {
      name: args.serviceName,
      cluster: args.cluster.clusterArn,
      taskDefinition: definition.arn,
      desiredCount: args.scaling.min,
      capacityProviderStrategies: capacityOfService(args),
      // Without it, a change of capacity would replace the service, and its tasks with it.
      forceNewDeployment: true,
      networkConfiguration: taskNetwork(args, securityGroup),
      ...(args.kind === "web" && web ? balanced(args, web.routing) : {}),
      ...deploymentSettings(args.deployment ?? {}),
      ...connectSettings(args),
      ...deploymentAlarms(args, this.alarmNames),
      enableExecuteCommand: args.exec ?? false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags: args.tags,
    };
    const settings = args.transform?.service?.(given) ?? given;
    return new aws.ecs.Service(`${name}-service`, settings, {
      parent: this,
      dependsOn: [...roles.policies, ...(web?.routing.before ?? [])],
      ignoreChanges: [
        ...(scales(args.scaling) ? ["desiredCount"] : []),
        // What the provider makes of a block that is gone depends on what else changes: nothing, or a change again and again.
        ...(settings.alarms === undefined ? ["alarms"] : []),
      ],
      hooks: connectHooks(args, {
        ...args.cluster.serviceHooks,
        ...shiftHooks(args, web?.held?.hold),
      }),
    });
  }

  private scale(name: string, args: ServiceArgs, service: aws.ecs.Service): void {
    if (!scales(args.scaling)) {
      return;
    }
    const { requests } = this;
    const { clusterName } = args.cluster;
    const target = { clusterName, serviceName: service.name, requests, tags: args.tags };
    autoscaling(name, target, args.scaling, this);
  }
}

/** Where its requests are counted, whichever of its target groups has the tasks. */
function counted(web: Web | undefined): CountedRequests | undefined {
  if (!web) return undefined;
  const { targetGroup, shift } = web.routing;
  const groups = [targetGroup, ...(shift ? [shift.alternate] : [])];
  return {
    loadBalancerSuffix: web.loadBalancer.arnSuffix,
    targetGroupSuffixes: groups.map(({ arnSuffix }) => arnSuffix),
  };
}

/** The load balancer of a web service, as ECS has it. */
function balanced(args: WebServiceArgs, { targetGroup, shift }: Routing) {
  return {
    loadBalancers: [
      {
        targetGroupArn: targetGroup.arn,
        ...routedContainer(args),
        ...(shift ? { advancedConfiguration: advancedConfiguration(shift) } : {}),
      },
    ],
    healthCheckGracePeriodSeconds: args.healthCheck?.graceSeconds ?? 30,
  };
}

interface Web extends ServiceCutover {
  readonly loadBalancer: ServingLoadBalancer;
  readonly routing: Routing;
}
