import { isWithinHard, ulimitNames, type UlimitName } from "../../components/service/ulimits";
import { isRecord } from "../../contract/record";
import { reportFix, section, unlimited, wholeNumber } from "./fields";
import { either } from "./own";

/** The most files that Linux lets a process open, whoever asks: `fs.nr_open` as the kernel has it. */
const mostFiles = 1_048_576;

/** Resource limits of the container, in Compose's form: `nofile: 65536`, or `nofile: { soft: 1024, hard: 65536 }`. */
export function ulimitsSchema() {
  const limits = ulimitNames.map((name) => [name, ulimitSchema(name)] as const);
  return section(Object.fromEntries(limits) as Record<UlimitName, ReturnType<typeof ulimitSchema>>);
}

function ulimitSchema(name: UlimitName) {
  const amount = name === "nofile" ? wholeNumber(1, mostFiles) : wholeNumber(-1, unlimited);
  const both = section({ soft: amount, hard: amount }).superRefine((given, context) => {
    if (isWithinHard(given)) return;
    const { soft, hard } = given;
    reportFix(
      context,
      `soft: at most ${hard}, which is hard`,
      soft === -1 ? `set hard: -1, or soft: ${hard}` : `set hard: ${soft}, or soft: ${hard}`,
    );
  });
  const one = amount.transform((limit) => ({ soft: limit, hard: limit }));
  return either(isRecord, both, one).optional();
}
