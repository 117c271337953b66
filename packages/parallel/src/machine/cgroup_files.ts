import { readFileSync } from "node:fs";
import path from "node:path";

/** Text of a file below the root, without blanks around it; nothing where there is none. */
export type ReadFile = (...parts: readonly string[]) => string | undefined;

export function fileReader(root: string): ReadFile {
  return (...parts) => {
    try {
      return readFileSync(path.join(root, ...parts), "utf8").trim();
    } catch {
      return undefined;
    }
  };
}

/** This process's control group of version 2, and those above it, up to "/". */
export function ownGroups(read: ReadFile): string[] {
  const groups = [/^0::(\/.*)$/m.exec(read("proc/self/cgroup") ?? "")?.[1] ?? "/"];
  for (let group = groups[0]; group !== "/"; groups.push(group)) group = path.posix.dirname(group);
  return groups;
}
