import { defineConfig } from 'tsup';

/** One build for every package, run from the package's folder: ESM, CommonJS and types for both. */
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  sourcemap: true,
  splitting: true,
  target: 'node22',
  platform: 'node',
  silent: true,
  // `node:sqlite` has no name without the prefix.
  removeNodeProtocol: false,
});
