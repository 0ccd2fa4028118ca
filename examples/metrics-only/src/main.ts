import { Registry } from '@x/metrics';

const registry = new Registry();
const requests = registry.counter('requests', {
  help: 'Requests answered.',
  labelNames: ['method', 'status'],
});
const ok = requests.labels('GET', '200');
const duration = registry.timer('request', { help: 'How long a request takes.' });

/** Stands for work that sometimes fails. */
function work(index: number): number {
  if (index % 10 === 9) throw new Error('every tenth fails');
  let sum = 0;
  for (let step = 0; step < 10_000 * (index % 5); step++) sum += step;
  return sum;
}

for (let index = 0; index < 200; index++) {
  try {
    duration.time(() => work(index));
    ok.inc();
  } catch {
    requests.labels({ method: 'GET', status: '500' }).inc();
  }
}

console.log(registry.report());
