import { expect, test } from '@jest/globals';
import { dependencies, kernelPayload } from '../../../src/images/kernel.js';

/** A bzImage with one setup sector and a payload of zstd's magic and `length` bytes. */
function bzImage(length: number) {
    const image = Buffer.alloc(1024 + 16 + 4 + length + 4);
    image[0x1f1] = 1;
    image.write('HdrS', 0x202);
    image.writeUInt32LE(16, 0x248);
    image.writeUInt32LE(4 + length + 4, 0x24c);
    image.writeUInt32LE(0xfd2fb528, 1024 + 16);
    image.writeUInt32LE(57_575_096, 1024 + 16 + 4 + length);
    return image;
}

test('the payload is cut out without the size that the kernel appends to it', () => {
    const { payload, size } = kernelPayload(bzImage(100));
    expect(payload.length).toBe(104);
    expect(size).toBe(57_575_096);
});

test('a file that is not a bzImage is refused', () => {
    expect(() => kernelPayload(Buffer.alloc(4096))).toThrow('not a bzImage');
    expect(() => kernelPayload(Buffer.alloc(10))).toThrow('not a bzImage');
});

test('a kernel that is compressed otherwise is refused', () => {
    const image = bzImage(100);
    image.writeUInt32LE(0, 1024 + 16);
    expect(() => kernelPayload(image)).toThrow('not compressed with zstd');
});

test('a module says what it needs', () => {
    const module = (text: string) => Buffer.from(`ELF\0license=GPL\0${text}\0name=x\0`);
    expect(dependencies(module('depends=vsock,vmw-vsock-common'))).toEqual(['vsock', 'vmw_vsock_common']);
    expect(dependencies(module('depends='))).toEqual([]);
    expect(dependencies(Buffer.from('no modinfo'))).toEqual([]);
});
