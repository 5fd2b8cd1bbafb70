/**
 * Stand-ins for shared libraries that a program is linked with and does not need: every function does
 * nothing and returns 0. They make a program start in a fraction of the time where the real ones bring
 * a hundred libraries with them (guest/README.md has the figures). x86-64 ELF by the System V ABI, no sections.
 */

import type { Recipe } from './recipe.js';

const headerSize = 64;
const segmentSize = 56;
const symbolSize = 24;
/** xor eax, eax; ret */
const code = Buffer.from([0x31, 0xc0, 0xc3]);

/** A shared library named `soname` that defines `symbols` as functions. Deterministic. */
export function standInLibrary(soname: string, symbols: readonly string[]): Buffer {
    const strings = Buffer.from(`\0${[soname, ...symbols].join('\0')}\0`);
    const nameOf = (text: string) => strings.indexOf(`\0${text}\0`) + 1;

    const codeAt = headerSize + 3 * segmentSize;
    const symbolsAt = codeAt + 8;
    const stringsAt = symbolsAt + symbolSize * (symbols.length + 1);
    const hashAt = (stringsAt + strings.length + 7) & ~7;
    const dynamicAt = hashAt + ((4 * (2 + 1 + symbols.length + 1) + 7) & ~7);

    const dynamic = words64(
        ...[4, hashAt, 5, stringsAt, 6, symbolsAt, 10, strings.length, 11, symbolSize],
        ...[14, nameOf(soname), 0, 0]
    );
    const image = Buffer.alloc(dynamicAt + dynamic.length);
    fileHeader().copy(image);
    segment(1, 5, 0, image.length, 4096).copy(image, headerSize);
    segment(2, 4, dynamicAt, dynamic.length, 8).copy(image, headerSize + segmentSize);
    segment(0x6474e551, 6, 0, 0, 16).copy(image, headerSize + 2 * segmentSize);
    code.copy(image, codeAt);
    symbols.forEach((name, index) => {
        const at = symbolsAt + symbolSize * (index + 1);
        image.writeUInt32LE(nameOf(name), at);
        // A global function, in some section.
        image.writeUInt32LE(0x0001_0012, at + 4);
        image.writeBigUInt64LE(BigInt(codeAt), at + 8);
        image.writeBigUInt64LE(BigInt(code.length), at + 16);
    });
    strings.copy(image, stringsAt);
    hashTable(symbols.length).copy(image, hashAt);
    dynamic.copy(image, dynamicAt);
    return image;
}

/** Stand-ins for the libraries that `standIns` names; the first defines what `program` wants of any of them. */
export function standInLibraries(
    standIns: Pick<Recipe['standIns'], 'libraries' | 'prefixes'>,
    program: Buffer
) {
    const wanted = undefinedSymbols(program).filter(name =>
        standIns.prefixes.some(prefix => name.startsWith(prefix))
    );
    return standIns.libraries.map((name, index) => ({
        name,
        content: standInLibrary(name, index === 0 ? wanted : []),
    }));
}

/** The names of the symbols that the program `elf` (64 bit) needs from elsewhere. */
export function undefinedSymbols(elf: Buffer): string[] {
    const sections = Number(elf.readBigUInt64LE(0x28));
    const section = (index: number) => sections + index * elf.readUInt16LE(0x3a);
    const offsetOf = (at: number) => Number(elf.readBigUInt64LE(at + 0x18));
    const count = elf.readUInt16LE(0x3c);
    const table = Array.from({ length: count }, (_, index) => section(index)).find(
        at => elf.readUInt32LE(at + 4) === 11
    );
    if (table === undefined) throw new Error('The program has no dynamic symbols.');

    const names = offsetOf(section(elf.readUInt32LE(table + 0x28)));
    const end = offsetOf(table) + Number(elf.readBigUInt64LE(table + 0x20));
    const found: string[] = [];
    for (let at = offsetOf(table); at < end; at += symbolSize) {
        if (elf.readUInt16LE(at + 6) !== 0) continue;
        const name = names + elf.readUInt32LE(at);
        found.push(elf.toString('latin1', name, elf.indexOf(0, name)));
    }
    return found;
}

const words64 = (...values: number[]) => Buffer.from(BigUint64Array.from(values.map(BigInt)).buffer);

const words32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);

/** A System V hash table of one chain: a few dozen symbols are looked up once. */
function hashTable(symbols: number) {
    const chain = Array.from({ length: symbols + 1 }, (_, index) =>
        index === 0 || index === symbols ? 0 : index + 1
    );
    return words32(1, symbols + 1, symbols > 0 ? 1 : 0, ...chain);
}

function fileHeader() {
    const header = Buffer.alloc(headerSize);
    // 64 bit, little-endian; a shared object for x86-64; three segments right behind, no sections.
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header);
    words32(0x003e_0003, 1).copy(header, 16);
    header.writeBigUInt64LE(BigInt(headerSize), 32);
    [headerSize, segmentSize, 3, 64].forEach((value, index) => header.writeUInt16LE(value, 52 + 2 * index));
    return header;
}

/** A program header: type, flags, and the same offset in the file and in memory. */
const segment = (type: number, flags: number, at: number, size: number, align: number) =>
    Buffer.concat([words32(type, flags), words64(at, at, at, size, size, align)]);
