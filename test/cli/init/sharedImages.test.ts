import assert from "node:assert/strict";
import { findServices } from "../../../cli/init/findServices";
import { sourceFiles } from "../../../cli/init/sourceFiles";
import { stackFile } from "../../../cli/init/stackFile";
import { serviceTable } from "../../../cli/init/summary";
import { readEngineConfig } from "../../../stacks/config/engineYaml";
import { parseConfig } from "../../../stacks/config";
import { aRepository, type Repository } from "./repository";

const dockerfile = 'FROM python:3.13\nEXPOSE 8000\nCMD ["gunicorn", "app"]\n';

describe("services that run one image", () => {
  let repository: Repository;
  beforeEach(() => (repository = aRepository()));
  afterEach(() => repository.remove());

  async function found(files: Readonly<Record<string, string>>) {
    for (const [path, content] of Object.entries(files)) repository.lay(path, content);
    return findServices(repository.root, await sourceFiles(repository.root));
  }

  /** The stack file, and its services as they are written there. */
  async function written(files: Readonly<Record<string, string>>) {
    const { services } = await found(files);
    const origin = { branch: "main", name: "shop" };
    const text = stackFile("staging", { region: "eu-west-1", services, origin });
    const { values } = readEngineConfig(text);
    parseConfig({ project: "shop", stack: "staging", values });
    type Written = Record<string, Record<string, unknown>>;
    return { text, services: JSON.parse(values["gantry:services"]) as Written, found: services };
  }

  describe("of a compose file", () => {
    const compose = [
      "x-app: &app",
      "  build: .",
      "services:",
      "  jobs: { <<: *app, command: celery -A shop worker }",
      '  web: { <<: *app, ports: ["80:8000"] }',
      "  celery-beat: { <<: *app, entrypoint: [celery], command: [-A, shop, beat] }",
      "  cli: { <<: *app, command: 'run $$HOME ${ARGS}' }",
    ].join("\n");

    it("are built by the one that takes requests, and listen where they say so", async () => {
      const { services, text } = await written({ "compose.yaml": compose, Dockerfile: dockerfile });
      assert.deepEqual(services, {
        jobs: { kind: "worker", imageOf: "web", command: ["celery", "-A", "shop", "worker"] },
        web: { build: ".", port: 8000, healthCheck: { path: "/" } },
        "celery-beat": {
          ...{ kind: "worker", imageOf: "web", entrypoint: ["celery"] },
          ...{ command: ["-A", "shop", "beat"], scaling: { min: 1, max: 1 } },
        },
        cli: { kind: "worker", imageOf: "web" },
      });
      assert.match(text, / {4}jobs:\n {6}# From jobs of compose\.yaml\.\n/);
      assert.match(text, / {4}cli:\n.*\n {6}# Its command there has variables of a shell/);
    });

    it("are told as built once", async () => {
      const { services } = await found({ "compose.yaml": compose, Dockerfile: dockerfile });
      assert.match(serviceTable(services), /jobs +Dockerfile +once, as web +none/);
      assert.match(serviceTable(services), /web +Dockerfile +the root +8000/);
    });

    it("may name the image that another one builds", async () => {
      const { services } = await written({
        Dockerfile: dockerfile,
        "compose.yaml":
          "services:\n  web: { build: ., image: acme/shop }\n  jobs: { image: acme/shop, command: jobs }\n  db: { image: postgres:17 }\n",
      });
      assert.deepEqual(Object.keys(services), ["web", "jobs"]);
      assert.deepEqual([services.web.port, services.jobs.imageOf], [8000, "web"]);
    });

    it("have a build each where the builds differ", async () => {
      const { services } = await written({
        Dockerfile: "FROM a AS one\nFROM a AS two\n",
        "compose.yaml":
          "services:\n  a: { build: { context: ., target: one } }\n  b: { build: { context: ., target: two } }\n",
      });
      assert.deepEqual(
        Object.values(services).map(({ imageOf }) => imageOf),
        [undefined, undefined],
      );
    });
  });

  describe("of a Procfile", () => {
    const procfile = [
      "# comment",
      "release: python manage.py migrate",
      "web: gunicorn shop -b 0.0.0.0:$PORT",
      "worker: celery -A shop worker -c $JOBS",
      "clock: A=1 celery -A shop beat | tee log",
      "console: python manage.py shell",
    ].join("\r\n");

    it("are its lines, with the release before each deployment", async () => {
      const { services, text } = await written({ Procfile: procfile, Dockerfile: dockerfile });
      assert.deepEqual(services, {
        web: {
          ...{ build: ".", port: 8000, healthCheck: { path: "/" } },
          releaseCommand: { command: ["python", "manage.py", "migrate"] },
        },
        worker: {
          ...{ kind: "worker", imageOf: "web" },
          command: ["sh", "-c", "exec celery -A shop worker -c $JOBS"],
        },
        clock: {
          ...{ kind: "worker", imageOf: "web", scaling: { min: 1, max: 1 } },
          command: ["sh", "-c", "A=1 celery -A shop beat | tee log"],
        },
      });
      assert.match(text, /# Is web of Procfile as well; the image's own command is kept\./);
      assert.match(text, /# Its release command is from release of Procfile\./);
      assert.match(text, /worker:\n {6}# From worker of Procfile\./);
    });

    it("give the command where the image has none, and a port where it has none", async () => {
      const { services } = await written({ Procfile: procfile, Dockerfile: "FROM a\n" });
      assert.equal(services.web.port, 3000);
      assert.deepEqual(services.web.command, ["sh", "-c", "exec gunicorn shop -b 0.0.0.0:$PORT"]);
    });

    it("leave out a line that has what looks like a secret, and write the others", async () => {
      const { services, leftOut } = await found({
        Procfile:
          "web: API_KEY=s3cr3t-value serve\nworker: jobs --token s3cr3t-value\nclock: beat\n",
        Dockerfile: "FROM a\nEXPOSE 80\n",
      });
      assert.deepEqual(
        services.map(({ name, command }) => [name, command]),
        [
          [services[0].name, undefined],
          ["clock", ["beat"]],
        ],
      );
      assert.deepEqual(
        leftOut.map(({ path, reason }) => [path, reason.split(":")[0]]),
        [
          ["web of Procfile", "its command has what looks like a secret"],
          ["worker of Procfile", "its command has what looks like a secret"],
        ],
      );
    });

    it("say what an entry point means for them", async () => {
      const { text } = await written({
        Procfile: "worker: jobs",
        Dockerfile: `${dockerfile}ENTRYPOINT ["/run.sh"]\n`,
      });
      assert.match(text, /worker:\n.*\n {6}# It runs behind the image's entry point/);
    });

    it("are called after their folder, and leave out what is for people", async () => {
      const { services, leftOut } = await found({
        "services/api/Procfile": procfile,
        "services/api/Dockerfile": dockerfile,
        "services/site/Dockerfile": "FROM nginx:1.29\n",
      });
      assert.deepEqual(
        services.map(({ name }) => name),
        ["api", "api-worker", "api-clock", "site"],
      );
      assert.deepEqual(leftOut, [
        { path: "console of services/api/Procfile", reason: "a session for people" },
      ]);
    });

    it("add to a compose file of several no more than the release", async () => {
      const files = {
        ...{ Procfile: procfile, Dockerfile: dockerfile },
        "compose.yaml":
          "services:\n  site: { build: ., ports: [8000] }\n  worker: { build: ., command: jobs }\n",
      };
      const { services } = await written(files);
      assert.deepEqual(Object.keys(services), ["site", "worker"]);
      assert.ok(services.site.releaseCommand);
      const { leftOut } = await found(files);
      assert.deepEqual(
        leftOut.map(({ path }) => path),
        ["console of Procfile", "web of Procfile", "clock of Procfile"],
      );
    });

    it("are of the plain Dockerfile where several are beside it", async () => {
      const { services } = await found({
        ...{ Procfile: "web: a\nworker: b", Dockerfile: dockerfile, "api.Dockerfile": "FROM a\n" },
      });
      assert.deepEqual(
        services.map(({ name, dockerfile }) => `${name} ${dockerfile}`),
        ["web Dockerfile", "worker Dockerfile", "api api.Dockerfile"],
      );
    });
  });
});
