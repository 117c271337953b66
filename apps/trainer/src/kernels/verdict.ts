/** Whether the wide kernels may run on this machine; if not, why, as the end of a line for people. */
export type Verdict = { readonly wide: true } | { readonly wide: false; readonly reason: string };

/** A verdict from text that anybody may have written; nothing when it is none. */
export function parseVerdict(value: unknown): Verdict | undefined {
  if (typeof value !== "object" || value === null || !("wide" in value)) return undefined;
  if (value.wide === true) return { wide: true };
  if (value.wide !== false || !("reason" in value) || typeof value.reason !== "string") return undefined;
  return { wide: false, reason: oneLine(value.reason) };
}

/** Text of another program, fit for the middle of a line. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- a terminal would obey them
  const plain = text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
}
