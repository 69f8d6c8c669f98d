/* eslint-disable @typescript-eslint/no-require-imports -- what is built has no declarations before */
import type * as gantry from "../stacks";

/** What a team has: its own program in TypeScript, and Gantry compiled. */
const { environment } = require("../dist/stacks") as typeof gantry;

export = environment();
