import { Transform, type TransformCallback } from 'node:stream';
import { createInflate, createInflateRaw, type Inflate, type InflateRaw } from 'node:zlib';

/** Whether compressed `bytes` begin as zlib does; some servers send bare deflate data for `deflate`. */
export function isZlibHeader(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 8;
}

/** Inflates what the content coding `deflate` stands for: data in zlib's format, or bare. */
export class AnyInflate extends Transform {
  #inflate: Inflate | InflateRaw | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#inflate === undefined) {
      this.#inflate = isZlibHeader(chunk) ? createInflate() : createInflateRaw();
      this.#inflate.on('data', (data: Buffer) => this.push(data));
      this.#inflate.on('error', (error) => this.destroy(error));
    }
    this.#inflate.write(chunk, () => done());
  }

  override _flush(done: TransformCallback): void {
    if (this.#inflate === undefined) {
      done();
      return;
    }
    this.#inflate.once('end', () => done());
    this.#inflate.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inflate?.destroy();
    done(error);
  }
}
