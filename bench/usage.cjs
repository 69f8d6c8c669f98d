// Preloaded into a measured process: at its end it says what it used, in milliseconds and mebibytes.
const { writeSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024 };
  writeSync(Number(process.env.GANTRY_BENCH_FD), JSON.stringify(usage));
});
