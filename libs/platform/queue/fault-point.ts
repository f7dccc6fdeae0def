/** The moments at which a process may die with most harm. Tests kill it at each; nothing else can arm one. */
export type FaultPoint =
  | 'relay:taken'
  | 'relay:added'
  | 'render:loaded'
  | 'render:rendered'
  | 'render:stored'
  | 'render:recorded'
  | 'send:connected'
  | 'send:marked'
  | 'send:transmitted'
  | 'send:recorded';

let armed: { at: FaultPoint; strike: () => void } | undefined;

/** For the fault tests only: calls `strike` when the process reaches `at`. */
export function armFaultPoint(at: FaultPoint, strike: () => void): void {
  armed = { at, strike };
}

/** Marks such a moment in the code. Does nothing unless a test has armed it. */
export function faultPoint(at: FaultPoint): void {
  if (armed?.at === at) armed.strike();
}
