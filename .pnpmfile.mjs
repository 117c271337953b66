// The node-* packages write `os` and `cpu` as strings, which pnpm drops from the lockfile; without them it would
// download every platform's binary and link the wrong one. The Linux binaries are built for glibc.
function readPackage(manifest) {
  if (/^node-(bin-)?(darwin|linux|win)-/.test(manifest.name)) {
    manifest.os = [manifest.os].flat();
    manifest.cpu = [manifest.cpu].flat();
    if (manifest.os.includes("linux")) manifest.libc = ["glibc"];
  }
  return manifest;
}

export const hooks = { readPackage };
