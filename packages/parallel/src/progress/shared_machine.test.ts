import test from "ava";
import { sharedMachineLine } from "./shared_machine.ts";

test("says so where workers were put aside and got less than a core", (t) => {
  const usage = [
    { parts: 950, takenOver: 50, coreShare: 0.71 },
    { parts: 50, takenOver: 0, coreShare: 0.449 },
    { parts: 0, takenOver: 0, coreShare: 0 },
  ];
  t.is(
    sharedMachineLine(usage),
    "Other programs use this machine too: the workers got 71 % and 45 % of a core, and of 5 % of the work one had to " +
      "relieve another. End them for full speed; fewer workers would not help.",
  );
});

for (const [what, usage] of [
  ["a quiet machine", [{ parts: 999, takenOver: 1, coreShare: 0.5 }]],
  ["full cores", [{ parts: 100, takenOver: 5, coreShare: 0.95 }]],
  ["an engine that does not count", [{ parts: 100, takenOver: 5, coreShare: undefined }]],
  ["no work", [{ parts: 0, takenOver: 0, coreShare: 0 }]],
] as const) {
  test(`is silent about ${what}`, (t) => t.is(sharedMachineLine(usage), undefined));
}
