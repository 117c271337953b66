import { CoreError } from "../../errors.ts";
import { NotRegularError, readRegularFile, type RegularFileOptions } from "./regular_file.ts";

/**
 * Reads a file whole, if it is one.
 *
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE`, `CHECKPOINT_READ`
 */
export async function readWhole(file: string, options: RegularFileOptions = { follow: true }): Promise<Uint8Array> {
  try {
    return await readRegularFile(file, options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof NotRegularError) {
      throw new CoreError("CHECKPOINT_NOT_A_FILE", `${file} cannot be read: ${reason}. A safetensors file is needed.`, {
        cause,
      });
    }
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      throw new CoreError("CHECKPOINT_MISSING", `there is no file ${file}. Check its path.`, { cause });
    }
    throw new CoreError("CHECKPOINT_READ", `${file} cannot be read: ${reason}.`, { cause });
  }
}
