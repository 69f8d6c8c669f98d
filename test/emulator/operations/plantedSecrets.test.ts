import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { helpGroups, makeProgram } from "../../../cli/main";
import { leavesOf } from "../../../cli/mcp";
import { wordsOf } from "../../../cli/mcp/tools";
import { systemClock } from "../../../delivery/clock";
import { gantry, type Answer } from "../../cli/support";
import { findSecrets, type PlantedSecret } from "../../support/secretFinder";
import { startDeliveryBench, type DeliveryBench } from "../delivery/support";
import { plant, type Planted } from "./planted";
import type { Person } from "./support";

const word = (count: number) => randomBytes(count).toString("base64url").slice(0, count);

const planted: Planted = {
  database: `postgres://shop:${word(20)}@db.example.com:5432/shop`,
  privateKey: generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey,
  token: `eyJ${word(20)}.eyJ${word(40)}.${word(43)}`,
  payment: `sk_live_${randomBytes(20).toString("hex")}`,
  password: `${word(20)}aA1`,
};

const secrets: PlantedSecret[] = Object.entries<string>({ ...planted }).map(([kind, value]) => ({
  kind,
  value,
}));

/** What is run of which command beside what it must be given, which is the first; none is run with nothing. */
const given: Readonly<Record<string, readonly (readonly string[])[]>> = {
  run: [["report"], ["--service", "web", "--", "node", "migrate.js"]],
  diff: [["staging", "production"]],
  exec: [["web"]],
  scale: [["web", "2"]],
  mirror: [["redis:7.4"]],
  deploy: [["aaaaaaaa-1"]],
  promote: [["aaaaaaaa-1"]],
  override: [["--reason", "a hotfix"]],
  maintenance: [[], ["on"]],
  status: [[], ["--all"]],
  tasks: [[], ["--stopped"]],
  logs: [[], ["--filter", '"secret"']],
  audit: [[], ["--csv"]],
  explain: [[], ["2"], ["1"]],
  open: [["pipeline", "--print"]],
  completion: [["bash"]],
  "build-logs": [[], ["--action", "Deploy"]],
  "secret set": [["DATABASE_URL"]],
  "secret rm": [["DATABASE_URL"]],
  "secret copy": [["DATABASE_URL", "--to", "production"]],
};

/** What is not run here, and why. */
const left: Readonly<Record<string, string>> = {
  init: "is about a repository, not about an environment",
  import: "is about a repository, not about an environment",
  rehearse:
    "is an environment of its own: test/emulator/products.test.ts looks at all that one leaves",
  preview: "runs a program with Pulumi, as a rehearsal does",
  mcp: "answers a program by the other commands' answers",
};

/** By what an answer is changed, beside arguments. */
interface Shell {
  readonly name: string;
  readonly json: boolean;
  readonly colours: boolean;
}

const shells: readonly Shell[] = [
  { name: "without colours", json: false, colours: false },
  { name: "on a terminal", json: false, colours: true },
  { name: "for a program", json: true, colours: false },
];

/** What tells of places where secrets were planted, and so shows that something was left out there. */
const telling = [
  ...["status", "tasks", "logs", "events", "build-logs", "history", "audit", "explain"],
  ...["deploy", "retry", "resume"],
];

describe("what a team keeps secret, on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;

  // What looks asks CloudTrail twice a second.
  const waiting = { ...systemClock };

  before(async () => {
    systemClock.sleep = () => Promise.resolve();
    bench = await startDeliveryBench();
    person = await plant(bench, planted);
  });
  after(async () => {
    Object.assign(systemClock, waiting);
    person.project.remove();
    await bench.stop();
  });

  async function answerOf(words: readonly string[], { colours }: Shell): Promise<Answer> {
    const { stdout } = process;
    const isTTY = Object.getOwnPropertyDescriptor(stdout, "isTTY");
    Object.defineProperty(stdout, "isTTY", { value: colours, configurable: true });
    try {
      return await gantry(words, {
        ...person.env,
        // Pulumi, which some call, would look for a state elsewhere; without it they say so.
        PATH: "",
        ...(colours ? { TERM: "xterm", NO_COLOR: "" } : { NO_COLOR: "1" }),
      });
    } finally {
      if (isTTY) Object.defineProperty(stdout, "isTTY", isTTY);
      else Reflect.deleteProperty(stdout, "isTTY");
    }
  }

  const commands = makeProgram()
    .commands.filter((one) => one.helpGroup() !== helpGroups.pipeline)
    .flatMap((one) => (one.commands.length > 0 ? leavesOf(one) : [one]))
    .filter((one) => !(wordsOf(one) in left));

  it("is asked of every command but those that cannot", () => {
    const all = new Set(leavesOf(makeProgram()).map(wordsOf));
    assert.deepEqual(
      [...Object.keys(given), ...Object.keys(left), ...telling].filter((name) => !all.has(name)),
      [],
    );
  });

  for (const command of commands) {
    const name = wordsOf(command);
    it(`is in no answer of gantry ${name}`, async () => {
      let seen = "";
      const has = (flag: string) => command.options.some(({ long }) => long === flag);
      for (const more of given[name] ?? [[]]) {
        for (const shell of shells) {
          if (shell.json && (!has("--json") || more.includes("--csv"))) continue;
          const words = [...name.split(" "), ...(shell.json ? ["--json"] : []), ...more];
          const where = `gantry ${words.join(" ")} ${shell.name}`;
          const { code, stdout, stderr } = await answerOf(words, shell);
          assert.notEqual(code, 2, `${where}: ${stderr}`);
          seen += stdout + stderr;
          const places = Object.entries({ stdout, stderr }).map(([stream, text]) => ({
            where: `${where}: ${stream}`,
            content: Buffer.from(text),
          }));
          assert.deepEqual(findSecrets(secrets, places), []);
        }
      }
      if (telling.includes(name)) assert.match(seen, /\*\*\*|not shown: it seems to hold/);
    });
  }
});
