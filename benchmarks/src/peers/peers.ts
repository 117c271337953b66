import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import type { Row } from "../result.ts";
import type { Workload } from "../workload.ts";
import { listCases } from "./cases.ts";
import { writeCaseFiles } from "./case_files.ts";
import { type Ask, checkEpochs, compare, placeOf } from "./compare.ts";
import { measureFewSteps } from "./few_steps.ts";
import { findPython, reasonToSkip } from "./find_python.ts";
import { PeerPool } from "./peer_pool.ts";
import { listSetups } from "./setups.ts";
import { type Skipped, SkippedList } from "./skipped.ts";
import { reasonNotToTry } from "./worth_trying.ts";

export interface PeersResult {
  readonly name: string;
  readonly command: string;
  /** Those of Convoy's best set-ups. */
  readonly kernels: string;
  /** Convoy and each peer at its best set-up; `ratio` is how many times the peer's speed Convoy has. */
  readonly rows: Row[];
  /** Every set-up in the short search. */
  readonly search: Row[];
  readonly skipped: readonly Skipped[];
}

/** Convoy and every peer that is installed, in turns, in one run. */
export async function benchmarkPeers(
  { train }: Workload,
  { quick }: { readonly quick: boolean },
): Promise<PeersResult> {
  const python = await findPython();
  const pool = new PeerPool("command" in python ? python.command : "");
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-peers-"));
  const skipped = new SkippedList();
  const rows: Row[] = [];
  const search: Row[] = [];
  const ask: Ask = (setup, job) => pool.ask(setup, job);
  try {
    for (const where of listCases(train, quick)) {
      const place = placeOf(where);
      const began = performance.now();
      const able = listSetups(availableParallelism()).filter((setup) => {
        const reason = reasonToSkip(setup, python) ?? reasonNotToTry(setup, where, search);
        if (reason !== undefined) skipped.add(setup, reason, place);
        return reason === undefined;
      });
      const files = await writeCaseFiles(where, checkEpochs, path.join(folder, place));
      const found = await compare(
        where,
        files,
        able.filter(({ slow }) => !slow),
        ask,
        skipped,
      );
      search.push(...found.search);
      rows.push(...found.rows);
      for (const setup of able.filter(({ slow }) => slow)) {
        const row = await measureFewSteps(where, setup, found.reference, files, { ask, skipped, folder });
        if (row !== undefined) rows.push(row);
      }
      console.log(`${place}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    }
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`${skipped.toString()}\n`);
  const kernels = rows.filter(({ peer }) => peer === "Convoy").map(({ setup }) => String(setup).split(",")[0]);
  return {
    // A quick look is not what the README quotes.
    name: quick ? "peers-quick" : "peers",
    command: `pnpm bench peers${quick ? " --quick" : ""}`,
    kernels: [...new Set(kernels)].join(" and "),
    rows,
    search,
    skipped: skipped.entries,
  };
}
