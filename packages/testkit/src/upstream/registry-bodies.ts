import { gzipSync } from 'node:zlib';
import { packumentOf } from './packument.ts';

interface Body {
  readonly plain: Buffer;
  gzipped?: Buffer;
}

const mostBodies = 500;

/** The JSON of packages, made when first asked for; the oldest are forgotten. */
export class RegistryBodies {
  readonly #bodies = new Map<string, Body>();

  get(name: string, gzip: boolean): Buffer {
    let body = this.#bodies.get(name);
    if (body === undefined) {
      body = { plain: Buffer.from(JSON.stringify(packumentOf(name))) };
      this.#bodies.set(name, body);
      if (this.#bodies.size > mostBodies)
        this.#bodies.delete(this.#bodies.keys().next().value ?? '');
    }
    return gzip ? (body.gzipped ??= gzipSync(body.plain)) : body.plain;
  }
}
