/**
 * Keeps the services of a rehearsal answering after `npm start -- --keep` has ended: their containers, and the load
 * balancers that lead to them. It ends when it is told to, and when the emulator does.
 */
import "../sdkWarning";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { answering, openAddresses } from "../addresses";
import { attachEmulator } from "../emulator";
import { connectionTo } from "../runner/connection";
import { serve } from "../runner/served";
import { removeKept, writeKept, type KeepOrder } from "./record";

const lookMs = 2_000;
const log = (line: string) => void process.stderr.write(`${line}\n`);

async function keep(order: KeepOrder): Promise<void> {
  const { nonce, recordFile, emulatorRecordFile, tools, folder, wanted, before } = order;
  const emulator = await attachEmulator(emulatorRecordFile);
  if (!emulator) throw new Error(`no emulator answers as ${emulatorRecordFile} says`);
  const served = serve({ connection: connectionTo(emulator), tools, folder, log });
  const opened = await openAddresses(served, wanted, before);
  const addresses = await answering(served, wanted, opened, log);

  let ending: Promise<void> | undefined;
  // Where the record is gone, nothing of it is left: who asked for the end may remove its files then.
  const end = () => (ending ??= served.close().finally(() => removeKept(recordFile, nonce)));
  const server = createServer((request, response) => {
    if (request.method !== "POST" || request.url !== `/${nonce}/stop`) {
      response.writeHead(404).end();
      return;
    }
    void end().then(() => response.end("ended\n", () => process.exit()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const control = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeKept(recordFile, { pid: process.pid, control, nonce, addresses });

  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    const found = await attachEmulator(emulatorRecordFile);
    if (found?.url === emulator.url) continue;
    log("the emulator has ended");
    await end();
    process.exit();
  }
}

text(process.stdin)
  .then((order) => keep(JSON.parse(order) as KeepOrder))
  .catch((error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  });
