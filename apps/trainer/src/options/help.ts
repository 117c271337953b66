import { wrap } from "../terminal/wrap.ts";
import type { OptionTable } from "./option.ts";
import { waysToWrite } from "./option_names.ts";

/** Lists options as two columns that fit into `width`: how each is written, and what it means. */
export function describeOptions(table: OptionTable, width: number): string {
  const rows = Object.entries(table).map(([name, option]) => {
    const { placeholder, description, defaultText } = option;
    return {
      written: `  ${waysToWrite(name, option).join(", ")}${placeholder === undefined ? "" : ` ${placeholder}`}`,
      meaning: defaultText === undefined ? description : `${description} (default: ${defaultText})`,
    };
  });
  const left = 26;
  const lines: string[] = [];
  for (const { written, meaning } of rows) {
    const wrapped = wrap(meaning, Math.max(20, width - left));
    if (written.length > left - 2) lines.push(written);
    else lines.push(written.padEnd(left) + wrapped.shift()!);
    lines.push(...wrapped.map((line) => " ".repeat(left) + line));
  }
  return lines.join("\n");
}
