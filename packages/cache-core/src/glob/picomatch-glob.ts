import type { ClassRange } from './parse-class.ts';
import type { GlobNode } from './parse-glob.ts';

/**
 * Writes a parsed glob so that picomatch, made for paths, gives each part its plain meaning: it
 * would drop NUL and a leading `./`, and treat dots, slashes, quotes, parentheses and `+ @ ! | $ ^`
 * in ways of its own. Inside a class none of them is special, so each stands in one.
 */
export function toPicomatch(nodes: readonly GlobNode[]): string {
  return nodes.map(writeNode).join('');
}

function writeNode(node: GlobNode): string {
  switch (node.kind) {
    case 'text':
      return writeText(node.text);
    case 'any':
      return '*';
    case 'one':
      return String.raw`[\s\S]`;
    case 'class':
      return writeClass(node.ranges);
    case 'choice':
      return `{${node.branches.map(toPicomatch).join(',')}}`;
  }
}

function writeText(text: string): string {
  return text.replaceAll(
    /[^\w :\u0080-\u{10ffff}]/gu,
    (point) => `[${writePoint(point.codePointAt(0) ?? 0)}]`,
  );
}

function writeClass(ranges: readonly ClassRange[]): string {
  if (ranges.length === 0) return String.raw`[^\s\S]`;
  const parts = ranges.map(({ first, last }) =>
    first === last ? writePoint(first) : `${writePoint(first)}-${writePoint(last)}`,
  );
  return `[${parts.join('')}]`;
}

function writePoint(codePoint: number): string {
  return codePoint < 0x100
    ? `\\x${codePoint.toString(16).padStart(2, '0')}`
    : `\\u{${codePoint.toString(16)}}`;
}
