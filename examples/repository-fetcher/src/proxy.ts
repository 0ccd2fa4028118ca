const proxyVariables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'];

/** `'env'` when the user's environment names a proxy. */
export function proxySetting(): 'env' | undefined {
  return proxyVariables.some((name) => process.env[name]) ? 'env' : undefined;
}
