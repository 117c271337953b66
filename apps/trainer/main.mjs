#!/usr/bin/env node
// The way in for any Node, in JavaScript that an old one can read: it says what is missing where newer code would only give
// a syntax error.
import nodeModule from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";

// First of all, because Node opens a port for a debugger on SIGUSR1 as long as nobody listens, and ends on SIGUSR2.
for (const notice of ["SIGUSR1", "SIGUSR2"]) process.on(notice, () => {});

// In the repository the sources run as they are. Node does not strip types below node_modules, so what is installed is built.
const isInstalled = import.meta.url.includes("/node_modules/");
const needed = isInstalled ? [22, 12] : [24, 12];
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > needed[0] || (major === needed[0] && minor >= needed[1])) {
  // Compiled code is kept beside the code that it comes from: whoever can write there can change the program anyway.
  // In the environment, because threads and child processes look there.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("node_modules/.cache/node", import.meta.url));
  nodeModule.enableCompileCache();
  await import(isInstalled ? "./dist/main.js" : "./src/main.ts");
} else {
  const cure = isInstalled ? "Install" : 'Start it with "pnpm trainer …", which brings its own Node, or install';
  process.stderr.write(
    `NODE_VERSION: Convoy needs Node ${needed.join(".")} or later; this is ${process.versions.node}. ` +
      `${cure} a newer one from https://nodejs.org.\n`,
  );
  process.exitCode = 1;
}
