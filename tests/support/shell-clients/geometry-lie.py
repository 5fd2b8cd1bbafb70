#!/usr/bin/python3
"""A client that shows more than it claims: its window geometry is 300x200 in the middle of an opaque, magenta 700x500 buffer.

What lies outside the geometry has to be invisible. Runs until it is killed. Wire format: wayland.xml, xdg-shell.xml.
"""
import mmap
import os
import socket
import struct

BUFFER_WIDTH, BUFFER_HEIGHT = 700, 500
GEOMETRY = (200, 150, 300, 200)
MAGENTA_XRGB = b'\xff\x00\xff\x00'

# In the order of their creation: the compositor allows no gaps.
display, registry, sync, compositor, shm, wm_base, pool, buffer, surface, xdg_surface, toplevel = range(1, 12)

connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect(os.path.join(os.environ['XDG_RUNTIME_DIR'], os.environ['WAYLAND_DISPLAY']))


def text(value):
    data = value.encode() + b'\0'
    return struct.pack('=I', len(data)) + data + b'\0' * (-len(data) % 4)


def request(target, opcode, *arguments, descriptors=()):
    body = b''.join(part if isinstance(part, bytes) else struct.pack('=i', part) for part in arguments)
    message = struct.pack('=II', target, (8 + len(body)) << 16 | opcode) + body
    socket.send_fds(connection, [message], list(descriptors))


def read(count):
    data = b''
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise SystemExit('The compositor closed the connection')
        data += part
    return data


def events():
    while True:
        target, word = struct.unpack('=II', read(8))
        yield target, word & 0xffff, read((word >> 16) - 8)


def make_buffer():
    size = BUFFER_WIDTH * BUFFER_HEIGHT * 4
    memory = os.memfd_create('pixels')
    os.ftruncate(memory, size)
    mmap.mmap(memory, size).write(MAGENTA_XRGB * (BUFFER_WIDTH * BUFFER_HEIGHT))
    request(shm, 0, pool, size, descriptors=[memory])
    request(pool, 0, buffer, 0, BUFFER_WIDTH, BUFFER_HEIGHT, BUFFER_WIDTH * 4, 1)


def make_window():
    request(compositor, 0, surface)
    request(wm_base, 2, xdg_surface, surface)
    request(xdg_surface, 1, toplevel)
    request(toplevel, 2, text('Geometry lie'))
    request(surface, 6)


request(display, 1, registry)
request(display, 0, sync)
names = {}
for target, opcode, body in events():
    if target == registry and opcode == 0:
        name, length = struct.unpack('=II', body[:8])
        names[body[8:7 + length].decode()] = name
    elif target == sync:
        for interface, version, new_id in (('wl_compositor', 4, compositor), ('wl_shm', 1, shm), ('xdg_wm_base', 1, wm_base)):
            request(registry, 0, names[interface], text(interface), version, new_id)
        make_buffer()
        make_window()
    elif target == xdg_surface:
        request(xdg_surface, 4, body)
        request(xdg_surface, 3, *GEOMETRY)
        request(surface, 1, buffer, 0, 0)
        request(surface, 2, 0, 0, BUFFER_WIDTH, BUFFER_HEIGHT)
        request(surface, 6)
    elif target == wm_base:
        request(wm_base, 3, body)
    elif target == display and opcode == 0:
        raise SystemExit(f'Protocol error: {body[8:]!r}')
