/** Bytes of a WebAssembly module under construction. Source: WebAssembly Core Specification, section 5 "Binary Format". */
export class Bytes {
  readonly data: number[] = [];

  byte(...values: readonly number[]): this {
    for (const value of values) this.data.push(value);
    return this;
  }

  /** LEB128 of an unsigned 32-bit integer. */
  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.data.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.data.push(rest);
    return this;
  }

  /** LEB128 of a signed 32-bit integer. */
  signed(value: number): this {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        this.data.push(low);
        return this;
      }
      this.data.push(low | 0x80);
    }
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text);
    this.unsigned(bytes.length);
    for (const value of bytes) this.data.push(value);
    return this;
  }

  append(other: Bytes): this {
    for (const value of other.data) this.data.push(value);
    return this;
  }

  /** The other's length, then its bytes. */
  sized(other: Bytes): this {
    return this.unsigned(other.data.length).append(other);
  }
}
