import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import * as pulumi from "@pulumi/pulumi";
import { tellErrorsToPeople } from "../../stacks/programErrors";

const refused =
  "invocation of aws:secretsmanager/getSecret:getSecret returned an error: " +
  "reading Secrets Manager Secret (shop/key): AccessDeniedException: not authorized";

describe("errors of the program", () => {
  let events: EventEmitter;
  /** What Pulumi's handler finds, which comes after. */
  let found: Error[];

  beforeEach(() => {
    events = new EventEmitter();
    found = [];
    events.on("unhandledRejection", (error: Error) => found.push(error));
    events.on("uncaughtException", (error: Error) => found.push(error));
    tellErrorsToPeople(events);
  });

  const isForPeople = (error: Error) => pulumi.RunError.isInstance(error);

  it("of a component are told without its resource's object", () => {
    const text =
      'error serializing property "a": error serializing property "b": Service port: given 0';
    const error = new pulumi.ResourceError(text, {} as pulumi.Resource);
    events.emit("unhandledRejection", error);
    assert.equal((found[0] as pulumi.ResourceError).hideStack, true);
    assert.equal(found[0].message, "Service port: given 0");
  });

  for (const event of ["unhandledRejection", "uncaughtException"]) {
    it(`of a lookup are told by what was asked, AWS's answer and the fix (${event})`, () => {
      events.emit(event, new Error(`error serializing property "policy": ${refused}`));
      assert.ok(isForPeople(found[0]));
      assert.equal(
        found[0].message,
        "the lookup aws:secretsmanager/getSecret failed: reading Secrets Manager Secret (shop/key): " +
          "AccessDeniedException: not authorized\n" +
          "Name what there is, or let these credentials read it, then run the same again: it goes on where it ended.",
      );
    });
  }

  it("of a lookup that the provider itself refuses are told so, too", () => {
    events.emit(
      "uncaughtException",
      new Error("Invoke of 'aws:ec2/getVpcs:getVpcs' failed: 2 (filters)"),
    );
    assert.match(found[0].message, /^the lookup aws:ec2\/getVpcs failed: 2 \(filters\)\n/);
  });

  it("of one lookup are told once, wherever its result was used", () => {
    events.emit("unhandledRejection", new Error(refused));
    events.emit("unhandledRejection", new Error(`error serializing property "arn": ${refused}`));
    assert.equal(found[1].message, "aws:secretsmanager/getSecret failed, as told already");
    assert.ok(isForPeople(found[1]));
  });

  it("that are defects keep their trace", () => {
    const defect = new TypeError("x is not a function");
    const { message, stack } = defect;
    events.emit("unhandledRejection", defect);
    assert.equal(isForPeople(defect), false);
    assert.deepEqual([defect.message, defect.stack], [message, stack]);
  });

  it("that are none pass", () => {
    events.emit("unhandledRejection", "a text");
    assert.deepEqual(found, ["a text"]);
  });
});
