/** A bank reference as duplicates are found by it: without case, spaces and punctuation, which banks change on the way. */
export const bankReferenceKey = (reference: string): string =>
  reference
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
