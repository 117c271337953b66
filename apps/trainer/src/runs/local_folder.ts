import path from "node:path";
import process from "node:process";
import { printable } from "@convoy/core/training";

/**
 * A folder of data that a file names. Only four files of fixed names are ever read there. Windows would tell the machine of a
 * network path who asks.
 *
 * @throws SyntaxError when it is no full path on this machine
 */
export function localFolder(folder: string): string {
  const isRemote = process.platform === "win32" && /^[\\/]{2}/.test(folder);
  if (path.isAbsolute(folder) && !isRemote && !/\p{C}/u.test(folder)) return folder;
  throw new SyntaxError(`its data folder ${printable(folder)} is no full path on this machine`);
}
