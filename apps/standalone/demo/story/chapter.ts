import { type Stage } from '../stage.js';

/** What happens on one day. The service is started anew for each, with its clock at `at`. */
export interface Chapter {
  /** An instant, as TEST_CLOCK takes it. */
  at: string;
  title: string;
  play(stage: Stage): Promise<void>;
}
