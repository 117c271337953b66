import test from "ava";
import { readExpectedFailures } from "./expected_failures.ts";
import { runSpecs } from "./run_specs.ts";

// A sample of `pnpm test:tfjs`, which runs all specs.
const sample =
  "complex|FFT|^(stft|unsortedSegmentSum|gather|einsum|cast|clone|slice|bincount|threshold|tensor )|chained|axPool.*NaN|^pool .*fractional";

test("tfjs's own specs of complex numbers, transforms, sums, indices and maxima of NaN pass, except those that are listed", async (t) => {
  t.timeout(60_000);
  const results = await runSpecs("mended", sample);
  t.true(Object.keys(results).length > 300, "the names of the specs are not what they were");
  const failed = Object.keys(results)
    .filter((name) => results[name] !== "")
    .toSorted();
  const listed = readExpectedFailures().flatMap(({ specs }) => specs);
  t.deepEqual(failed, listed.filter((name) => name in results).toSorted());
});
