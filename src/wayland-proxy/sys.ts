/**
 * The few libc calls the proxy is made of, through koffi (WAYLAND-PROXY.md 3.2). Non-blocking, close-on-exec,
 * no allocation per call: the message header is built once and patched. Calls return -errno on failure.
 * Struct layouts are those of 64-bit Linux (x86-64 and arm64 agree).
 */
import { endianness } from 'node:os';
import koffi from 'koffi';
import { proxyLimits } from './limits.js';

export const errno = {
    EINTR: 4,
    ENOENT: 2,
    EAGAIN: 11,
    ENFILE: 23,
    EMFILE: 24,
    EPIPE: 32,
    ECONNRESET: 104,
    ECONNREFUSED: 111,
} as const;

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_FLAGS = 0o4000 | 0o2000000; // NONBLOCK, CLOEXEC
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_CTRUNC = 0x8;
const RECV_FLAGS = 0x40 | 0x40000000; // DONTWAIT, CMSG_CLOEXEC
const SEND_FLAGS = 0x40 | 0x4000; // DONTWAIT, NOSIGNAL
const CMSG_HEADER = 16;
const PATH_BYTES = 107;

if (endianness() !== 'LE') throw new Error('Bulkhead runs on little-endian machines only.');

/** The C library that Node itself has loaded. */
export const libc = koffi.load(null);
const c = {
    socket: libc.func('int socket(int, int, int)'),
    bind: libc.func('int bind(int, intptr_t, uint32_t)'),
    listen: libc.func('int listen(int, int)'),
    connect: libc.func('int connect(int, intptr_t, uint32_t)'),
    accept4: libc.func('int accept4(int, intptr_t, intptr_t, int)'),
    close: libc.func('int close(int)'),
    recvmsg: libc.func('intptr_t recvmsg(int, intptr_t, int)'),
    sendmsg: libc.func('intptr_t sendmsg(int, intptr_t, int)'),
};

/** The address of an ArrayBuffer's bytes. Valid only while the buffer is referenced. */
export const addressOf = (buffer: ArrayBuffer) => Number(koffi.address(new Uint8Array(buffer)));

/** A call's result, or -errno. */
export const checked = (result: number) => (result < 0 ? -koffi.errno() : result);

const header = new DataView(new ArrayBuffer(56)); // struct msghdr
const vector = new DataView(new ArrayBuffer(16)); // struct iovec
const control = new DataView(new ArrayBuffer(CMSG_HEADER + 4 * proxyLimits.fdsPerMessage));
const headerAddress = addressOf(header.buffer);
const controlAddress = addressOf(control.buffer);

function setAddress(view: DataView, offset: number, address: number) {
    view.setUint32(offset, address >>> 0, true);
    view.setUint32(offset + 4, Math.floor(address / 2 ** 32), true);
}

setAddress(header, 16, addressOf(vector.buffer));
header.setUint32(24, 1, true);

function prepare(address: number, length: number, controlLength: number) {
    setAddress(vector, 0, address);
    vector.setUint32(8, length, true);
    setAddress(header, 32, controlLength > 0 ? controlAddress : 0);
    header.setUint32(40, controlLength, true);
    header.setUint32(48, 0, true);
}

/** What recv got beside its bytes. */
export const received = {
    fds: new Array<number>(proxyLimits.fdsPerMessage).fill(-1),
    count: 0,
    truncated: false,
};

/** Reads up to `length` bytes to `address`; descriptors go to `received`. Returns bytes (0 = end) or -errno. */
export function recv(fd: number, address: number, length: number): number {
    prepare(address, length, control.byteLength);
    const result = checked(c.recvmsg(fd, headerAddress, RECV_FLAGS));
    received.count = 0;
    received.truncated = false;
    if (result < 0) return result;

    received.truncated = (header.getUint32(48, true) & MSG_CTRUNC) !== 0;
    const controlLength = header.getUint32(40, true);
    if (controlLength >= CMSG_HEADER && control.getInt32(8, true) === SOL_SOCKET) {
        if (control.getInt32(12, true) === SCM_RIGHTS) {
            received.count = (control.getUint32(0, true) - CMSG_HEADER) >> 2;
            for (let i = 0; i < received.count; i++)
                received.fds[i] = control.getInt32(CMSG_HEADER + 4 * i, true);
        }
    }
    return result;
}

/** Sends `length` bytes from `address` with the first `count` of `fds` (at most 28). Returns bytes sent or -errno. */
export function send(
    fd: number,
    address: number,
    length: number,
    fds: readonly number[],
    count: number
): number {
    const controlLength = count > 0 ? CMSG_HEADER + 4 * count : 0;
    prepare(address, length, controlLength);
    if (count > 0) {
        control.setUint32(0, controlLength, true);
        control.setUint32(4, 0, true);
        control.setInt32(8, SOL_SOCKET, true);
        control.setInt32(12, SCM_RIGHTS, true);
        for (let i = 0; i < count; i++) control.setInt32(CMSG_HEADER + 4 * i, fds[i]!, true);
    }
    return checked(c.sendmsg(fd, headerAddress, SEND_FLAGS));
}

/** Closes a descriptor we own. */
export const close = (fd: number) => void c.close(fd);

function withAddress(path: string, use: (fd: number, address: number, length: number) => number): number {
    const name = Buffer.from(path);
    if (name.length > PATH_BYTES) throw new Error(`socket path is longer than ${PATH_BYTES} bytes`);

    const address = new ArrayBuffer(110);
    new DataView(address).setUint16(0, AF_UNIX, true);
    new Uint8Array(address).set(name, 2);
    const fd = checked(c.socket(AF_UNIX, SOCK_STREAM | SOCK_FLAGS, 0));
    if (fd < 0) return fd;

    const result = checked(use(fd, addressOf(address), 2 + name.length + 1));
    if (result >= 0) return fd;

    close(fd);
    return result;
}

/** A socket that listens at `path`, or -errno. The file gets its mode from the umask. */
export const listen = (path: string) =>
    withAddress(path, (fd, address, length) => {
        const result = c.bind(fd, address, length);
        return result < 0 ? result : c.listen(fd, 64);
    });

/** A socket connected to `path`, or -errno; EAGAIN means that the peer's backlog is full. */
export const connect = (path: string) =>
    withAddress(path, (fd, address, length) => c.connect(fd, address, length));

/** The next connection, or -errno. */
export const accept = (fd: number) => checked(c.accept4(fd, 0, 0, SOCK_FLAGS));
