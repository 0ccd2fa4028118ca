/** `count` keys of 17 to 18 characters, flat in memory as those are that come from a file or a socket. */
export function flatKeys(count: number, prefix = 'user:profile'): string[] {
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(`${prefix}:${index + 10_000}`).toString('latin1'),
  );
}
