import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { tryRun } from "../../delivery/run";
import { removeFolder } from "../../rehearsal/removeFolder";
import type { Report } from "../../rehearsal/report";

/** A team's git repository of two services, and a person with an empty home folder. */
export class TeamRepository {
  private readonly above = realpathSync(mkdtempSync(join(tmpdir(), "gantry-team-")));
  readonly root = join(this.above, "shop");
  private readonly home = join(this.above, "home");

  /** @param own files that the team has beside its services, by path. */
  constructor(own: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.home);
    for (const [path, content] of Object.entries({ ...services, ...own })) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("add", "--all");
    const author = ["-c", "user.name=Acme Developer", "-c", "user.email=dev@example.com"];
    this.git(...author, "commit", "--quiet", "--message", "feat: the shop");
  }

  /**
   * Runs what a person types in a shell at the root.
   * @param variables beside this process's own.
   * @throws Error with all that it printed, where it fails.
   */
  async type(line: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, stdout, output } = await tryRun("bash", ["-c", line], {
      cwd: this.root,
      env: { ...process.env, ...caches, HOME: this.home, ...variables },
    });
    if (code !== 0) throw new Error(`${line}\n${output}`);
    return stdout;
  }

  /** What git sees that is not committed. */
  status(): string[] {
    return this.git("status", "--porcelain").split("\n").filter(Boolean);
  }

  report(folder: string): Report {
    return JSON.parse(this.read(join(folder, ".gantry/report.json"))) as Report;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** A folder beside the repository. */
  beside(name: string): string {
    const folder = join(this.above, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  remove(): void {
    removeFolder(this.above);
  }

  private git(...args: readonly string[]): string {
    return execFileSync("git", ["-C", this.root, ...args], { encoding: "utf8" });
  }
}

/** What costs minutes to make and is nobody's settings: the engine, moto, packages; and where npm gets these. */
const caches = {
  XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  NPM_CONFIG_CACHE: process.env.NPM_CONFIG_CACHE ?? join(homedir(), ".npm"),
  NPM_CONFIG_USERCONFIG: process.env.NPM_CONFIG_USERCONFIG ?? join(homedir(), ".npmrc"),
  NPM_CONFIG_AUDIT: "false",
  NPM_CONFIG_FUND: "false",
  NPM_CONFIG_PREFER_OFFLINE: "true",
};

/** A program of the team's own, which is none of Pulumi's. */
export const ownProgram = {
  // As GitHub's proposal for Node has it, of what `npm pack` leaves.
  ".gitignore": "node_modules/\n*.tgz\n",
  "package.json": '{ "name": "shop", "private": true, "type": "module", "main": "index.js" }\n',
  "tsconfig.json": '{ "compilerOptions": { "strict": true } }\n',
  "index.ts": 'throw new Error("this is the team\'s own program");\n',
};

const services = {
  "packages/shared/index.mjs": 'export const greeting = "hello\\n";\n',
  "services/api/Dockerfile": `FROM public.ecr.aws/docker/library/node:22-alpine
WORKDIR /srv
COPY packages/shared packages/shared
COPY services/api services/api
USER node
EXPOSE 8080
HEALTHCHECK CMD wget -qO- http://127.0.0.1:8080/api/health || exit 1
CMD ["node", "services/api/server.mjs"]
`,
  "services/api/server.mjs": `import { createServer } from "node:http";
import { greeting } from "../../packages/shared/index.mjs";
createServer((_, response) => response.end(greeting)).listen(8080);
`,
  "services/site/Dockerfile": `FROM public.ecr.aws/docker/library/busybox:1.37
COPY httpd.conf /etc/httpd.conf
COPY public /srv
EXPOSE 8081
CMD ["httpd", "-f", "-p", "8081", "-c", "/etc/httpd.conf", "-h", "/srv"]
`,
  "services/site/httpd.conf": "I:index.html\n",
  "services/site/public/index.html": "<h1>Shop</h1>\n",
};
