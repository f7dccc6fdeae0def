/**
 * The baseline, as a process of its own: the parser that the service uses, following namespaces, with handlers that do nothing. Prints
 * the milliseconds and the peak of its memory as JSON. As `plain` it follows no namespaces either, which is how the service uses it:
 * it follows them itself (xml-namespaces.ts), and what that takes is then a part of ours.
 */
import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';

const started = performance.now();
const parser = new SaxesParser({ xmlns: process.argv[3] !== 'plain' });
for (const event of ['doctype', 'opentag', 'closetag', 'text', 'cdata'] as const) parser.on(event, () => undefined);
const decoder = new TextDecoder('utf-8', { fatal: true });
for await (const bytes of createReadStream(process.argv[2]!))
  parser.write(decoder.decode(bytes as Buffer, { stream: true }));
parser.close();
const ms = performance.now() - started;
process.stdout.write(JSON.stringify({ ms, peakBytes: process.resourceUsage().maxRSS * 1024 }));
