import { readlink, realpath } from "node:fs/promises";
import path from "node:path";

/** As many as Linux follows. */
const mostLinks = 40;

/**
 * Where a file lies that may be named by a symbolic link, also where it is still to be made: what opening it would follow.
 *
 * @throws what the system says, such as ELOOP
 */
export async function linkTarget(file: string): Promise<string> {
  let at = file;
  for (let links = 0; links < mostLinks; links++) {
    const link = await readlink(at).catch((error: NodeJS.ErrnoException) => {
      // It is no link, or there is nothing yet.
      if (error.code === "EINVAL" || error.code === "ENOENT" || error.code === "UNKNOWN") return undefined;
      throw error;
    });
    if (link === undefined) return at;
    // A folder on the way may be a link itself, so what ".." is above it only the system can tell.
    const next = path.isAbsolute(link) ? link : `${path.dirname(at)}${path.sep}${link}`;
    at = path.join(await realpath(path.dirname(next)), path.basename(next));
  }
  // The system gives up as well, and says so.
  return realpath(file);
}
