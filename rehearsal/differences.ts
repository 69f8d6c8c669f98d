/**
 * Everything in which a rehearsal differs from AWS. What is not here must be as it is there: builds are refused variables
 * that neither their pipeline nor this list knows.
 */
export interface Difference {
  readonly id: string;
  /** What AWS, or the person's own account, has in its place. */
  readonly replaces: string;
  /** What a rehearsal has. */
  readonly by: string;
  readonly reason: string;
  /** What a rehearsal therefore does not show. */
  readonly unproven: string;
  /** Variables of builds that exist, or have their values, because of it. A star stands for any ending. */
  readonly variables?: readonly string[];
  /** Keys of the stack files that are replaced because of it. */
  readonly config?: readonly string[];
}

export const differences: readonly Difference[] = [
  {
    id: "endpoints",
    replaces: "the addresses of AWS's services",
    by: "one address, the emulator's, with bucket names in paths",
    reason: "no account is needed, and nothing costs anything",
    unproven:
      "what moto models otherwise than AWS: timing, throttling, limits that it does not know, what a call does whose answer was lost",
    variables: ["AWS_ENDPOINT_URL", "AWS_EC2_METADATA_DISABLED"],
    config: ["aws:skipMetadataApiCheck", "aws:s3UsePathStyle"],
  },
  {
    id: "credentials",
    replaces: "the credentials that CodeBuild's containers fetch of their role",
    by: "a session of the same role, in variables",
    reason: "there is no endpoint for credentials",
    unproven: "that a build outlives the hour of a session",
    variables: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  },
  {
    id: "identity",
    replaces: "the account, profile and roles that a person deploys with, and a second region",
    by: "one account and the region of staging, to which ARNs of parameters and certificates are moved; secrets of Secrets Manager go by their names",
    reason: "the emulator is one account, whose root is the person at it",
    unproven:
      "promotion into another account or region, what the person's own rights are, and what a permissions boundary forbids",
    config: [
      ...["aws:profile", "aws:assumeRole", "aws:assumeRoles"],
      ...["aws:allowedAccountIds", "aws:forbiddenAccountIds", "aws:region"],
    ],
  },
  {
    id: "source",
    replaces: "the repository that a pipeline follows, and the hand-shake of its connection",
    by: "a git repository made of the checkout as it is now, with a connection that is authorised",
    reason: "a rehearsal is of what is on this machine, before anybody pushes it",
    unproven: "that the connection is authorised, and that events of the repository arrive",
    config: ["gantry:pipeline"],
  },
  {
    id: "state",
    replaces: "the backend of Pulumi's state, and its passphrase or key",
    by: "a bucket of the emulator, with a passphrase in a secret that the actions read under their roles",
    reason: "nobody's real state may be touched",
    unproven: "Pulumi Cloud and its access token; a key of KMS for the state's secrets",
    config: ["gantry:pipeline", "secretsprovider", "encryptedkey", "encryptionsalt"],
  },
  {
    id: "keptConfig",
    replaces: "the bucket in which a team keeps the stack files, and its key",
    by: "the bucket of the rehearsal's state, into which the stack files of this machine are put",
    reason: "a rehearsal is of what is on this machine, before anybody pushes it",
    unproven:
      "that the bucket has what is on this machine; where no image says what it starts, a commit that cannot start",
    config: ["gantry:pipeline"],
  },
  {
    id: "network",
    replaces: "the VPC that the stack files ask for",
    by: "the default VPC of the account, as if it had a NAT gateway, with networks of IPv6",
    reason: "the plugin of awsx, which makes it, is in no package registry",
    unproven:
      "network.mode create (unit tests have it), endpoints, and every rule about who reaches whom",
    config: ["gantry:network"],
  },
  {
    id: "presupposed",
    replaces:
      "what people make by hand: secrets and parameters that services name, hosted zones, buckets for access logs",
    by: "ones of the same names, with the value rehearsal",
    reason: "nobody's own are read",
    unproven:
      "that they exist, that their values are right, and that another account lets its secrets be read",
  },
  {
    id: "webAcl",
    replaces: "a web ACL that gantry:loadBalancer.waf names by its ARN",
    by: "what waf: managed makes",
    reason: "it is in nobody's account but the person's own",
    unproven: "that it exists; nothing filters requests, by whichever rules",
    config: ["gantry:loadBalancer"],
  },
  {
    id: "existingLoadBalancer",
    replaces: "a load balancer that gantry:loadBalancer.existingArn names",
    by: "one that is made, as without it",
    reason: "it is in nobody's account but the organisation's own",
    unproven:
      "that it exists in the VPC and listens on 443, that its security group lets it connect to the tasks, and that no rule of others has a priority or takes a request",
    config: ["gantry:loadBalancer"],
  },
  {
    id: "encryptionKey",
    replaces: "the KMS key that gantry:encryptionKeyArn names",
    by: "one that is made, as without it",
    reason: "it is in nobody's account but the person's own",
    unproven: "that it exists, and that its policy lets in who needs it",
    config: ["gantry:encryptionKeyArn"],
  },
  {
    id: "databases",
    replaces: "the databases and caches of gantry:databases and gantry:caches",
    by: "what describes them: addresses that no server answers at, and a secret with a password",
    reason: "the emulator runs no engines",
    unproven:
      "everything that connects to one: a release command or a check of health that needs its database fails here",
  },
  {
    id: "approval",
    replaces: "a person who approves, by gantry approve or in the console",
    by: "the same while the rehearsal asks, or the question at its terminal; granted where there is none, or with --approve",
    reason: "a rehearsal goes on where nobody is asked",
    unproven: "that CodePipeline begins a stage once more by itself after a rejection",
  },
  {
    id: "executions",
    replaces: "CodePipeline, which runs what is started or begun again",
    by: "the rehearsal, which runs what its commits start; it has ended where --keep leaves environments: what gantry deploy, promote and retry start then is in progress and goes nowhere, until gantry cancel --abandon",
    reason: "what --keep leaves answers requests, and has no builder",
    unproven: "everything after their start",
  },
  {
    id: "notifications",
    replaces: "what SNS sends to people, and the channels of gantry:notify.slack and teams",
    by: "the messages themselves, which the report shows; channels are left out",
    reason: "nobody is to be mailed by a rehearsal",
    unproven:
      "that mails arrive and whoever is to get them has confirmed it, how a chat shows a message, and what CloudWatch and Budgets send",
    config: ["gantry:notify"],
  },
  {
    id: "watching",
    replaces:
      "what watches between releases: the daily check for drift, and what explains tasks that fail at night",
    by: "their projects and roles, which nothing starts",
    reason: "a rehearsal takes minutes, in which no day passes and no task fails by itself",
    unproven: "that they start, what they find, and that people are told of it",
  },
  {
    id: "tasks",
    replaces: "the tasks of ECS",
    by: "one container for all tasks of a task definition, of the service's own image, on this machine: it runs until the service has another, and a worker's for five seconds. With buildah, or without a builder, containers share this machine's ports: those that do not listen at PORT take turns at that of their image, started when a request wants them, and names of Service Connect answer nobody while a container starts that may want their port. Volumes on EFS are folders of this machine, which services share (without a builder: each container has its own); ephemeral ones are empty folders of each container. ECS tells loopback addresses of private services' tasks, at which Verify asks them. A container has the secrets that its task's execution role reads, but for those without a value, and keys of its task's role for an hour, by which it calls the emulator (with docker and podman: no keys)",
    reason: "there is no cluster; that it starts and answers decides how ECS's deployment ends",
    unproven:
      "sidecars, which do not run: requests for one go to the service's own container, and what one writes to an ephemeral volume is not there; limits of memory, CPU, storage and other resources, who may mount a volume and as which user its files are written, secrets' values, who may call whom (every name of Service Connect leads to its service; simulated without a root of its own a program knows none), health checks over time, how many tasks there are; sessions (gantry exec), of which none opens; release commands and the tasks of gantry run do not run, and end with 0 and without a log; images of other registries count as healthy",
  },
  {
    id: "shifts",
    replaces: "deployments of ECS that shift traffic (blue/green, canary, linear): their minutes",
    by: "the same stages, rules and weights, in which a minute of a bake or a step takes half a second, and one of a hook that waits its whole time; stages follow at once where nothing holds them. Each request that a load balancer leads to a target is in CloudWatch at once, by target group, at the second at which it came: metrics know minutes of sixty seconds, also where a bake's are shorter",
    reason: "a rehearsal is not to take as long as a release in production",
    unproven:
      "how long tasks take to start and to be healthy, hooks that call functions, and alarms, which nobody evaluates. Between private services a connection has the colour that its first request reached; with docker and podman both colours answer to their name from their start on",
  },
  {
    id: "jobs",
    replaces: "the runs of jobs: Step Functions, EventBridge Scheduler",
    by: "state machines and schedules that are made, changed and removed, and start nothing",
    reason: "the emulator knows the language of state machines no further than their transitions",
    unproven:
      "that a job ends in its time and with exit code 0, repeated attempts, runs that are left out, mails of failures; its image is built, and no container of it is started",
  },
  {
    id: "deployRetry",
    replaces: "the wait until a gate opens, after which Deploy is tried again: Step Functions",
    by: "the state machine as it is defined, under its role, where it opens within ten minutes; else the execution stays failed. What an older execution is at is not seen",
    reason: "a rehearsal is not to take as long as a night",
    unproven:
      "that a release is deployed by itself when a window opens later, and that it waits while an older one is concluded",
  },
  {
    id: "scaling",
    replaces: "Application Auto Scaling: by load, by the time, by the backlog of queues",
    by: "nothing: services keep the tasks that they began with",
    reason:
      "the emulator carries out no policy and no schedule by itself; its tests call for a minute of them",
    unproven:
      "that a service scales, how fast, and that messages of a topic are worked on by tasks that start for them",
  },
  {
    id: "addresses",
    replaces: "the addresses of services behind their load balancers",
    by: "load balancers on this machine, which go by the emulator's listeners, rules, weights and target health. In a container builds have the pipeline's own names and ports for them; under bash, and in a browser, each has a port of this machine. HTTPS is HTTP everywhere",
    reason:
      "a name, a port below 1024 and a certificate that others trust would change this machine",
    unproven:
      "certificates, DNS, rules that log people in, requests to services of protocol http2 and grpc (their health is asked by it), stickiness, slow starts, idle time-outs other than 60 s, draining for longer than ten seconds, how long the nodes of a load balancer take to learn of a changed rule or target (here each request goes by what is so at that moment)",
    variables: ["GANTRY_SERVICE_URLS"],
  },
  {
    id: "baseImages",
    replaces:
      "base images whose registry does not answer: of node, python, nginx, debian, ubuntu, alpine and busybox",
    by: "this machine's Node and a Debian of its release with its Python or nginx, or busybox for Alpine, under the same name in the builder's store",
    reason:
      "a closed network has no registry of base images; where one answers, its images are used",
    unproven:
      "the version of Node, Python and nginx, the entry point of nginx's images with its templates, the packages of the base image, another processor than this machine's, musl and apk of Alpine",
  },
  {
    id: "scans",
    replaces: "the scans of images by ECR or Inspector",
    by: "the answer that there are no findings, at once, whatever the image",
    reason: "nobody here knows today's vulnerabilities",
    unproven:
      "whether an image passes its severity, and whether it can be scanned at all, as one from scratch cannot by basic scanning",
  },
  {
    id: "imageTools",
    replaces: "Docker as CodeBuild has it, and HTTPS of the registry",
    by: "this machine's builder (docker, podman, buildah) with a store of the rehearsal's, and the emulator's registry over HTTP",
    reason:
      "images are built with what there is; without any, they are simulated, and the report says so",
    unproven: "a build by another builder than this machine's",
    variables: [
      ...["GANTRY_BUILDER", "GANTRY_STAND_IN_FOLDER", "BUILDAH_ISOLATION", "STORAGE_DRIVER"],
      ...["CONTAINERS_REGISTRIES_CONF", "CONTAINERS_STORAGE_CONF", "DOCKER_*", "BUILDX_*"],
    ],
  },
  {
    id: "layerCache",
    replaces:
      "the BuildKit that builds start to keep their layers in ECR, where Docker's own builder cannot",
    by: "Docker's own builder, which keeps them where its engine keeps images by containerd (Docker Desktop, Docker 29)",
    reason: "it has the stand-ins of base images, and reaches the emulator's registry",
    unproven:
      "that its image can be pulled; test/emulator/layerCache builds by a BuildKit of the same version",
    variables: ["GANTRY_BUILDKIT_IMAGE"],
  },
  {
    id: "buildHost",
    replaces: "CodeBuild's hosts: its image, and an engine of Docker for builds that may use one",
    by: "containers of this machine's Docker, of a stand-in with the same tools from Debian's packages (AWS's own image with --codebuild-image), with this machine's engine; without Docker this machine's bash and programs",
    reason: "AWS's image has several gigabytes",
    unproven:
      "the image's own versions of git, docker, buildx and the AWS CLI; how much memory, disk and time a host has",
  },
  {
    id: "buildTools",
    replaces:
      "Pulumi and its plugins, which Release downloads and keeps for the actions that run it",
    by: "the engine that this machine has, which Release keeps in their place, and under bash its AWS CLI",
    reason: "where Pulumi's download site does not answer, the engine was built",
    unproven:
      "the download from get.pulumi.com; Pulumi's own AWS plugin where the engine was built, and the plugins of packages that are not used",
    variables: [
      ...["PATH", "PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK"],
      ...["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "TERRAFORM_AWS_PROVIDER"],
    ],
  },
  {
    id: "machine",
    replaces: "the environment of CodeBuild's containers",
    by: "this machine's language, time zone, way out of its network, trust in certificates and settings of npm",
    reason: "builds reach what this machine reaches, in the way it does",
    unproven: "that a build needs nothing of them",
    variables: [
      ...["HOME", "LANG", "LC_*", "TZ", "TERM", "TMPDIR"],
      ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"],
      ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
      ...["NPM_CONFIG_CACHE", "NPM_CONFIG_USERCONFIG"],
    ],
  },
];
