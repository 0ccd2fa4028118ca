const events = require('node:events');
const { createServer } = require('node:http');
const { cached, monitored, PerformanceOptimizer } = require('@x/performance');

/** Stands for a remote service: answers the length of the path, and counts the questions. */
async function startService() {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ celsius: request.url?.length }));
  });
  await events.once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { server, address: `http://127.0.0.1:${port}`, countRequests: () => requests };
}

async function main() {
  const service = await startService();
  const optimizer = await PerformanceOptimizer.open({ cache: { defaultTtlMs: 60_000 } });

  /**
   * @param {string} city
   * @returns {Promise<{ celsius: number }>}
   */
  async function fetchForecast(city) {
    const url = `${service.address}/${encodeURIComponent(city)}`;
    return optimizer.optimizedRequest((http) => http.get(url).json());
  }
  const forecast = monitored(optimizer.registry)(cached(optimizer.cache)(fetchForecast));

  const cities = ['Lisbon', 'Oslo', 'Lisbon', 'Lisbon', 'Oslo'];
  const forecasts = await Promise.all(cities.map((city) => forecast(city)));
  console.log(forecasts.map(({ celsius }, index) => `${cities[index]} ${celsius} °C`).join(', '));
  console.log(`${cities.length} forecasts, ${service.countRequests()} requests`);
  console.log(`\n${await optimizer.report()}`);

  await optimizer.close();
  service.server.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
