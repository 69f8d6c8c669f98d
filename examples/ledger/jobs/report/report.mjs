import { entriesOf, report } from "../../packages/money/entries.mjs";
import { amount } from "../../packages/money/index.mjs";

const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const sums = new Map();
for await (const { account, cents } of entriesOf(yesterday)) {
  sums.set(account, (sums.get(account) ?? 0) + cents);
}
const lines = [...sums].sort().map(([account, sum]) => `${account}\t${amount(sum)}\n`);
await report(yesterday, lines.join(""));
console.log(`${yesterday}: ${sums.size} accounts`);
