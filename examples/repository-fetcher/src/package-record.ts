/** What is kept of a package: a few kilobytes instead of megabytes of raw metadata. */
export interface PackageRecord {
  readonly name: string;
  readonly distTags: Readonly<Record<string, string>>;
  /** The newest versions, newest last; all of them unless the record would grow too large. */
  readonly versions: readonly string[];
  readonly versionCount: number;
  readonly latest?: LatestManifest;
}

/** The manifest of the version that `latest` points to. */
export interface LatestManifest {
  readonly version: string;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly unpackedSize?: number;
  readonly deprecated?: string;
}

/** The part of a registry's answer that is read. */
export interface RegistryMetadata {
  readonly name: string;
  readonly 'dist-tags'?: Readonly<Record<string, string>>;
  readonly versions?: Readonly<Record<string, RegistryManifest>>;
}

interface RegistryManifest extends Omit<LatestManifest, 'unpackedSize' | 'license' | 'deprecated'> {
  readonly license?: unknown;
  readonly deprecated?: unknown;
  readonly dist?: { readonly unpackedSize?: number };
}

const maxRecordBytes = 32 * 1_024;

const text = <Name extends string>(name: Name, value: unknown): { [_ in Name]?: string } =>
  (typeof value === 'string' ? { [name]: value } : {}) as { [_ in Name]?: string };

/** Leaves out what is not known instead of keeping it as `undefined`, so that the record is plain JSON. */
function distilManifest(manifest: RegistryManifest): LatestManifest {
  const { version, engines, dependencies, dist, license, deprecated } = manifest;
  return {
    version,
    ...text('license', license),
    ...(engines && { engines }),
    ...(dependencies && { dependencies }),
    ...(dist?.unpackedSize !== undefined && { unpackedSize: dist.unpackedSize }),
    ...text('deprecated', deprecated),
  };
}

/** The record of a package, at most 32 KiB as JSON: the oldest versions are left out first. */
export function distil(metadata: RegistryMetadata): PackageRecord {
  const distTags = metadata['dist-tags'] ?? {};
  const all = Object.keys(metadata.versions ?? {});
  const latest = metadata.versions?.[distTags['latest'] ?? ''];
  const build = (versions: readonly string[]): PackageRecord => ({
    name: metadata.name,
    distTags,
    versions,
    versionCount: all.length,
    ...(latest && { latest: distilManifest(latest) }),
  });
  const versions = [...all];
  while (versions.length > 0 && JSON.stringify(build(versions)).length > maxRecordBytes) {
    versions.splice(0, Math.ceil(versions.length / 4));
  }
  return build(versions);
}
