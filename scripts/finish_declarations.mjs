// Declarations name their neighbours as TypeScript's sources do, by ".ts", which lies in src/ and not beside them. Run in a
// package's folder, after tsc and before it is packed.
import { globSync, readFileSync, writeFileSync } from "node:fs";

for (const file of globSync("dist/**/*.d.ts")) {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(/(\bfrom |\bimport\()"(\.[^"\n]*)\.ts"/g, '$1"$2.js"'));
}
