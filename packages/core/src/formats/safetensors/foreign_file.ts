/** What files that are no safetensors files begin with, in Latin-1, what they are, and what to do. */
const kinds: readonly (readonly [start: string, what: string, cure: string])[] = [
  ["PK", "a zip archive, as torch.save writes", "Save its tensors with save_file of the Python package safetensors"],
  ["\u0080\u0002", "a Python pickle", "Save its tensors with save_file of the Python package safetensors"],
  ["\u0080\u0004", "a Python pickle", "Save its tensors with save_file of the Python package safetensors"],
  ["\u0089HDF", "an HDF5 file, as Keras writes", "Save its weights with save_file of the Python package safetensors"],
  ["\u0093NUMPY", "a NumPy array", "Save it under its name with save_file of safetensors.numpy"],
  ["GGUF", "a GGUF file", "Use the safetensors file of the same weights"],
  ["version https://git-lfs", "a pointer of Git LFS in place of the file", 'Fetch the file with "git lfs pull"'],
  ["<!doctype", "a web page", "Download the file itself"],
  ["<html", "a web page", "Download the file itself"],
  ["\u001f\u008b", "a gzip file", "Unpack it with gunzip"],
  ["\u00fd7zXZ", "an xz file", "Unpack it with unxz"],
];

/** What a file seems to be that is no safetensors file, and what to do, as sentences; nothing where its beginning tells nothing. */
export function foreignFile(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 32)).toLowerCase();
  const kind = kinds.find(([own]) => start.startsWith(own.toLowerCase()));
  return kind === undefined ? undefined : `It is ${kind[1]}. ${kind[2]}.`;
}
