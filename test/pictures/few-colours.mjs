import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Colours by index, as PNG calls it. */
const INDEXED = 3;

/**
 * A picture of a page with few colours: PNG with a palette, a third as large. `page` is an empty page of a browser, which takes the picture
 * apart; with `width` and `height` the picture is of that size, white where it ends before. With `most` it has as many of its colours as
 * it takes to be no larger than so many bytes, else throws.
 */
export async function withFewColours(page, png, { width, height, most = Infinity } = {}) {
  const source = `data:image/png;base64,${png.toString('base64')}`;
  let length = 0;
  for (const colours of most === Infinity ? [64] : [16, 12, 8, 6]) {
    const picture = encoded(await page.evaluate(takenApart, { source, width, height, colours }));
    if (picture.length <= most) return picture;
    length = picture.length;
  }
  throw new Error(`A picture does not fit into ${most} bytes: ${length}`);
}

/**
 * Runs in the browser. Pages have few colours besides the greys at the edges of letters: each pixel takes the nearest of those that are there
 * most often.
 */
async function takenApart({ source, width, height, colours }) {
  const image = new Image();
  image.src = source;
  await image.decode();
  const size = { width: width ?? image.naturalWidth, height: height ?? image.naturalHeight };
  const paper = Object.assign(document.createElement('canvas'), size).getContext('2d');
  paper.fillStyle = '#ffffff';
  paper.fillRect(0, 0, size.width, size.height);
  paper.drawImage(image, 0, 0);
  const pixels = new Uint32Array(paper.getImageData(0, 0, size.width, size.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const often = [...counts].sort(([, a], [, b]) => b - a).map(([pixel]) => pixel);
  const palette = often.slice(0, colours).map(parts);
  const nearest = new Map();
  for (const pixel of often) {
    const of = parts(pixel);
    const far = palette.map((one) => one.reduce((sum, part, at) => sum + (part - of[at]) ** 2, 0));
    nearest.set(pixel, far.indexOf(Math.min(...far)));
  }
  const indices = Uint8Array.from(pixels, (pixel) => nearest.get(pixel));
  let text = '';
  for (let at = 0; at < indices.length; at += 32_768) text += String.fromCharCode(...indices.subarray(at, at + 32_768));
  return { ...size, palette, indices: btoa(text) };
}

/** PNG, four bits a pixel where sixteen colours are enough. */
function encoded({ width, height, palette, indices }) {
  const pixels = Buffer.from(indices, 'base64');
  const bits = palette.length <= 16 ? 4 : 8;
  const bytes = Math.ceil((width * bits) / 8);
  const rows = Buffer.alloc((bytes + 1) * height);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * (bytes + 1) + 1, (y + 1) * (bytes + 1));
    for (let x = 0; x < width; x++) {
      const index = pixels[y * width + x];
      if (bits === 8) row[x] = index;
      else row[x >> 1] |= x % 2 === 0 ? index << 4 : index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, INDEXED, 0, 0, 0], 8);
  const parts = [
    ['IHDR', header],
    ['PLTE', Buffer.from(palette.flat())],
    ['IDAT', deflateSync(rows, { level: 9 })],
    ['IEND', Buffer.alloc(0)],
  ];
  return Buffer.concat([SIGNATURE, ...parts.map(([name, content]) => chunk(name, content))]);
}

function chunk(name, content) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
