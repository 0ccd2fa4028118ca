export type { Packument, PackageVersion } from './packument.ts';
export type { UpstreamServerOptions } from './upstream-options.ts';
export { UpstreamServer } from './upstream-server.ts';
export type { UpstreamStats } from './upstream-traffic.ts';
