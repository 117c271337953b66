import { readFile, stat } from "node:fs/promises";
import { CoreError } from "../errors.ts";

/**
 * Reads a file whole, if it is one.
 *
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE`, `CHECKPOINT_READ`
 */
export async function readWhole(file: string): Promise<Uint8Array> {
  try {
    const found = await stat(file);
    // Asked before opening: a pipe would keep us waiting, a device could go on forever.
    if (!found.isFile()) {
      const kind = found.isDirectory() ? "a folder" : "no regular file";
      throw new CoreError("CHECKPOINT_NOT_A_FILE", `${file} is ${kind}; a safetensors file is needed.`);
    }
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof CoreError) throw cause;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      throw new CoreError("CHECKPOINT_MISSING", `there is no file ${file}. Check its path.`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoreError("CHECKPOINT_READ", `${file} cannot be read: ${reason}.`, { cause });
  }
}
