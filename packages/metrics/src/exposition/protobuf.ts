/**
 * Writes the wire format of protocol buffers: as much of it as the Prometheus data model needs. Fields
 * of value 0 are left out, as the format allows.
 */
export class ProtobufWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  /** What was written. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  text(field: number, value: string): void {
    if (value !== '') this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint(field * 8 + 2);
    this.delimited(value);
  }

  /** A message inside this one. */
  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter();
    write(inner);
    this.bytes(field, inner.finish());
  }

  /** Bytes behind their length. */
  delimited(value: Uint8Array): void {
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  double(field: number, value: number): void {
    if (Object.is(value, 0)) return;
    this.#varint(field * 8 + 1);
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A whole number of at least 0. */
  unsigned(field: number, value: number): void {
    if (value === 0) return;
    this.#varint(field * 8);
    this.#varint(value);
  }

  /** A whole number, as the types `sint32` and `sint64` have it. */
  signed(field: number, value: number): void {
    if (value === 0) return;
    this.#varint(field * 8);
    this.#varint(zigzag(value));
  }

  /** Several whole numbers, as the repeated types `sint32` and `sint64` have them. */
  packedSigned(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    const inner = new ProtobufWriter();
    for (const value of values) inner.#varint(zigzag(value));
    this.bytes(field, inner.finish());
  }

  // Numbers beyond 32 bits are divided, because shifts would cut them.
  #varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#byte((rest % 0x80) + 0x80);
    this.#byte(rest);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Signed numbers as unsigned ones, small where they are near 0. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
