import { keep, read } from "../../packages/money/entries.mjs";
import { cents } from "../../packages/money/index.mjs";

// A line has day, account and amount. All are read before the first is kept: a file with a fault changes nothing.
const lines = (await read("load/entries.csv")).split("\n").filter(Boolean);
const entries = lines.map((line) => {
  const [day, account, amount] = line.split(",");
  return { day, entry: { account, cents: cents(amount) } };
});
for (const { day, entry } of entries) await keep(day, entry);
console.log(`${entries.length} entries`);
