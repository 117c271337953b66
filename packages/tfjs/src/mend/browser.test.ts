import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test from "ava";
import { build } from "esbuild";
import { findChromium, type Files, visit } from "../../test/browser/chromium.ts";

interface Report {
  readonly isolated: boolean;
  readonly losses: readonly number[];
  readonly warnings: readonly unknown[];
  readonly error?: string;
}

let bundle: string;

test.before(async () => {
  // A bundle for the browser fails where it comes upon an import of Node's.
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, "../../test/browser/program.ts")],
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  bundle = outputFiles[0].text;
});

test("a bundle for the browser holds our kernels and nothing of Node", (t) => {
  t.regex(bundle, /conv2dBackpropFilter/);
  t.notRegex(bundle, /"node:/);
});

const browser = findChromium();
const inBrowser = browser === undefined ? test.skip : test;

function files(): Files {
  const dist = path.dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
  const binaries = ["tfjs-backend-wasm", "tfjs-backend-wasm-simd", "tfjs-backend-wasm-threaded-simd"];
  return new Map<string, { type: string; body: string | Uint8Array }>([
    ["/", { type: "text/html", body: '<!doctype html><script type="module" src="/program.js"></script>' }],
    ["/program.js", { type: "text/javascript", body: bundle }],
    ...binaries.map((name): [string, { type: string; body: Uint8Array }] => [
      `/${name}.wasm`,
      { type: "application/wasm", body: readFileSync(path.join(dist, `${name}.wasm`)) },
    ]),
  ]);
}

for (const [where, headers] of [
  ["an ordinary page", {}],
  [
    "an isolated page, where tfjs uses threads",
    { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" },
  ],
] as const) {
  inBrowser(`a network trains in ${where} (skipped where no Chromium is installed)`, async (t) => {
    t.timeout(100_000);
    const report: Report = JSON.parse(await visit(browser ?? "", files(), headers));
    t.is(report.error, undefined);
    t.deepEqual(report.warnings, []);
    t.is(report.isolated, Object.keys(headers).length > 0);
    const { losses } = report;
    t.true((losses.at(-1) ?? Infinity) < losses[0] / 2, losses.join(" "));
  });
}
