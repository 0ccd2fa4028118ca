import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** What publint and Are The Types Wrong find in a tarball: one line each. */
export async function lintTarball({ manifest, tarball }) {
  const data = new Uint8Array(readFileSync(tarball));
  return [...(await runPublint(manifest, data)), ...(await runAttw(data))];
}

async function runPublint(manifest, data) {
  const { messages } = await publint({ pack: { tarball: data.buffer }, strict: true });
  return messages.map(
    (message) => `publint: ${formatMessage(message, manifest, { color: false })}`,
  );
}

async function runAttw(data) {
  const { types, problems } = await checkPackage(createPackageFromTarballData(data));
  if (types === false) return ['attw: has no types'];
  return problems.map(
    ({ kind, ...where }) => `attw: ${problemKindInfo[kind].title} ${JSON.stringify(where)}`,
  );
}
