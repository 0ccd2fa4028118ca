import { randomBytes } from 'node:crypto';

/**
 * The ids of instances, made on first use, by each decoration for itself. They begin at random: the
 * number alone would give an instance the entries that another one left in a persistent cache.
 */
export class InstanceIds {
  readonly #ids = new WeakMap<object, string>();
  #prefix: string | undefined;
  #count = 0;

  of(instance: object): string {
    let id = this.#ids.get(instance);
    if (id === undefined) this.#ids.set(instance, (id = this.#create()));
    return id;
  }

  /** Gives the instance another id when it is next asked for: what was kept under the old one ends. */
  forget(instance: object): void {
    this.#ids.delete(instance);
  }

  #create(): string {
    this.#prefix ??= randomBytes(12).toString('base64url');
    return `#${this.#prefix}.${this.#count++}`;
  }
}
