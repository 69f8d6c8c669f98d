import assert from "node:assert/strict";
import { DeliveryError } from "../../../delivery/errors";
import { findSessionPlace, openExecSession } from "../../../operations/exec";
import { failureOf } from "../delivery/failureOf";
import { region, seedService, targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";

describe("a session on the emulator", () => {
  let bench: DeliveryBench;

  useBench((started) => (bench = started));

  it("finds a container whose agent runs, and is told that none opens in a rehearsal", async () => {
    const target = targetOf();
    await seedService(bench, target, "aaaaaaaa", { enableExecuteCommand: true });
    const { ecs } = bench.clients;
    const place = await findSessionPlace({ ecs, target, service: "web", command: [] });
    assert.deepEqual(
      [place.container, place.command, place.cluster],
      ["app", "/bin/sh", target.names.cluster],
    );
    const opening = openExecSession({ ecs, region, place, version: "1.2.650.0" });
    const error = await failureOf(DeliveryError, opening);
    assert.match(error.message, /^ECS opens no session in task .*: No sessions in a rehearsal/);
  });
});
