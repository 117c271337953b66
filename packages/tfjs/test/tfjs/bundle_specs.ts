import { createRequire } from "node:module";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const require = createRequire(import.meta.url);
const folder = (name: string): string => path.dirname(require.resolve(`${name}/package.json`));

/** Which kernels the specs meet: tfjs's own alone, or ours in front of them. */
export type Kernels = "stock" | "mended";

/**
 * Writes one program that declares all of tfjs-core's own specs for backend 'wasm'. The package ships them compiled, but
 * with imports that Node does not resolve. Specs, backend and our kernels share one tfjs-core. With our kernels, gradients
 * and chained operations are those that `register` brings.
 *
 * Source: https://github.com/tensorflow/tfjs/blob/master/tfjs-backend-wasm/src/setup_test.ts, without its filter, which
 * leaves out what the stock backend cannot do.
 */
export async function bundleSpecs(kernels: Kernels, outfile: string): Promise<void> {
  const core = `${folder("@tensorflow/tfjs-core")}/dist`;
  const wasm = folder("@tensorflow/tfjs-backend-wasm");
  const register = path.resolve(import.meta.dirname, "../../src/mend/register.ts");
  const completion =
    kernels === "mended"
      ? `require(${JSON.stringify(register)}).register(tf);`
      : `require("${core}/public/chained_ops/register_all_chained_ops");
         require("${core}/register_all_gradients");`;
  const contents = `
    const tf = require("@tensorflow/tfjs-core");
    require("${wasm}/dist/index").setWasmPaths("${wasm}/dist/");
    ${completion}
    require("${core}/jasmine_util").setTestEnvs([{ name: "wasm", backendName: "wasm", isDataSync: true }]);
    require("${core}/tests");`;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    format: "cjs",
    platform: "node",
    alias: { "@tensorflow/tfjs-core": `${core}/index.js` },
    // By its package file, no spec has a side effect.
    ignoreAnnotations: true,
    plugins: kernels === "mended" ? [withoutChainedOperations] : [],
    outfile,
    logLevel: "error",
  });
}

/** One of the specs imports tfjs's chained operations, which would then be tested in place of ours. */
const withoutChainedOperations: Plugin = {
  name: "without tfjs's chained operations",
  setup(bundle) {
    bundle.onLoad({ filter: /register_all_chained_ops\.js$/ }, () => ({ contents: "" }));
  },
};
