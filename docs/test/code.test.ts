import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTypes } from './check-types.ts';
import { codeBlocks } from './code-blocks.ts';
import { pages } from './pages.ts';
import { runProgram } from './run-program.ts';
import { StandIn } from './stand-in.ts';
import { blocksFolder, isProgram, writeBlock } from './written-block.ts';

await rm(blocksFolder, { recursive: true, force: true });
const written = await Promise.all(pages.flatMap(codeBlocks).filter(isProgram).map(writeBlock));
const isTest = ({ program }: { program: string }): boolean => program.endsWith('.test.ts');

let standIn: StandIn;
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterAll(() => standIn[Symbol.asyncDispose]());

describe('the code in the documents', () => {
  it.concurrent('has right types', async () => {
    expect(await checkTypes('ours')).toEqual([]);
  });

  it.concurrent('has right types with legacy decorators', async () => {
    expect(await checkTypes('legacy')).toEqual([]);
  });

  it.concurrent('has right types for who sets nothing but strict', async () => {
    expect(await checkTypes('strict')).toEqual([]);
  });

  for (const one of written) {
    const { page, line, flags } = one.block;
    if (flags.has('no-run') || isTest(one)) continue;
    it.concurrent(`runs: ${page.path}:${line}`, async () => {
      expect(await runProgram(one, standIn.environment)).toEqual([]);
    });
  }
});

for (const { block, program } of written.filter(isTest)) {
  // oxlint-disable-next-line vitest/valid-describe-callback -- it waits for the tests of the block
  describe(`the tests in ${block.page.path}:${block.line}`, async () => {
    await import(program);
  });
}
