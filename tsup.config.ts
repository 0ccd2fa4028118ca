import { defineConfig } from 'tsup';

/** One build for every package, run from the package's folder: ESM, CommonJS and types for both. */
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  sourcemap: true,
  splitting: false,
  target: 'node22',
  platform: 'node',
  silent: true,
  // `node:sqlite` has no name without the prefix.
  removeNodeProtocol: false,
  esbuildOptions: (options, { format }) => {
    // Source maps point into `src`, which is in the package; see docs/decisions/034.
    options.sourcesContent = false;
    // jest runs CommonJS where `import()` does not work; it becomes a `require` that is as late.
    if (format === 'cjs') options.supported = { ...options.supported, 'dynamic-import': false };
  },
});
