/** Arrays and objects in one another. Ours have four at the most. */
const mostDepth = 32;

const quote = 0x22;
const backslash = 0x5c;

/**
 * Parses the JSON of a stranger. Its values are counted first: `[],` has three characters and takes sixty bytes, so a text could
 * become twenty times as large.
 *
 * @param mostValues members and elements, each array and object included
 *
 * @throws SyntaxError for more of them, for too many in one another, and for what is no JSON
 */
export function parseBoundedJson(text: string, mostValues: number): unknown {
  let values = 1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      // [ and {
      case 0x5b:
      case 0x7b:
        values++;
        if (++depth > mostDepth) throw new SyntaxError(`it nests more than ${mostDepth} arrays and objects`);
        break;
      // ] and }
      case 0x5d:
      case 0x7d:
        depth--;
        break;
      // A comma.
      case 0x2c:
        values++;
    }
    if (values > mostValues) throw new SyntaxError(`it has more than ${mostValues} values`);
  }
  return JSON.parse(text);
}

function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== quote) end += text.charCodeAt(end) === backslash ? 2 : 1;
  return end;
}
