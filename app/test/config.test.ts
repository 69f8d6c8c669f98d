import assert from "node:assert/strict";
import { ConfigError, readConfig, type Config, type Environment } from "../src/config";

function faultsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("app: config", () => {
  const defaults: Config = {
    serviceName: "web",
    port: 3000,
    logLevel: "info",
    drainDelaySeconds: 5,
    shutdownTimeoutSeconds: 25,
    commit: "unknown",
  };

  describe("values", () => {
    const table: [string, Environment, Partial<Config>][] = [
      ["nothing set", {}, {}],
      ["empty values", { PORT: "", LOG_LEVEL: " ", GANTRY_COMMIT: "" }, {}],
      ["unrelated variables", { PATH: "/bin" }, {}],
      ["a port", { PORT: "8080" }, { port: 8080 }],
      ["white space around a port", { PORT: " 8080\n" }, { port: 8080 }],
      ["a free port", { PORT: "0" }, { port: 0 }],
      ["the highest port", { PORT: "65535" }, { port: 65535 }],
      ["no drain delay", { DRAIN_DELAY_SECONDS: "0" }, { drainDelaySeconds: 0 }],
      ["a timeout", { SHUTDOWN_TIMEOUT_SECONDS: "119" }, { shutdownTimeoutSeconds: 119 }],
      ["a level", { LOG_LEVEL: "debug" }, { logLevel: "debug" }],
      [
        "the release",
        { SERVICE_NAME: "orders", GANTRY_COMMIT: "3f9c2a1b" },
        { serviceName: "orders", commit: "3f9c2a1b" },
      ],
    ];
    for (const [name, environment, expected] of table) {
      it(`reads ${name}`, () => {
        assert.deepEqual(readConfig(environment), { ...defaults, ...expected });
      });
    }
  });

  describe("failures", () => {
    const table: [Environment, RegExp][] = [
      [
        { PORT: "http" },
        /^PORT is "http", must be a whole number from 0 to 65535 \(default 3000\)$/,
      ],
      [{ PORT: "65536" }, /^PORT is "65536"/],
      [{ PORT: "-1" }, /^PORT is "-1"/],
      [{ PORT: "80.5" }, /^PORT is "80.5"/],
      [{ PORT: "0x50" }, /^PORT is "0x50"/],
      [{ PORT: "1e3" }, /^PORT is "1e3"/],
      [{ PORT: "99999999999999999999" }, /^PORT is /],
      [{ SHUTDOWN_TIMEOUT_SECONDS: "0" }, /^SHUTDOWN_TIMEOUT_SECONDS is "0", .* from 1 to 119/],
      [{ SHUTDOWN_TIMEOUT_SECONDS: "120" }, /^SHUTDOWN_TIMEOUT_SECONDS is "120"/],
      [{ DRAIN_DELAY_SECONDS: "5s" }, /^DRAIN_DELAY_SECONDS is "5s"/],
      [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL is "loud", must be one of debug, info, warn, error/],
      [
        { DRAIN_DELAY_SECONDS: "25" },
        /^DRAIN_DELAY_SECONDS is 25, must be less than SHUTDOWN_TIMEOUT_SECONDS \(25\)/,
      ],
    ];
    for (const [environment, message] of table) {
      it(`fails when ${JSON.stringify(environment)}`, () => {
        const faults = faultsOf(environment);
        assert.equal(faults.length, 1);
        assert.match(faults[0] ?? "", message);
      });
    }

    it("tells all faults at once", () => {
      assert.equal(faultsOf({ PORT: "x", LOG_LEVEL: "y", DRAIN_DELAY_SECONDS: "z" }).length, 3);
    });
  });
});
