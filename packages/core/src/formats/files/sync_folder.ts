import { open } from "node:fs/promises";
import process from "node:process";

/**
 * Makes the names in a folder durable: of files that were made, renamed or removed there. Some systems have no call for
 * that: Windows, and some network disks.
 *
 * @throws what the system says
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "EINVAL" || error.code === "ENOTSUP")))
      throw error;
  } finally {
    await handle.close();
  }
}
