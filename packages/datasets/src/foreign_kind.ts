/** What files that are no IDX files begin with, in Latin-1 and lower case, what they are, and what to do. */
const kinds: readonly (readonly [start: string, what: string, cure: string])[] = [
  ["\u001f\u008b", "gzip data within gzip data", "Unpack it once with gunzip"],
  ["pk\u0003\u0004", "a zip archive", "Unpack it"],
  ["\u00fd7zxz", "an xz file", "Unpack it with unxz"],
  ["bzh", "a bzip2 file", "Unpack it with bunzip2"],
  ["\u0028\u00b5\u002f\u00fd", "a zstd file", "Unpack it with unzstd"],
  ["<!doctype", "a web page", "Download the file itself"],
  ["<html", "a web page", "Download the file itself"],
  ["<?xml", "an XML text, perhaps a server's refusal", "Download the file itself"],
  ["{", "a JSON text, perhaps a server's refusal", "Download the file itself"],
  ["version https://git-lfs", "a pointer of Git LFS in place of the file", 'Fetch the file with "git lfs pull"'],
  ["\u00ef\u00bb\u00bf", "a file that was saved as text, with a byte order mark", "Fetch it again, as binary"],
  ["\u00ff\u00fe", "a file that was saved as text, with a byte order mark", "Fetch it again, as binary"],
  ["\u00ef\u00bf\u00bd", "a file that was damaged by being read as text", "Fetch it again, as binary"],
  ["\u0089png", "a PNG picture", "Convert pictures to IDX"],
  ["\u00ff\u00d8\u00ff", "a JPEG picture", "Convert pictures to IDX"],
  ["\u0093numpy", "a NumPy array", "Convert it to IDX"],
  ["\u0080\u0003", "a Python pickle", "Convert its arrays to IDX"],
  ["\u0080\u0004", "a Python pickle", "Convert its arrays to IDX"],
];

/** What a file seems to be by its beginning, and what to do, as sentences; nothing where that tells nothing. */
export function foreignKind(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 32)).toLowerCase();
  const kind = kinds.find(([own]) => start.startsWith(own));
  return kind === undefined ? undefined : `It is ${kind[1]}. ${kind[2]}.`;
}
