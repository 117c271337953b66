import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { readRegularFile } from "@convoy/core/training";
import type { MachineKey, NetworkKey } from "./machine_key.ts";
import { parseVerdict, type Verdict } from "./verdict.ts";

/** Bytes. A key has a kilobyte, and a reason 200 characters. */
const largestFile = 2 ** 16;

/**
 * Verdicts of earlier starts: one small file for each machine and build, and one for each network there. Their number has
 * no bound, because to forget a verdict is to ask again, and the same network could go on with other kernels.
 */
export class VerdictCache {
  /** Where the verdict is or would be; nothing where there is no folder for it. */
  readonly file: string | undefined;
  readonly #key: MachineKey | NetworkKey;

  constructor(folder: string | undefined, key: MachineKey | NetworkKey) {
    this.#key = key;
    const name = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 16);
    const about = "network" in key ? "wide-network" : "wide-kernels";
    this.file = folder === undefined ? undefined : path.join(folder, `${about}-${name}.json`);
  }

  /**
   * @returns nothing when there is no verdict, or what is there cannot be read as the one for this key, or is not the user's own:
   *   nobody else may decide which kernels run
   */
  async read(): Promise<Verdict | undefined> {
    if (this.file === undefined) return undefined;
    try {
      const bytes = await readRegularFile(this.file, { follow: false, most: largestFile, own: true });
      const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
      if (typeof content !== "object" || content === null || !("key" in content) || !("verdict" in content)) {
        return undefined;
      }
      return JSON.stringify(content.key) === JSON.stringify(this.#key) ? parseVerdict(content.verdict) : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Keeps a verdict: whole or not at all, whoever else writes. A verdict that is there stays, so that starts side by side
   * go on alike. A folder that cannot be written is no error; the next start asks again.
   *
   * @returns the verdict that counts
   */
  async keep(verdict: Verdict): Promise<Verdict> {
    const earlier = await this.read();
    if (earlier !== undefined || this.file === undefined) return earlier ?? verdict;
    const temporary = `${this.file}.${randomUUID()}`;
    try {
      await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
      const text = `${JSON.stringify({ key: this.#key, verdict }, undefined, 2)}\n`;
      // Whatever the user's mask is: what others may write is not read.
      await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
      await rename(temporary, this.file);
    } catch {
      await rm(temporary, { force: true }).catch(() => {});
    }
    return verdict;
  }
}
