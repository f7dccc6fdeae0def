import { formatSerial } from '#kernel';

/** `EIP2-FR-0001`: the programme's n-th request to the funder. */
export const requestNumber = (prefix: string, n: number): string => `${prefix}-FR-${formatSerial(n)}`;
