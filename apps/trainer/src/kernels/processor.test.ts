import test from "ava";
import { processor, processorName } from "./processor.ts";

/** As Linux has it of one core; clouds call several generations of processors by one name. */
function core(model: number, stepping: number, flags: string, number = 0, megahertz = "2445.426"): string {
  const lines = [
    `processor\t: ${number}`,
    "vendor_id\t: AuthenticAMD",
    `cpu family\t: ${model < 16 ? 25 : 26}`,
    `model\t\t: ${model}`,
    "model name\t: AMD EPYC",
    `stepping\t: ${stepping}`,
    `cpu MHz\t\t: ${megahertz}`,
    `flags\t\t: fpu sse2 avx2 ${flags}`,
  ];
  return `${lines.join("\n")}\n\n`;
}

const names = ["AMD EPYC"];
const mine = processorName(core(1, 1, "fma"), names);

test("tells processors of one name apart by family, model, stepping and what they can do", (t) => {
  const others = [
    core(17, 1, "fma"),
    core(1, 2, "fma"),
    core(1, 1, "fma avx512f"),
    core(1, 1, "fma") + core(1, 1, "", 1),
  ];
  const all = [mine, ...others.map((text) => processorName(text, names)), processorName(undefined, names)];
  t.is(new Set(all).size, all.length);
  for (const name of all) t.regex(name, /^AMD EPYC, [0-9a-f]{16}$/);
});

test("is the same for any number of cores, and however fast they run", (t) => {
  t.is(processorName(core(1, 1, "fma") + core(1, 1, "fma", 1, "3500.000"), names), mine);
});

/** On Windows. */
const family = (model: number): string => processorName(undefined, names, `AMD64 Family 25 Model ${model} Stepping 0`);

test("goes elsewhere by what Windows says, and by the names of all kinds of cores", (t) => {
  t.not(family(1), family(17));
  t.not(processorName(undefined, ["big", "little"]), processorName(undefined, ["big"]));
  t.regex(processorName(undefined, []), /^unknown, /);
});

test("stays the same from call to call", (t) => {
  t.is(processor(), processor());
});
