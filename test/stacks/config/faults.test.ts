import assert from "node:assert/strict";
import { faultsOf, services, web, type Options, type Values } from "./support";

/** A wrong config, and the one fault that it must have: path and mend. */
type Case = [title: string, values: Values, path: string, mend: string, options?: Options];

function check(cases: readonly Case[]) {
  for (const [title, values, path, mend, options] of cases) {
    it(`fails when ${title}`, () => {
      const faults = faultsOf(values, options).map((fault) => [fault.path, fault.mend]);
      assert.deepEqual(faults, [[path, mend]]);
    });
  }
}

const network = (value: Values): Values => ({ services, network: value });
const cluster = (value: Values, service: Values = {}): Values => ({
  services: { web: service },
  cluster: value,
});
const loadBalancer = (value: Values): Values => ({ services, loadBalancer: value });
const pipeline = (value: Values): Values => ({ services, pipeline: value });

const certificateArn =
  "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
const example = "write it as 10.10.0.0/16";
const oneService = "name one: gantry:services: { web: { path: app, port: 3000 } }";

describe("faults of a stack", () => {
  check([
    ["no service is named", {}, "gantry:services", oneService],
    ["services are empty", { services: {} }, "gantry:services", oneService],
    [
      "services are a list",
      { services: [{}] },
      "gantry:services",
      "write its keys below gantry:services, one a line",
    ],
    ["a key is misspelt", { servces: services }, "gantry:servces", "did you mean services?"],
    ["a key is unknown", { services, colour: "red" }, "gantry:colour", "remove colour"],
    [
      "a section is a text",
      { services, network: "create" },
      "gantry:network",
      "write its keys below gantry:network, one a line",
    ],
    [
      "a section is no JSON",
      { services, logs: "{ retentionDays: 3" },
      "gantry:logs",
      "write its keys below gantry:logs, one a line",
    ],
    [
      "a section is empty",
      { services, logs: null },
      "gantry:logs",
      "give logs a value, or remove it",
    ],
    ["the name has capitals", { services, name: "MyShop" }, "gantry:name", "write my-shop"],
    ["the name is a number", { services, name: "12" }, "gantry:name", "write it as shop or web-shop"],
    [
      "the project's name cannot be the name",
      { services },
      "gantry:name",
      "set gantry:name: my-shop",
      { project: "My_Shop" },
    ],
    [
      "the name makes the release bucket's too long",
      { services, name: "a-product-with-a-long-name" },
      "gantry:name",
      "set gantry:name to one of at most 18 characters",
    ],
    [
      "the name is too long for the region",
      { services, name: "a-product-of-21-chars" },
      "gantry:name",
      "set gantry:name to one of at most 20 characters",
      { region: "us-east-1x" },
    ],
    [
      "service and product together are too long for a role",
      { name: "warehouse-front", services: { "order-confirmations": {} } },
      "gantry:services.order-confirmations",
      "choose a name of at most 17 characters, or a shorter gantry:name",
    ],
    [
      "the stack's name has capitals",
      { services },
      "the stack's name",
      "pulumi stack rename qa-eu",
      { stack: "QA_EU" },
    ],
    ["protection is a word", { services, protection: "on" }, "gantry:protection", "set protection: true"],
    ["logs are kept for ten days", { services, logs: { retentionDays: 10 } }, "gantry:logs.retentionDays", "set retentionDays: 14"],
    ["no release is kept", { services, registry: { keepReleases: 0 } }, "gantry:registry.keepReleases", "set keepReleases: 1"],
    ["too many releases are kept", { services, registry: { keepReleases: 1000 } }, "gantry:registry.keepReleases", "set keepReleases: 500"],
  ]);
});

describe("faults of the network", () => {
  const vpcId = "vpc-0a1b2c3d4e5f60718";
  const subnet = (digit: number) => `subnet-0a1b2c3d4e5f6071${digit}`;
  check([
    ["the mode is misspelt", network({ mode: "exsting" }), "gantry:network.mode", "set mode: existing"],
    ["the mode is no mode", network({ mode: 5 }), "gantry:network.mode", "choose one of these"],
    ["the CIDR is no network", network({ cidr: "10.10" }), "gantry:network.cidr", example],
    ["the CIDR is an address", network({ cidr: "10.10.3.4/16" }), "gantry:network.cidr", "set cidr: 10.10.0.0/16"],
    ["the CIDR is too large", network({ cidr: "10.0.0.0/8" }), "gantry:network.cidr", "set cidr: 10.0.0.0/16"],
    ["the CIDR is too small", network({ cidr: "10.9.8.0/24" }), "gantry:network.cidr", "set cidr: 10.9.8.0/21"],
    [
      "the CIDR is public",
      network({ cidr: "8.8.0.0/16" }),
      "gantry:network.cidr",
      "choose one inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10",
    ],
    ["there is one zone", network({ zones: 1 }), "gantry:network.zones", "set zones: 2"],
    ["there are seven zones", network({ zones: 7 }), "gantry:network.zones", "set zones: 6"],
    ["zones are a text", network({ zones: "3" }), "gantry:network.zones", "set zones: 3, without quotes"],
    ["zones are broken", network({ zones: 2.4 }), "gantry:network.zones", "set zones: 2"],
    ["nat is misspelt", network({ nat: "perzone" }), "gantry:network.nat", "set nat: perZone"],
    ["flow logs are a text", network({ flowLogs: "yes" }), "gantry:network.flowLogs", "set flowLogs: true"],
    [
      "an endpoint is a whole service name",
      network({ interfaceEndpoints: ["com.amazonaws.eu-west-1.ecr.api"] }),
      "gantry:network.interfaceEndpoints[0]",
      "write ecr.api",
    ],
    ["an endpoint is there twice", network({ interfaceEndpoints: ["logs", "logs"] }), "gantry:network.interfaceEndpoints[1]", "remove one logs"],
    [
      "a peer overlaps the VPC",
      network({ peerCidrs: ["192.168.0.0/16", "10.0.0.0/8"] }),
      "gantry:network.peerCidrs[1]",
      "set network.cidr to one that no peer has; two networks that overlap cannot be connected",
    ],
    ["peers overlap", network({ peerCidrs: ["172.16.0.0/12", "172.20.0.0/16"] }), "gantry:network.peerCidrs[1]", "remove 172.20.0.0/16, which the other contains"],
    ["a peer is no network", network({ peerCidrs: ["office"] }), "gantry:network.peerCidrs[0]", example],
    ["a key is of the other mode", network({ vpcId }), "gantry:network.vpcId", "remove vpcId, or set mode: existing"],
    ["an id is none", network({ mode: "existing", vpcId: "main" }), "gantry:network.vpcId", "write the id that the VPC console shows, vpc- and 17 hexadecimal digits"],
    [
      "subnets come without their VPC",
      network({ mode: "existing", publicSubnetIds: [subnet(1), subnet(2)] }),
      "gantry:network.publicSubnetIds",
      "add the vpcId of these subnets, or remove publicSubnetIds",
    ],
    ["a VPC for the web has one public subnet", network({ mode: "existing", vpcId, publicSubnetIds: [subnet(1)] }), "gantry:network.publicSubnetIds", "add publicSubnetIds of the VPC"],
    [
      "a VPC for workers has no subnet",
      { services: { jobs: { kind: "worker" } }, network: { mode: "existing", vpcId } },
      "gantry:network.privateSubnetIds",
      "add privateSubnetIds of the VPC",
    ],
    [
      "a subnet is public and private",
      network({ mode: "existing", vpcId, publicSubnetIds: [subnet(1), subnet(2)], privateSubnetIds: [subnet(2)] }),
      "gantry:network.privateSubnetIds[0]",
      `remove one ${subnet(2)}`,
    ],
  ]);
});

describe("faults of the cluster", () => {
  check([
    ["the capacity is unknown", cluster({ capacity: "lambda" }), "gantry:cluster.capacity", "choose one of these"],
    ["a share of Spot stands beside fargate", cluster({ onDemandBase: 1 }), "gantry:cluster.onDemandBase", "remove onDemandBase, or set capacity: fargateSpot"],
    ["instances stand beside fargate", cluster({ ec2: {} }), "gantry:cluster.ec2", "remove ec2, or set capacity: ec2"],
    ["no task may run anywhere", cluster({ capacity: "fargateSpot", spotWeight: 0, onDemandWeight: 0 }), "gantry:cluster.spotWeight", "set spotWeight: 1"],
    ["more instances are wanted than allowed", cluster({ capacity: "ec2", ec2: { minInstances: 5, maxInstances: 3 } }), "gantry:cluster.ec2.minInstances", "set minInstances: 3, or raise maxInstances"],
    ["the instance type is none", cluster({ capacity: "ec2", ec2: { instanceType: "medium" } }), "gantry:cluster.ec2.instanceType", "write an instance type such as t3.medium"],
    [
      "instances have another architecture",
      cluster({ capacity: "ec2", ec2: { instanceType: "m7gd.large" } }),
      "gantry:services.web.architecture",
      "set architecture: ARM64, or choose another cluster.ec2.instanceType",
    ],
    ["a task is too small for an instance", cluster({ capacity: "ec2" }, { cpu: 64 }), "gantry:services.web.cpu", "set cpu: 128"],
  ]);
});

describe("faults of the load balancer", () => {
  check([
    ["the certificate is no ARN", loadBalancer({ certificateArn: "shop" }), "gantry:loadBalancer.certificateArn", "copy the ARN from ACM, arn:aws:acm:<region>:<account>:certificate/<id>"],
    [
      "the certificate is elsewhere",
      loadBalancer({ certificateArn }),
      "gantry:loadBalancer.certificateArn",
      "request the certificate in us-east-1 and give its ARN",
      { region: "us-east-1" },
    ],
    [
      "there are a certificate and a domain",
      loadBalancer({ certificateArn, domain: { name: "shop.example.com", zone: "example.com" } }),
      "gantry:loadBalancer.certificateArn",
      "remove certificateArn, or remove domain",
    ],
    [
      "the domain is outside its zone",
      loadBalancer({ domain: { name: "badexample.com", zone: "example.com" } }),
      "gantry:loadBalancer.domain.name",
      "name the hosted zone that the domain is in as loadBalancer.domain.zone",
    ],
    ["the domain is a URL", loadBalancer({ domain: { name: "https://shop.example.com/", zone: "example.com" } }), "gantry:loadBalancer.domain.name", "write shop.example.com"],
    ["the zone is missing", loadBalancer({ domain: { name: "example.com" } }), "gantry:loadBalancer.domain.zone", "add zone: a domain name such as shop.example.com"],
    ["clients are an address", loadBalancer({ allowedCidrs: ["203.0.113.7/24"] }), "gantry:loadBalancer.allowedCidrs[0]", "write 203.0.113.0/24"],
    [
      "clients overlap",
      loadBalancer({ allowedCidrs: ["203.0.113.0/24", "0.0.0.0/0"] }),
      "gantry:loadBalancer.allowedCidrs[1]",
      "remove 203.0.113.0/24, which the other contains",
    ],
    ["the idle timeout is too long", loadBalancer({ idleTimeoutSeconds: 4001 }), "gantry:loadBalancer.idleTimeoutSeconds", "set idleTimeoutSeconds: 4000"],
    ["the policy is none", loadBalancer({ sslPolicy: "TLS13" }), "gantry:loadBalancer.sslPolicy", "write a security policy such as ELBSecurityPolicy-TLS13-1-2-2021-06"],
  ]);
});

describe("faults of the pipeline", () => {
  const connectionArn =
    "arn:aws:codeconnections:eu-west-1:123456789012:connection/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
  const github = { type: "github", repository: "acme/shop", connectionArn };
  check([
    ["the source has no type", pipeline({ source: {} }), "gantry:pipeline.source.type", "add type: github, codecommit or s3"],
    ["the repository has no owner", pipeline({ source: { ...github, repository: "shop" } }), "gantry:pipeline.source.repository", "write it as owner/name"],
    ["the connection is missing", pipeline({ source: { type: "github", repository: "acme/shop" } }), "gantry:pipeline.source.connectionArn", "add connectionArn: the ARN of a connection"],
    ["a key is of another source", pipeline({ source: { ...github, bucket: "b" } }), "gantry:pipeline.source.bucket", "remove bucket, or set type: s3"],
    ["it promotes to itself", pipeline({ promoteTo: { stack: "staging" } }), "gantry:pipeline.promoteTo.stack", "name the stack that gets what was verified here, or remove promoteTo"],
    ["the account is too short", pipeline({ promoteTo: { stack: "production", account: 12 } }), "gantry:pipeline.promoteTo.account", "write its 12 digits, in quotes"],
    ["the region is none", pipeline({ promoteTo: { stack: "production", region: "Ireland" } }), "gantry:pipeline.promoteTo.region", "write a region such as eu-west-1"],
    ["the deploy stage is unknown", pipeline({ deploy: "Pulumi" }), "gantry:pipeline.deploy", "set deploy: pulumi"],
  ]);
});

describe("faults of a service's own", () => {
  check([
    ["its name has capitals", { services: { Web: {} } }, "gantry:services.Web", "call it web"],
    ["its name is too long", { name: "s", services: { "order-confirmation-mailer": {} } }, "gantry:services.order-confirmation-mailer", "call it order-confirmation-m"],
    ["it is no object", { services: { web: "app" } }, "gantry:services.web", "write an object"],
    ["a key is misspelt", web({ memory: 512 }), "gantry:services.web.memory", "did you mean memoryMiB?"],
    ["a worker has a port", web({ kind: "worker", port: 80 }), "gantry:services.web.port", "remove port, or set kind: web"],
    ["a worker is scaled by requests", web({ kind: "worker", scaling: { requestsPerTarget: 5 } }), "gantry:services.web.scaling.requestsPerTarget", "remove requestsPerTarget, or set kind: web"],
    ["its folder is outside", web({ path: "../app" }), "gantry:services.web.path", "name a folder inside the project"],
    ["its folder is absolute", web({ path: "/app" }), "gantry:services.web.path", "write it relative to Pulumi.yaml, such as app"],
    ["its port is none", web({ port: 65536 }), "gantry:services.web.port", "set port: 65535"],
    ["its CPU is in vCPUs", web({ cpu: 0.5 }), "gantry:services.web.cpu", "set cpu: 512 (1024 are one vCPU)"],
    ["its CPU is no size of Fargate", web({ cpu: 1000 }), "gantry:services.web.cpu", "set cpu: 1024 (1024 are one vCPU)"],
    ["its memory does not go with its CPU", web({ cpu: 256, memoryMiB: 768 }), "gantry:services.web.memoryMiB", "set memoryMiB: 1024"],
    ["its memory goes with no CPU", web({ memoryMiB: 513 }), "gantry:services.web.memoryMiB", "set memoryMiB: 512"],
    ["its architecture is misspelt", web({ architecture: "arm64" }), "gantry:services.web.architecture", "set architecture: ARM64"],
    ["its timeout is not below its interval", web({ healthCheck: { intervalSeconds: 10, timeoutSeconds: 10 } }), "gantry:services.web.healthCheck.timeoutSeconds", "set timeoutSeconds: 9, or raise intervalSeconds"],
    ["its health check has no slash", web({ healthCheck: { path: "health" } }), "gantry:services.web.healthCheck.path", "write /health"],
    ["it is healthy with errors", web({ healthCheck: { matcher: "200-599" } }), "gantry:services.web.healthCheck.matcher", "write it as 200 or 200-299"],
    ["it has fewer tasks at most than at least", web({ scaling: { min: 4, max: 3 } }), "gantry:services.web.scaling.min", "set min: 3, or raise max"],
    ["the web may have no task", web({ scaling: { min: 0 } }), "gantry:services.web.scaling.min", "set min: 1"],
    ["its command is one text", web({ command: "node main.js" }), "gantry:services.web.command", "set command: [node main.js], a list"],
    ["its command is empty", web({ command: [] }), "gantry:services.web.command", "name one, or remove the key"],
    ["it stops too slowly", web({ stopTimeoutSeconds: 121 }), "gantry:services.web.stopTimeoutSeconds", "set stopTimeoutSeconds: 120"],
    ["its user is none", web({ user: "a b" }), "gantry:services.web.user", "write a user or user:group, such as node or 1000:1000"],
  ]);
});
