import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { AuditLog } from '../../../src/permissions/audit.js';

test('the audit log grows by one JSON line per event, is readable by its owner alone and survives a new daemon', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bulkhead-audit-'));
    const path = join(folder, 'state', 'audit.jsonl');
    new AuditLog(path).write({ instance: 'editor', event: 'violation', detail: 'a\nb' });
    new AuditLog(path).write({ instance: 'editor', event: 'started' });
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map(line => JSON.parse(line))).toEqual([
        { time: expect.any(String), instance: 'editor', event: 'violation', detail: 'a\nb' },
        { time: expect.any(String), instance: 'editor', event: 'started' },
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await rm(folder, { recursive: true });
});
