/** A member of a list: its value, and its parameters by name. */
export interface ListItem {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string | number | boolean | Uint8Array>;
}

type Bare = string | number | boolean | Uint8Array;

/** What the parser stumbles over; the whole field is ignored then. */
class MalformedField extends Error {}

/**
 * Reads a list of strings or tokens with parameters, as of structured field values for HTTP (RFC 9651).
 * Inner lists, dates and display strings do not occur in the fields that we read. Answers `undefined`
 * where the text is malformed, since the whole field is to be ignored then.
 */
export function parseList(text: string): ListItem[] | undefined {
  try {
    return new ListParser(text).read();
  } catch (error) {
    if (error instanceof MalformedField) return undefined;
    throw error;
  }
}

/** A string as it stands in a structured field; other than printable ASCII is replaced by `?`. */
export function formatString(text: string): string {
  return `"${text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Bytes as they stand in a structured field. */
export function formatBytes(bytes: Uint8Array): string {
  return `:${Buffer.from(bytes).toString('base64')}:`;
}

class ListParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.trim();
  }

  read(): ListItem[] {
    const items: ListItem[] = [];
    while (this.#at < this.#text.length) {
      const value = this.#readBare();
      if (typeof value !== 'string') throw new MalformedField();
      items.push({ value, parameters: this.#readParameters() });
      this.#match(/[ \t]*/y);
      if (this.#at === this.#text.length) break;
      this.#expect(/,[ \t]*/y);
      if (this.#at === this.#text.length) throw new MalformedField();
    }
    return items;
  }

  #readParameters(): Map<string, Bare> {
    const parameters = new Map<string, Bare>();
    while (this.#match(/; */y) !== undefined) {
      const name = this.#expect(/[a-z*][a-z0-9_.*-]*/y);
      parameters.set(name, this.#match(/=/y) === undefined ? true : this.#readBare());
    }
    return parameters;
  }

  #readBare(): Bare {
    const quoted = this.#match(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y);
    if (quoted !== undefined) return quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1');
    const bytes = this.#match(/:[A-Za-z0-9+/=]*:/y);
    if (bytes !== undefined) return Buffer.from(bytes.slice(1, -1), 'base64');
    const boolean = this.#match(/\?[01]/y);
    if (boolean !== undefined) return boolean === '?1';
    const number = this.#match(/-?\d{1,15}(?:\.\d{1,3})?/y);
    if (number !== undefined) return Number(number);
    return this.#expect(/[A-Za-z*][\w!#$%&'*+.^`|~:/-]*/y);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #expect(pattern: RegExp): string {
    const found = this.#match(pattern);
    if (found === undefined) throw new MalformedField();
    return found;
  }
}
