import { describeStoreProcesses } from '@x/testkit';
import * as opener from './fixtures/opener.ts';

describeStoreProcesses('FileStore', opener);
