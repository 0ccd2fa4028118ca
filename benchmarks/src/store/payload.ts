/** The sizes of JSON text that are measured. */
export const sizes = { '100 B': 100, '1 KB': 1_000, '100 KB': 100_000 } as const;

export type Size = keyof typeof sizes;

/** How many keys a store holds, by the size of its values. */
export const keyCount: Record<Size, number> = {
  '100 B': 5_000,
  '1 KB': 5_000,
  '100 KB': 200,
};

interface Version {
  readonly name: string;
  readonly version: string;
  readonly published: number;
  readonly deprecated: boolean;
  readonly tags: readonly string[];
}

/** Metadata of a package, as a registry answers it, whose JSON text has about `bytes` characters. */
export function payload(index: number, bytes: number): object {
  if (bytes <= 100) {
    return { id: index, name: `package-${index}`, latest: '4.17.21', ok: true, size: 31_415 };
  }
  const versions: Version[] = [];
  for (let length = 60; length < bytes - 60; length += 118) {
    const at = versions.length;
    versions.push({
      name: `package-${index}`,
      version: `${at}.${index % 10}.0`,
      published: 1_700_000_000_000 + at * 86_400_000 + index,
      deprecated: at % 7 === 0,
      tags: ['npm', `v${at}`],
    });
  }
  return { id: index, name: `package-${index}`, versions };
}

export function keyOf(index: number): string {
  return `registry:package:${index}`;
}
