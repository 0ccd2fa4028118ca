/** What an entry counts in bytes: its file, its key and its tags. */
export function entrySize(
  fileBytes: number,
  key: string,
  tags: readonly string[] | undefined,
): number {
  let size = fileBytes + Buffer.byteLength(key);
  for (const tag of tags ?? []) size += Buffer.byteLength(tag);
  return size;
}
