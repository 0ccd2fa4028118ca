/** As much of cacache, which has no types, as is used here. */
declare module 'cacache' {
  export function put(folder: string, key: string, data: string): Promise<unknown>;
  export function get(folder: string, key: string): Promise<{ readonly data: Buffer }>;
}
