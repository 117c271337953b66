import path from "node:path";
import type { Row } from "../result.ts";
import { median } from "../statistics.ts";
import { PeerError } from "./answer.ts";
import { writeCaseFiles } from "./case_files.ts";
import type { Case } from "./cases.ts";
import { type Ask, checkOf, jobOf, placeOf, rowOf, turnSeconds } from "./compare.ts";
import type { CaseFiles } from "./job.ts";
import { learnsAsConvoy } from "./ratios.ts";
import type { Setup } from "./setups.ts";
import type { SkippedList } from "./skipped.ts";

/**
 * Measures a peer that is too slow for rounds: a few steps are its check, and it has one turn with Convoy.
 *
 * @param convoy set-up that it is compared with
 * @param convoyFiles of the whole case
 */
export async function measureFewSteps(
  where: Case,
  setup: Setup,
  convoy: Setup,
  convoyFiles: CaseFiles,
  { ask, skipped, folder }: { readonly ask: Ask; readonly skipped: SkippedList; readonly folder: string },
): Promise<Row | undefined> {
  const colored = where.model.inputShape[2] > 1;
  const small = firstSteps(where, setup.peer === "tfjs cpu" || colored ? 3 : 10);
  const files = await writeCaseFiles(small, 1, path.join(folder, setup.peer));
  try {
    const expected = (await ask(convoy, checkOf(small, files, convoy, 1))).loss!;
    const check = await ask(setup, checkOf(small, files, setup, 1));
    const loss = check.loss!;
    if (!learnsAsConvoy(loss, expected)) {
      throw new PeerError(`its loss is ${loss.toFixed(4)}, Convoy's ${expected.toFixed(4)}`);
    }
    const { imagesPerSecond: rates } = await ask(convoy, jobOf(where, convoyFiles, convoy, { seconds: turnSeconds }));
    // The slowest measures itself in its check.
    const { imagesPerSecond, version } =
      check.imagesPerSecond.length > 0 ? check : await ask(setup, jobOf(small, files, setup, { seconds: turnSeconds }));
    const ratio = median(rates) / median(imagesPerSecond);
    return rowOf(where, setup, imagesPerSecond, { ratio, loss, version });
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    skipped.add(setup, error.message, placeOf(where));
    return undefined;
  }
}

function firstSteps(where: Case, steps: number): Case {
  const { data, batchSize } = where;
  const count = Math.min(steps * batchSize, data.labels.length);
  const images = data.images.subarray(0, (data.images.length / data.labels.length) * count);
  return { ...where, data: { ...data, images, labels: Array.from(data.labels).slice(0, count) } };
}
