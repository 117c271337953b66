/** Names that a JavaScript object has already: whoever keeps tensors by name in one would be harmed. */
const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export function isForbiddenName(name: string): boolean {
  return forbidden.has(name);
}
