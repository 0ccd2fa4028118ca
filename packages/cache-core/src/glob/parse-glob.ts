import { type ClassRange, readClass } from './parse-class.ts';

/** One part of a parsed glob. Texts and classes hold whole code points. */
export type GlobNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'class'; readonly ranges: readonly ClassRange[] }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly GlobNode[])[] };

/** Reads a glob in the dialect of `KeyPattern`. */
export class GlobParser {
  readonly #glob: string;
  readonly #points: readonly string[];
  #at = 0;

  constructor(glob: string) {
    this.#glob = glob;
    this.#points = Array.from(glob);
  }

  /** @throws TypeError when a bracket, a brace or an escape is not finished */
  parse(): GlobNode[] {
    if (this.#points[0] === '!') {
      throw this.#error(String.raw`begins with "!", which negates nothing here; write "\!"`);
    }
    return this.#sequence(false);
  }

  #sequence(inBraces: boolean): GlobNode[] {
    const nodes: GlobNode[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') nodes.push({ kind: 'text', text });
      text = '';
    };
    for (; this.#at < this.#points.length; this.#at++) {
      const point = this.#points[this.#at];
      if (inBraces && (point === ',' || point === '}')) break;
      if (point === '\\') text += this.#escaped();
      else if (point === '*' || point === '?' || point === '[' || point === '{') {
        flush();
        if (point === '{') nodes.push(...this.#choice());
        else if (point === '[') nodes.push(this.#class());
        else if (point === '?') nodes.push({ kind: 'one' });
        else if (nodes.at(-1)?.kind !== 'any') nodes.push({ kind: 'any' });
      } else text += point;
    }
    flush();
    return nodes;
  }

  #escaped(): string {
    const next = this.#points[++this.#at];
    if (next === undefined) throw this.#error(String.raw`ends with a single "\"`);
    return next;
  }

  #class(): GlobNode {
    const found = readClass(this.#points, this.#at);
    if (typeof found === 'string') throw this.#error(found);
    this.#at = found.end;
    return { kind: 'class', ranges: found.ranges };
  }

  /** Braces around a single branch are text, as in a shell: `{user}:1` means itself. */
  #choice(): GlobNode[] {
    const branches: (readonly GlobNode[])[] = [];
    do {
      this.#at++;
      branches.push(this.#sequence(true));
    } while (this.#points[this.#at] === ',');
    if (this.#at >= this.#points.length) throw this.#error('has a "{" without its "}"');
    const [only] = branches;
    if (only === undefined || branches.length > 1) return [{ kind: 'choice', branches }];
    return [{ kind: 'text', text: '{' }, ...only, { kind: 'text', text: '}' }];
  }

  #error(problem: string): TypeError {
    return new TypeError(`pattern ${JSON.stringify(this.#glob)} ${problem}`);
  }
}

/** What every key that matches begins with. */
export function literalPrefix(nodes: readonly GlobNode[]): string {
  let prefix = '';
  for (const node of nodes) {
    if (node.kind !== 'text') break;
    prefix += node.text;
  }
  return prefix;
}
