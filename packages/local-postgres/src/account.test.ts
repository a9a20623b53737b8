import { expect, test } from 'vitest';
import { findAccount } from './account.ts';

test('an account is found by its exact name', () => {
  const passwd =
    'root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:8::/:/bin/sh\npostgres:x:101:104:x:/var:/bin/bash\n';
  expect(findAccount(passwd, 'postgres')).toEqual({ name: 'postgres', ids: { uid: 101, gid: 104 } });
  expect(findAccount(passwd, 'nobody')).toBeUndefined();
});
