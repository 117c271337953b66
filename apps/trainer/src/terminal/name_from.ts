import path from "node:path";

/** How someone in `directory` would name a path: the short way when it lies below, else in full. */
export function nameFrom(directory: string, absolute: string): string {
  const relative = path.relative(directory, absolute);
  const isBelow = relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
  return isBelow ? relative : absolute;
}
