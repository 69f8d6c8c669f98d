import assert from "node:assert/strict";
import { environment } from "./support";

const machine = "aws:sfn/stateMachine:StateMachine";
const services = { web: { build: "app" } };
const windows = {
  timezone: "Europe/Berlin",
  open: [{ days: "mon-fri", from: "09:00", to: "16:00" }],
};

describe("what has Deploy tried again when gates open", () => {
  const made = async (pipeline: object, stack = "production") => {
    const { all } = await environment({ services, pipeline }, { stack });
    const names = all(machine).map(({ inputs }) => inputs.name);
    // Of the alarm for approvals that wait.
    return names.filter((name) => name !== `shop--${stack}--approval--wait`);
  };
  const retry = "shop--production--deploy--retry";

  it("is there with windows, with freezes alone, and with a soak time", async () => {
    const freezes = [{ from: "2026-12-18", to: "2027-01-04" }];
    assert.deepEqual(await made({ windows }), [retry]);
    assert.deepEqual(await made({ windows: { timezone: "UTC", freezes } }), [retry]);
    assert.deepEqual(await made({ soakMinutes: 60 }), [retry]);
  });

  it("is there where commits come from, and where people are asked after the verification", async () => {
    const source = { type: "codecommit", repository: "shop" };
    assert.deepEqual(await made({ source, windows }, "staging"), ["shop--staging--deploy--retry"]);
    assert.deepEqual(await made({ windows, approval: "afterVerification" }), [retry]);
    // What comes while an older one is concluded.
    assert.deepEqual(await made({ approval: "afterVerification" }), [retry]);
  });

  it("is not there by default, nor for alarms alone", async () => {
    assert.deepEqual(await made({}), []);
    assert.deepEqual(await made({ alarms: { also: ["checkout-errors"] } }), []);
    assert.deepEqual(
      await made({ source: { type: "codecommit", repository: "shop" } }, "staging"),
      [],
    );
  });
});
