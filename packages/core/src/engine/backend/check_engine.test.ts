import process from "node:process";
import test from "ava";
import { checkEngine } from "./check_engine.ts";

/** What an engine says that compiles WebAssembly with these words only; undefined: it has no WebAssembly at all. */
function refusal(validate: ((bytes: Uint8Array) => boolean) | undefined, relaxed?: boolean): string | undefined {
  const { WebAssembly: own } = globalThis;
  const engine = validate === undefined ? undefined : { ...own, validate };
  Object.defineProperty(globalThis, "WebAssembly", { value: engine, configurable: true, writable: true });
  try {
    checkEngine(relaxed);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    Object.defineProperty(globalThis, "WebAssembly", { value: own, configurable: true, writable: true });
  }
}

/** f32x4.relaxed_madd: 0xfd, 0x105 */
const isRelaxed = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(Buffer.of(0xfd, 0x85, 0x02));
/** The section of memories says in its flags that one is shared. */
const isShared = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(Buffer.of(0x05, 0x04, 0x01, 0x03));

test("this engine can run the kernels", (t) => {
  t.notThrows(() => checkEngine());
});

test("an engine without WebAssembly is told so, and by what", (t) => {
  t.regex(
    refusal(undefined)!,
    /^KERNELS_UNSUPPORTED: Node [\d.]+ on \w+ has no WebAssembly: .*--jitless does\. Use Node 22/,
  );
  process.execArgv.push("--jitless");
  t.teardown(() => process.execArgv.pop());
  t.regex(refusal(undefined)!, /has no WebAssembly, because it was started with --jitless\. Start it without\./);
});

test("an engine without SIMD is told of the processor that it takes", (t) => {
  const message = refusal((bytes) => !Buffer.from(bytes).includes(0xfd))!;
  t.regex(message, /^KERNELS_UNSUPPORTED: .* no WebAssembly SIMD on this processor.*SSE4\.1/);
});

test("an engine without relaxed SIMD is told which ones have it; tfjs's operations do without", (t) => {
  t.regex(
    refusal((bytes) => !isRelaxed(bytes))!,
    /^KERNELS_UNSUPPORTED: .* no relaxed SIMD .*Use Node 22 or later/,
  );
  t.is(
    refusal((bytes) => !isRelaxed(bytes), false),
    undefined,
  );
});

test("an engine without shared memory is told so", (t) => {
  t.regex(
    refusal((bytes) => !isShared(bytes))!,
    /^KERNELS_UNSUPPORTED: .* no shared WebAssembly memory/,
  );
});
