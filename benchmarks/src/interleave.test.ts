import test from "ava";
import { interleave, interleaveRuns } from "./interleave.ts";

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

test("several things to measure take turns within a setting, and each is compared with itself", async (t) => {
  const calls: string[] = [];
  const run = (name: string, value: number) => async (setting: number) => {
    calls.push(`${name}${setting}`);
    return [value * setting ** (name === "a" ? 1 : 2)];
  };
  const [a, b] = await interleaveRuns([1, 2], 2, [run("a", 3), run("b", 5)]);
  t.deepEqual(calls, ["a1", "b1", "a2", "b2", "a1", "b1", "a2", "b2"]);
  t.deepEqual([...a.ratios], [[2, [2, 2]]]);
  t.deepEqual([...b.ratios], [[2, [4, 4]]]);
});
