import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";

/** The browser to test in: CONVOY_CHROMIUM, or the first that this machine has; undefined if it has none. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
  return [process.env["CONVOY_CHROMIUM"] ?? "", ...names].find((name) => {
    try {
      execFileSync(name, ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/** What a web server answers, by path. */
export type Files = ReadonlyMap<string, { readonly type: string; readonly body: string | Uint8Array }>;

/**
 * Opens `/` of a local server in a headless browser, and waits for what the page posts to `/result`.
 *
 * @param headers sent with every answer
 */
export async function visit(browser: string, files: Files, headers: Record<string, string>): Promise<string> {
  const result = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        response.end();
        result.resolve(text);
      });
      return;
    }
    const file = files.get(request.url ?? "");
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": file.type, ...headers }).end(file.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The server listens on a port, not on a path.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { port } = server.address() as AddressInfo;
  const profile = mkdtempSync(path.join(tmpdir(), "convoy-chromium-"));
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(browser, [...flags, `http://127.0.0.1:${port}/`], { stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  child.once("exit", (code) => result.reject(new Error(`the browser ended with ${code}: ${complaints}`)));
  try {
    return await result.promise;
  } finally {
    const gone = child.exitCode === null ? once(child, "exit") : undefined;
    child.kill();
    await gone;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
