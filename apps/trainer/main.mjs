// The way in for any Node, in JavaScript that an old one can read: it says what is missing where TypeScript would only
// give a syntax error.
import process from "node:process";

const needed = [24, 12];
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > needed[0] || (major === needed[0] && minor >= needed[1])) {
  await import("./src/main.ts");
} else {
  process.stderr.write(
    `NODE_VERSION: Convoy needs Node ${needed.join(".")} or later; this is ${process.versions.node}. ` +
      'Start it with "pnpm trainer …", which brings its own Node, or install a newer one from https://nodejs.org.\n',
  );
  process.exitCode = 1;
}
