import { describeStoreInvalidation, describeStoreModel } from '@x/testkit';
import { open } from './fixtures/opener.ts';

describeStoreInvalidation('FileStore', open);
describeStoreModel('FileStore', open);
