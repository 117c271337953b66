import test from "ava";
import { interleave } from "./interleave.ts";

test("settings take turns, and each is compared with the first of its own round", async (t) => {
  const calls: number[] = [];
  // The second round runs at half the speed: the ratios do not notice.
  const answers = [[10, 12, 11], [22], [5, 6, 5.5], [11]];
  const { samples, ratios } = await interleave([1, 2], 2, async (workers) => {
    calls.push(workers);
    return answers[calls.length - 1];
  });
  t.deepEqual(calls, [1, 2, 1, 2]);
  t.deepEqual(
    [...samples],
    [
      [1, [10, 12, 11, 5, 6, 5.5]],
      [2, [22, 11]],
    ],
  );
  t.deepEqual([...ratios], [[2, [2, 2]]]);
});

test("one setting alone has no ratio", async (t) => {
  const { ratios } = await interleave([1], 3, () => Promise.resolve([1]));
  t.is(ratios.size, 0);
});
