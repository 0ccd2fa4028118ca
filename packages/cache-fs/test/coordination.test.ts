import { describeStoreCoordination } from '@x/testkit';
import * as opener from './fixtures/opener.ts';

describeStoreCoordination('FileStore', opener);
