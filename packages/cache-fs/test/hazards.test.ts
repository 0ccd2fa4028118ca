import { describeStoreHazards } from '@x/testkit';
import { open } from './fixtures/opener.ts';

describeStoreHazards('FileStore', open);
