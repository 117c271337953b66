import type { Row } from "../result.ts";
import { median, summarize } from "../statistics.ts";
import { type Answer, PeerError } from "./answer.ts";
import type { Case } from "./cases.ts";
import type { CaseFiles, Job } from "./job.ts";
import { learnsAsConvoy, type Pair, ratioOf } from "./ratios.ts";
import type { PeerName, Setup } from "./setups.ts";
import type { SkippedList } from "./skipped.ts";

const learningRate = 0.01;
const momentum = 0.9;
const searchSeconds = 0.5;
export const turnSeconds = 1;
const rounds = 3;
/** Losses are compared after as many epochs. */
export const checkEpochs = 2;

/** Sends a job to a peer. */
export type Ask = (setup: Setup, job: Job) => Promise<Answer>;

export interface Comparison {
  /** Convoy's best set-up. */
  readonly reference: Setup;
  /** Convoy, then each peer, each at its best set-up. */
  readonly rows: Row[];
  /** All set-ups, as the short search found them. */
  readonly search: Row[];
}

interface Finalist {
  readonly setup: Setup;
  readonly loss: number;
  readonly version: string;
}

/**
 * Finds the best set-up of each peer, checks that it learns as Convoy does, and measures it in turns with Convoy's best.
 *
 * @param setups that can run here
 */
export async function compare(
  where: Case,
  files: CaseFiles,
  setups: readonly Setup[],
  ask: Ask,
  skipped: SkippedList,
): Promise<Comparison> {
  const place = placeOf(where);
  const job = (setup: Setup, seconds: number) => jobOf(where, files, setup, { seconds });
  const attempt = async <Value>(setup: Setup, work: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      skipped.add(setup, error.message, place);
      return undefined;
    }
  };

  const search: Row[] = [];
  const best = new Map<PeerName, { setup: Setup; rate: number }>();
  for (const setup of setups) {
    const answer = await attempt(setup, () => ask(setup, job(setup, searchSeconds)));
    if (answer === undefined) continue;
    const rate = median(answer.imagesPerSecond);
    search.push(rowOf(where, setup, answer.imagesPerSecond));
    if (rate > (best.get(setup.peer)?.rate ?? 0)) best.set(setup.peer, { setup, rate });
  }

  const reference = best.get("Convoy")?.setup;
  if (reference === undefined) throw new Error(`Convoy itself does not train ${place}:\n${skipped.toString()}`);
  const { loss: convoyLoss, version: convoyVersion } = await ask(reference, checkOf(where, files, reference));
  if (convoyLoss === null || convoyLoss > 0.98 * Math.log(where.model.classes)) {
    throw new Error(`Convoy does not learn ${place}: after ${checkEpochs} epochs its loss is ${convoyLoss}`);
  }
  const finalists: Finalist[] = [];
  for (const { setup } of best.values()) {
    if (setup === reference) continue;
    const answer = await attempt(setup, () => ask(setup, checkOf(where, files, setup)));
    if (answer === undefined || answer.loss === null) continue;
    if (learnsAsConvoy(answer.loss, convoyLoss)) {
      finalists.push({ setup, loss: answer.loss, version: answer.version });
    } else {
      skipped.add(setup, `its loss is ${answer.loss.toFixed(4)}, Convoy's ${convoyLoss.toFixed(4)}`, place);
    }
  }

  const turns = new Map(finalists.map((finalist): [Finalist, Pair[]] => [finalist, []]));
  const convoyRates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [finalist, pairs] of turns) {
      const { imagesPerSecond: convoy } = await ask(reference, job(reference, turnSeconds));
      convoyRates.push(...convoy);
      const answer = await attempt(finalist.setup, () => ask(finalist.setup, job(finalist.setup, turnSeconds)));
      if (answer === undefined) turns.delete(finalist);
      else pairs.push({ convoy, peer: answer.imagesPerSecond });
    }
  }
  // With no peer at all there is no turn.
  if (convoyRates.length === 0)
    convoyRates.push(...(await ask(reference, job(reference, turnSeconds))).imagesPerSecond);
  const rows = [rowOf(where, reference, convoyRates, { loss: convoyLoss, version: convoyVersion })];
  for (const [{ setup, loss, version }, pairs] of turns) {
    const rates = pairs.flatMap(({ peer }) => peer);
    rows.push(rowOf(where, setup, rates, { ratio: ratioOf(pairs), loss, version }));
  }
  return { reference, rows, search };
}

export function placeOf({ network, batchSize }: Case): string {
  return `${network}, batch ${batchSize}`;
}

/** A row of the harness's results, with this benchmark's own fields. */
export function rowOf(
  where: Case,
  setup: Setup,
  rates: readonly number[],
  extra: Readonly<Record<string, string | number>> = {},
): Row {
  const { network, batchSize } = where;
  const name = `${placeOf(where)}, ${setup.peer}`;
  return {
    name,
    unit: "images/s",
    ...summarize(rates),
    network,
    batchSize,
    peer: setup.peer,
    setup: setup.name,
    ...extra,
  };
}

/** Dropout is left out of the check: every framework draws its own mask. */
export function checkOf(where: Case, files: CaseFiles, setup: Setup, epochs: number = checkEpochs): Job {
  const job = jobOf(where, files, setup, { checkEpochs: epochs });
  return { ...job, layers: job.layers.filter(({ kind }) => kind !== "dropout") };
}

export function jobOf(
  { network, model, batchSize, data }: Case,
  files: CaseFiles,
  setup: Setup,
  work: { readonly seconds?: number; readonly checkEpochs?: number },
): Job {
  return {
    network,
    batchSize,
    inputShape: model.inputShape,
    layers: model.toJSON().layers,
    parameters: model.parameters.map(({ shape }) => shape),
    normalization: data.normalization ?? { mean: 0.5, deviation: 0.5 },
    learningRate,
    momentum,
    setup: setup.settings,
    files,
    seconds: 0,
    checkEpochs: 0,
    ...work,
  };
}
