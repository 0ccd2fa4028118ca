/** What a memory cache did since it was made. */
export class Counts {
  hits = 0;
  misses = 0;
  evictions = 0;
  expirations = 0;
}
