const pattern = /^lock-(\d{1,9})$/;

/** The number in the name of a lock file; nothing where a file is none. */
export function lockNumber(name: string): number | undefined {
  const match = pattern.exec(name);
  return match === null ? undefined : Number(match[1]);
}
