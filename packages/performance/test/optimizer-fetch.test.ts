import { describe, expect, it } from 'vitest';
import { fast, openOptimizer, startUpstream } from './optimizer-support.ts';

describe('optimizedRequest with fetch', () => {
  it('keeps to the timeout and to the signal', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer(fast);
    const url = `${upstream.origins[0]}/hang`;

    const late = optimizer.optimizedRequest((http) => http.fetch(url), { timeoutMs: 20 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_POOL_TOTAL_TIMEOUT' });
    const controller = new AbortController();
    const aborted = optimizer.optimizedRequest((http) => http.fetch(url), {
      signal: controller.signal,
    });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
  });
});
