import type { Setup } from "./setups.ts";

/** What was not measured, and why: as much a part of a result as its figures. */
export interface Skipped {
  readonly peer: string;
  readonly setup: string;
  readonly reason: string;
  /** "seed-cnn, batch 64" */
  readonly cases: string[];
}

/** Collects reasons; the same reason for several cases is told once. */
export class SkippedList {
  readonly entries: Skipped[] = [];

  add({ peer, name }: Setup, reason: string, where: string): void {
    const known = this.entries.find((entry) => entry.peer === peer && entry.setup === name && entry.reason === reason);
    if (known === undefined) this.entries.push({ peer, setup: name, reason, cases: [where] });
    else known.cases.push(where);
  }

  /** A line for each reason; set-ups of one peer that share it are counted, not listed. */
  toString(): string {
    const lines = new Map<string, { setups: Set<string>; cases: Set<string> }>();
    for (const { peer, setup, reason, cases } of this.entries) {
      const key = `${peer}: ${reason}`;
      const line = lines.get(key) ?? { setups: new Set(), cases: new Set() };
      line.setups.add(setup);
      for (const where of cases) line.cases.add(where);
      lines.set(key, line);
    }
    return [...lines]
      .map(([text, { setups, cases }]) => {
        const what = setups.size === 1 ? [...setups][0] : `${setups.size} set-ups`;
        const where = cases.size === 1 ? [...cases][0] : `${cases.size} cases`;
        return `skipped ${text} (${what}; ${where})`;
      })
      .join("\n");
  }
}
