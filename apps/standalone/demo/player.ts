import { type DemoClient } from './client.js';
import { Stage } from './stage.js';
import { STORY, type Chapter } from './story/index.js';
import { everythingSent } from './waiting.js';

interface Theatre {
  client: DemoClient;
  /** Makes the service's clock begin at the chapter's instant, and points the client at it. */
  open(chapter: Chapter): Promise<void>;
  say(line: string): void;
}

/** Plays the whole story; at the end of each day every document is stored and everything e-mailed. */
export async function playStory({ client, open, say }: Theatre): Promise<Stage> {
  const stage = new Stage(client, say);
  for (const [at, chapter] of STORY.entries()) {
    say(`${londonDay(chapter.at)} (${at + 1} of ${STORY.length}): ${chapter.title}`);
    await open(chapter);
    await chapter.play(stage);
    await everythingSent(client);
  }
  return stage;
}

const londonDay = (instant: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'Europe/London',
  }).format(new Date(instant));
