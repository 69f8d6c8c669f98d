import assert from "node:assert/strict";
import { environmentNames } from "../../../contract/names";
import { approvalEntries } from "../../../delivery/audit/approvals";
import { audit, type AuditPorts } from "../../../delivery/audit/audit";
import type { AuditEntry } from "../../../delivery/audit/entries";
import { ledgerEntries } from "../../../delivery/audit/ledger";
import { loggedSessions } from "../../../delivery/audit/sessions";
import { auditCsv, auditText } from "../../../delivery/audit/text";
import type { LedgerNote } from "../../../delivery/ledger";
import { begun, deployed, failed, minute, Story, verified } from "../metrics/records";

const names = environmentNames({ name: "shop", stack: "production" });
const period = { since: new Date(minute(0)), until: new Date(minute(1000)) };
const token = `ghp_${"a".repeat(36)}`;
const ada = "arn:aws:sts::123456789012:assumed-role/Admin/ada";

describe("an audit", () => {
  let story: Story;
  const notes: LedgerNote[] = [
    {
      ...{ note: "override", by: "ada", reason: `see ${token}`, at: minute(5), number: 1 },
      ...{ until: minute(60), gates: ["windows"], version: 1 },
    },
    { note: "hold", by: "lin", reason: "payments\nfail", at: minute(30), number: 2, version: 2 },
  ];
  const approval = {
    ...{ stageName: "Approve", actionName: "Approve", status: "Succeeded", updatedBy: ada },
    ...{ startTime: new Date(minute(1)), lastUpdateTime: new Date(minute(8)) },
    input: { actionTypeId: { category: "Approval" } },
    output: { executionResult: { externalExecutionSummary: "looks good" } },
    pipelineExecutionId: "execution-10",
  };
  const session: AuditEntry = {
    ...{ at: minute(40), kind: "session", what: "ExecuteCommand web", who: ada },
    ...{ source: "CloudTrail", id: "e-1" },
  };

  beforeEach(() => {
    story = new Story();
    story.add(begun(10, 1), deployed(12), verified(14));
    story.add(begun(20, 2), failed(25, "deploy", 1));
  });

  const approvals = (pages: readonly object[]) => {
    const asked: unknown[] = [];
    const send = ({ input }: { input: { nextToken?: string } }): Promise<unknown> => {
      asked.push(input.nextToken);
      return Promise.resolve(pages[asked.length - 1]);
    };
    return { asked, entries: approvalEntries({ send } as never, names.pipeline, period) };
  };

  const ports = (more: Partial<AuditPorts> = {}): AuditPorts => ({
    ...{ stack: "production", region: "eu-west-1", now: new Date(minute(1000)) },
    sessionLog: names.execLogGroup,
    ledger: () => Promise.resolve({ records: story.records, notes, isWhole: true }),
    approvals: () => approvals([{ actionExecutionDetails: [approval] }]).entries,
    trail: () =>
      Promise.resolve({ entries: [session], sessions: new Map([["s-1", session]]), gaps: [] }),
    sessions: () =>
      Promise.resolve([
        { ...session, who: undefined, what: "a session was logged", id: "s-1" },
        { ...session, who: undefined, what: "a session was logged", id: "s-2" },
      ]),
    ...more,
  });

  const reader = { now: new Date(minute(1000)), timezone: "Europe/Berlin" };

  it("is everything in the order of time, each once, with who and why", async () => {
    const { audit: made, isAny } = await audit(ports(), period);
    assert.equal(isAny, true);
    assert.deepEqual(
      made.entries.map(({ at, kind, who }) => [at, kind, who]),
      [
        [minute(5), "override", "ada"],
        [minute(8), "approval", ada],
        [minute(10), "deployment", "ada"],
        [minute(12), "deployment", "ada"],
        [minute(14), "deployment", "ada"],
        [minute(20), "deployment", "ada"],
        [minute(25), "deployment", "ada"],
        [minute(30), "hold", "lin"],
        [minute(40), "session", ada],
        [minute(40), "session", undefined],
      ],
    );
    const [override, approved] = made.entries;
    assert.equal(override.detail, "(not shown: it seems to hold a token of GitHub)");
    assert.equal(approved.detail, "looks good");
    assert.equal(made.entries.at(-2)?.detail, "logged in s-1");
    const text = auditText(made, reader);
    assert.match(text, /^production: 10 entries from 2026-01-01 01:00 to /);
    assert.match(
      text,
      /^2026-01-01 01:08 +approval +Admin\/ada +Approve\/Approve: approved +looks good$/m,
    );
    assert.match(
      text,
      /deployment 2 \(deploy\) of 00000002-2 failed +it is bad; 00000001-1 put back$/m,
    );
    assert.match(text, /payments fail$/m);
    assert.doesNotMatch(text + JSON.stringify(made) + auditCsv(made), /ghp_/);
  });

  it("hides nothing for what cannot be read, and says which right it takes", async () => {
    const denied = () =>
      Promise.reject(
        Object.assign(new Error("not allowed"), { name: "AccessDenied", $metadata: {} }),
      );
    const { audit: made, isAny } = await audit(ports({ trail: denied, approvals: denied }), period);
    assert.equal(isAny, true);
    assert.equal(made.entries.length, 9);
    const text = auditText(made, reader);
    assert.match(
      text,
      /Not here:\n {2}approvals cannot be read \(codepipeline:ListActionExecutions\): AccessDenied: not allowed/,
    );
    assert.match(text, /secrets, sessions and changes .*\(cloudtrail:LookupEvents\)/);
    const all = { ledger: denied, trail: denied, approvals: denied, sessions: denied };
    assert.equal((await audit(ports(all), period)).isAny, false);
  });

  it("says that CodePipeline forgets after a year", async () => {
    const long = { ...period, since: new Date("2024-01-01") };
    assert.match((await audit(ports(), long)).audit.gaps.join(), /approvals for twelve months/);
    const { gaps } = (await audit(ports({ approvals: undefined }), long)).audit;
    assert.doesNotMatch(gaps.join(), /twelve months/);
  });

  it("tells who took a lock away", () => {
    story.add(begun(50, 3), [55, { event: "unlocked", actor: "lin" }]);
    const entries = ledgerEntries({ records: story.records }, period);
    const { kind, who, what } = entries.find(({ at }) => at === minute(55)) ?? assert.fail();
    assert.deepEqual(
      [kind, who, what],
      ["unlock", "lin", "the lock of deployment 3 was taken away"],
    );
  });

  it("leaves out what lies before and after", () => {
    const short = { since: new Date(minute(12)), until: new Date(minute(20)) };
    const entries = ledgerEntries({ records: story.records, notes }, short);
    assert.deepEqual(
      entries.map(({ at }) => at),
      [minute(20), minute(12), minute(14)],
    );
  });

  it("reads approvals alone, page by page, until all of a page are older", async () => {
    const old = {
      ...approval,
      startTime: new Date(minute(-50)),
      lastUpdateTime: new Date(minute(-49)),
    };
    const waiting = { ...approval, status: "InProgress", updatedBy: undefined };
    const build = { ...approval, input: { actionTypeId: { category: "Build" } } };
    const { asked, entries } = approvals([
      { actionExecutionDetails: [waiting, build], nextToken: "1" },
      { actionExecutionDetails: [{ ...approval, status: "Failed" }, old], nextToken: "2" },
      { actionExecutionDetails: [old], nextToken: "3" },
    ]);
    assert.deepEqual(
      (await entries).map(({ what, who }) => [what, who]),
      [
        ["Approve/Approve: waits for an answer", undefined],
        ["Approve/Approve: rejected, or not answered in time", ada],
      ],
    );
    assert.deepEqual(asked, [undefined, "1", "2"]);
  });

  it("knows no session where there is no log of them", async () => {
    const gone = Object.assign(new Error("no"), { name: "ResourceNotFoundException" });
    const logs = { send: () => Promise.reject(gone) } as never;
    assert.deepEqual(await loggedSessions(logs, names.execLogGroup, period), []);
  });

  it("is a table in which no cell is a formula, or ends its row", () => {
    const entry = { ...session, who: "=HYPERLINK(1)", detail: 'a "b",\nc' };
    assert.equal(
      auditCsv({ entries: [entry] }),
      "at,kind,who,what,detail,source,id\r\n" +
        `${minute(40)},session,'=HYPERLINK(1),ExecuteCommand web,"a ""b"",\nc",CloudTrail,e-1\r\n`,
    );
  });
});
