import path from "node:path";

/**
 * Where this system keeps what can be made again: LOCALAPPDATA on Windows, XDG_CACHE_HOME or ~/.cache elsewhere.
 *
 * @param home the user's folder; it may be empty, where a system knows no users
 * @returns nothing where no such folder is known: then nothing is kept
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string | undefined {
  const { join, isAbsolute } = platform === "win32" ? path.win32 : path.posix;
  // The XDG specification says that relative paths are to be ignored.
  const named = environment[platform === "win32" ? "LOCALAPPDATA" : "XDG_CACHE_HOME"];
  if (named !== undefined && isAbsolute(named)) return join(named, "convoy");
  if (!isAbsolute(home)) return undefined;
  return platform === "win32" ? join(home, "AppData", "Local", "convoy") : join(home, ".cache", "convoy");
}
