import test from "ava";
import { refuse } from "./option_checks.ts";

const values: [value: unknown, text: string][] = [
  [0n, "0n"],
  [-0, "-0"],
  [[8, 8n, NaN], "[8, 8n, NaN]"],
  [{ workers: 2n, rate: Infinity }, '{"workers":2n,"rate":Infinity}'],
  [new BigInt64Array(3), "3 values in a BigInt64Array"],
  [Symbol("x"), "Symbol(x)"],
  [Object.create(null), "{}"],
  [() => 1, "a function"],
  ["two", '"two"'],
];
for (const [value, text] of values) {
  test(`an option that is ${text} is refused with what came`, (t) => {
    t.throws(() => refuse("workers", "a whole number", value), {
      code: "FIT_OPTION",
      message: `FIT_OPTION: workers must be a whole number; got ${text}.`,
    });
  });
}

test("an option that contains itself is refused all the same", (t) => {
  const circle: unknown[] = [];
  circle.push(circle, { circle });
  t.throws(() => refuse("seed", "a whole number", circle), { message: /got \[\[…\], an object\]/ });
});
