/** The short form of the metadata, where the registry knows it. */
const accept = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8';

/** How a registry, whose address ends in `/`, is asked for a package. */
export function packageRequest(
  registry: string,
  name: string,
): { readonly url: string; readonly headers: { readonly accept: string } } {
  return { url: `${registry}${name.replace('/', '%2f')}`, headers: { accept } };
}
