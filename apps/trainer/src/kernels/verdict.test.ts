import test from "ava";
import { oneLine, parseVerdict } from "./verdict.ts";

test("reads what it wrote", (t) => {
  t.deepEqual(parseVerdict({ wide: true }), { wide: true });
  t.deepEqual(parseVerdict({ wide: false, reason: "slow" }), { wide: false, reason: "slow" });
});

test("takes nothing else for a verdict", (t) => {
  for (const value of [
    null,
    "wide",
    1,
    [],
    {},
    { wide: 1 },
    { wide: "true" },
    { wide: false },
    { wide: false, reason: 1 },
  ]) {
    t.is(parseVerdict(value), undefined, JSON.stringify(value));
  }
});

test("makes a short line of any text", (t) => {
  t.is(oneLine("  two\r\nlines \u001b[31mred\u0007 "), "two lines [31mred");
  t.is(oneLine("x".repeat(1000)).length, 200);
});
