/**
 * The first key that comes twice in one object of a JSON text, or undefined. `JSON.parse` would keep the last and say
 * nothing.
 *
 * @param json a text that `JSON.parse` accepts
 */
export function duplicateKey(json: string): string | undefined {
  // The keys of each object that is open; undefined for an array.
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(undefined);
    else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const start = i;
      for (i++; json[i] !== '"'; i++) if (json[i] === "\\") i++;
      const keys = open.at(-1);
      if (keys === undefined || !colonFollows(json, i + 1)) continue;
      // Decoded, because "a" and "\u0061" are the same key.
      const key = String(JSON.parse(json.slice(start, i + 1)));
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function colonFollows(json: string, from: number): boolean {
  let i = from;
  while (json[i] === " " || json[i] === "\n" || json[i] === "\r" || json[i] === "\t") i++;
  return json[i] === ":";
}
