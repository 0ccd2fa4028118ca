import { readCliOptions, usage } from './cli-options.ts';
import { factsOf } from './file-facts.ts';
import { openCache } from './open-cache.ts';

const say = (message: string): void => void process.stderr.write(`${message}\n`);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Answers how many files could not be read. */
async function main(): Promise<number> {
  const options = readCliOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const cache = await openCache(options, say);
  let failures = 0;
  try {
    if (options.clear) await cache.clear();
    for (const file of options.files) {
      try {
        const { sha256, lineCount } = await factsOf(cache, file);
        process.stdout.write(`${sha256}  ${lineCount}  ${file}\n`);
      } catch (error) {
        failures++;
        say(`${file}: ${messageOf(error)}`);
      }
    }
    const { hits } = await cache.stats();
    say(`${options.files.length} files, ${hits} from the cache`);
  } finally {
    await cache.close();
  }
  return failures;
}

// Whoever reads the output may have seen enough, as in `digest * | head -1`.
process.stdout.on('error', () => process.exit());

try {
  process.exitCode = (await main()) === 0 ? 0 : 1;
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
