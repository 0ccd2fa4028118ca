/**
 * `url` as it may stand in a log or an error: without user, password and fragment, and with the
 * names of its query parameters only, because tokens and signatures travel in their values.
 */
export function maskUrl(url: URL): string {
  const names = [...new Set(url.searchParams.keys())];
  const query = names.map((name) => `${encodeURIComponent(name)}=…`).join('&');
  return `${url.origin}${url.pathname}${query === '' ? '' : `?${query}`}`;
}
