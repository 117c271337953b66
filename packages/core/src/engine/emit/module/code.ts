import { Bytes } from "./encoding.ts";

/** A local variable: its index in the function. */
export type Local = number;

const type = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

/** The instructions of one function, appended one after the other. All parameters are i32; nothing is returned. */
export class Code {
  readonly parameterCount: number;
  readonly #locals: number[] = [];
  readonly #body = new Bytes();
  readonly #free: Record<"i32" | "f32" | "v128", Local[]> = { i32: [], f32: [], v128: [] };

  constructor(parameterCount: number) {
    this.parameterCount = parameterCount;
  }

  /** Parameter number `index`. */
  parameter(index: number): Local {
    return index;
  }

  local(kind: keyof typeof type): Local {
    const reused = this.#free[kind].pop();
    if (reused !== undefined) return reused;
    this.#locals.push(type[kind]);
    return this.parameterCount + this.#locals.length - 1;
  }

  /** Gives locals back, so that the function does not grow one for every tile. */
  release(kind: keyof typeof type, ...locals: readonly Local[]): void {
    this.#free[kind].push(...locals);
  }

  get(local: Local): this {
    this.#body.byte(0x20).unsigned(local);
    return this;
  }

  set(local: Local): this {
    this.#body.byte(0x21).unsigned(local);
    return this;
  }

  constant(value: number): this {
    this.#body.byte(0x41).signed(value);
    return this;
  }

  /** A plain instruction without operands of its own. */
  op(code: number): this {
    this.#body.byte(code);
    return this;
  }

  /** A plain instruction of the SIMD family. */
  simd(code: number): this {
    this.#body.byte(0xfd).unsigned(code);
    return this;
  }

  memory(code: number, offset: number): this {
    this.#body.byte(code, 0).unsigned(offset);
    return this;
  }

  simdMemory(code: number, offset: number, lane?: number): this {
    this.#body.byte(0xfd).unsigned(code).byte(0).unsigned(offset);
    if (lane !== undefined) this.#body.byte(lane);
    return this;
  }

  vectorConstant(lanes: readonly number[]): this {
    const bytes = new Uint8Array(Int32Array.from(lanes).buffer);
    this.#body.byte(0xfd, 0x0c, ...bytes);
    return this;
  }

  /** Of the two vectors on the stack, the bytes with these numbers: 0 to 15 of the first, 16 to 31 of the second. */
  shuffle(bytes: readonly number[]): this {
    this.#body.byte(0xfd, 0x0d, ...bytes);
    return this;
  }

  f32Add(): this {
    return this.simd(0xe4);
  }

  /** memory.fill(address, value, bytes), all three on the stack. */
  fill(): this {
    this.#body.byte(0xfc).unsigned(0x0b).byte(0x00);
    return this;
  }

  /** Sets `bytes` bytes to zero, a constant. */
  clear(address: Local, bytes: number): this {
    return this.get(address).constant(0).constant(bytes).fill();
  }

  /** target = source + value */
  advance(target: Local, source: Local, value: number): this {
    return value === 0 && target === source ? this : this.get(source).constant(value).op(0x6a).set(target);
  }

  /** Runs `body` `times` times, a constant; once or never without a loop. */
  repeat(times: number, body: () => void): this {
    if (times <= 0) return this;
    if (times === 1) {
      body();
      return this;
    }
    const counter = this.local("i32");
    this.constant(times).set(counter).countDown(counter, body);
    this.release("i32", counter);
    return this;
  }

  /** Runs `body` as often as `counter`, not zero at first, says; it is used up. */
  countDown(counter: Local, body: () => void): this {
    this.#body.byte(0x03, 0x40);
    body();
    this.get(counter).constant(1).op(0x6b).set(counter).get(counter);
    this.#body.byte(0x0d, 0, 0x0b);
    return this;
  }

  /** Runs `body` as long as `counter`, which `body` advances, is below `end`; perhaps never. */
  while(counter: Local, end: Local, body: () => void): this {
    this.#body.byte(0x02, 0x40).byte(0x03, 0x40);
    this.get(counter).get(end).op(0x49).op(0x45);
    this.#body.byte(0x0d, 1);
    body();
    this.#body.byte(0x0c, 0, 0x0b, 0x0b);
    return this;
  }

  /** Runs `body` if the integer on the stack is not zero. */
  when(body: () => void): this {
    this.#body.byte(0x04, 0x40);
    body();
    this.#body.byte(0x0b);
    return this;
  }

  /** Runs the first if the integer on the stack is not zero, else the second. */
  either(nonZero: () => void, isZero: () => void): this {
    this.#body.byte(0x04, 0x40);
    nonZero();
    this.#body.byte(0x05);
    isZero();
    this.#body.byte(0x0b);
    return this;
  }

  /** Runs `body` with `bit` set to the place of each bit of `bits`, from the lowest; `bits`, not zero at first, is used up. */
  forEachBit(bits: Local, bit: Local, body: () => void): this {
    this.#body.byte(0x03, 0x40);
    this.get(bits).op(0x68).set(bit);
    body();
    this.get(bits).get(bits).constant(1).op(0x6b).op(0x71).set(bits).get(bits);
    this.#body.byte(0x0d, 0, 0x0b);
    return this;
  }

  /** The function's body with its locals, as the code section wants it. */
  finish(): Bytes {
    const bytes = new Bytes().unsigned(this.#locals.length);
    for (const kind of this.#locals) bytes.unsigned(1).byte(kind);
    return new Bytes().sized(bytes.append(this.#body).byte(0x0b));
  }
}
