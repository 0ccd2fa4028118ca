export type { Packument, PackageVersion } from './packument.ts';
export { testCertificate } from './test-certificate.ts';
export type { UpstreamServerOptions } from './upstream-options.ts';
export { UpstreamServer } from './upstream-server.ts';
export type { UpstreamStats } from './upstream-traffic.ts';
