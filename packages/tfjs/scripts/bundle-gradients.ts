// Bundles tfjs's gradients into generated/: Node cannot import them from its package, whose imports have no extensions.
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { build, version } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
const output = path.join(root, "generated");
const target = path.join(output, "tfjs_gradients.js");

const require = createRequire(import.meta.url);
const manifest = require.resolve("@tensorflow/tfjs-core/package.json");
const { version: tfjsVersion }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
const banner =
  `// The gradients of @tensorflow/tfjs-core ${tfjsVersion} (Apache License 2.0), bundled by esbuild ${version}, in a function:\n` +
  "// what they bring of tfjs-core would otherwise start an engine of its own where tfjs-core has not started one yet.";
if (existsSync(target) && readFileSync(target, "utf8").startsWith(banner)) process.exit(0);

const tfjs = path.join(path.dirname(manifest), "dist");
const files = globSync("gradients/*_grad.js", { cwd: tfjs }).toSorted();
const entry = files.map((file) => `export * from ${JSON.stringify(`./${file}`)};`).join("\n");
const temporary = `${target}.${process.pid}`;
mkdirSync(output, { recursive: true });
const globalName = "gradients";
const { outputFiles } = await build({
  stdin: { contents: entry, resolveDir: tfjs },
  bundle: true,
  format: "iife",
  globalName,
  platform: "neutral",
  write: false,
  logLevel: "error",
});
const body = `export function tfjsGradients() {\n${outputFiles[0].text}return ${globalName};\n}\n`;
writeFileSync(temporary, `${banner}\n${body}`);
renameSync(temporary, target);
writeFileSync(
  path.join(output, "tfjs_gradients.d.ts"),
  `import type { GradConfig } from "@tensorflow/tfjs-core";\n` +
    "export declare function tfjsGradients(): Record<string, GradConfig>;\n",
);
