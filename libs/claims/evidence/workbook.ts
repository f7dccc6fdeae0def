/** Where the end of a ZIP's directory says the directory is (APPNOTE 4.3.16). */
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;

/** More than any workbook under 10 MB has; a bomb needs far more. */
const MOST_ENTRIES = 5_000;
const MOST_UNPACKED_BYTES = 300 * 1024 * 1024;
/** DEFLATE reaches 1,032; the XML of real sheets stays far under this. */
const MOST_RATIO = 200;
const SMALL_BYTES = 1024 * 1024;

interface Entry {
  name: string;
  packed: number;
  unpacked: number;
}

/**
 * True when a ZIP file is an Office Open XML workbook (ECMA-376 part 2) without macros, and no bomb by what its
 * directory declares. Nothing here unpacks it. `tail` is the end of the file, `size` the size of the whole in bytes.
 */
export function isWorkbook(tail: Buffer, size: number): boolean {
  const entries = directory(tail, size);
  if (!entries) return false;
  const names = new Set(entries.map((entry) => entry.name));
  const packed = entries.reduce((sum, entry) => sum + entry.packed, 0);
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpacked, 0);
  return (
    names.size === entries.length &&
    names.has('[Content_Types].xml') &&
    names.has('xl/workbook.xml') &&
    entries.every(isOrdinary) &&
    packed <= size && // entries that overlap, as in "a better zip bomb" (Fifield 2019), declare more than there is
    unpacked <= MOST_UNPACKED_BYTES
  );
}

function isOrdinary({ name, packed, unpacked }: Entry): boolean {
  if (/^\/|\\|(^|\/)\.\.(\/|$)|\0/.test(name)) return false;
  if (/vbaProject\.bin$|\.(zip|exe|dll|js|vbs|jar)$/i.test(name)) return false;
  return unpacked <= SMALL_BYTES || unpacked <= packed * MOST_RATIO;
}

/** The entries of the central directory; null when it is broken, too large, split over disks or in ZIP64 form. */
function directory(tail: Buffer, size: number): Entry[] | null {
  const end = findEnd(tail);
  if (end === -1) return null;
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16) - (size - tail.length);
  const split = tail.readUInt16LE(end + 4) !== 0 || tail.readUInt16LE(end + 8) !== count;
  if (split || count === 0 || count > MOST_ENTRIES || start < 0 || start + length !== end) return null;
  return readEntries(tail.subarray(start, end), count);
}

function readEntries(bytes: Buffer, count: number): Entry[] | null {
  const entries: Entry[] = [];
  let at = 0;
  while (at + ENTRY_BYTES <= bytes.length && bytes.readUInt32LE(at) === ENTRY) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
    entries.push({ name, packed: bytes.readUInt32LE(at + 20), unpacked: bytes.readUInt32LE(at + 24) });
    at += ENTRY_BYTES + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return at === bytes.length && entries.length === count ? entries : null;
}

/** The last end record whose comment reaches exactly to the end of the file. */
function findEnd(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return -1;
}
