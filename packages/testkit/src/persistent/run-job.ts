// Does a job on a store, in a process or a thread of its own:
//
//   run-job.ts <address of the module that opens the store> <folder> <job> [options]
import { type JobName, jobs } from './jobs.ts';
import type { StoreOpener } from './store-opener.ts';

const [, , address = '', folder = '', name = '', ...options] = process.argv;
const { open } = (await import(address)) as StoreOpener;
await jobs[name as JobName](await open(folder), ...options);
