import QRCode from 'qrcode';

/** A QR code as the path of an SVG: no image of another address, no style. Lengths are modules. */
export interface QrCode {
  /** With the quiet zone around it. */
  size: number;
  path: string;
}

/** ISO/IEC 18004 asks for four modules of nothing around the code. */
const QUIET = 4;

/** Draws a text, each run of dark modules as one bar. */
export function qrCode(text: string): QrCode {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  let path = '';
  for (let row = 0; row < size; row++) {
    for (let start = 0; start < size; start++) {
      if (!data[row * size + start]) continue;
      let end = start;
      while (end < size && data[row * size + end]) end++;
      path += `M${start + QUIET} ${row + QUIET}h${end - start}v1h-${end - start}z`;
      start = end;
    }
  }
  return { size: size + 2 * QUIET, path };
}

/** A secret in groups of four, as people type it. */
export const spelled = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ');
