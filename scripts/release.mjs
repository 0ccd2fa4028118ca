// Publishes what the changesets have prepared, or shows what that would be:
//
//   pnpm release              publishes to npm with provenance; meant for the release workflow
//   pnpm release --dry-run    applies the changesets in a copy, packs and inspects it; publishes nothing
import { parseArgs } from 'node:util';
import { previewRelease } from './release/preview.mjs';
import { publish } from './release/publish.mjs';

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
try {
  await (values['dry-run'] ? previewRelease() : publish());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
