import { type Locator } from 'playwright-core';
import { Keyboard } from '../../support/keyboard.js';

/** A file as somebody sends it. */
export interface SentFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** How somebody uses what is on a page. */
export interface Hands {
  /** Links and buttons. */
  press(target: Locator): Promise<void>;
  /** Radios and checkboxes. */
  check(target: Locator): Promise<void>;
  /** One of a list, by its words. */
  choose(target: Locator, choice: string): Promise<void>;
  type(target: Locator, text: string): Promise<void>;
  attach(target: Locator, file: SentFile): Promise<void>;
  /** Where the focus could not be seen, one line each. */
  unseen(): string[];
}

export const POINTER: Hands = {
  press: (target) => target.click(),
  check: (target) => target.check(),
  choose: async (target, label) => void (await target.selectOption({ label })),
  type: (target, text) => target.fill(text),
  attach: (target, file) => target.setInputFiles([file]),
  unseen: () => [],
};

/** Nothing is pointed at: everything is come by with Tab. */
export function onKeyboard(): Hands {
  const keyboard = new Keyboard();
  return {
    press: (target) => keyboard.press(target),
    check: (target) => keyboard.check(target),
    choose: (target, choice) => keyboard.choose(target, choice),
    type: (target, text) => keyboard.type(target, text),
    // What chooses files is the system's own, which is not ours to test.
    attach: async (target, file) => {
      await keyboard.to(target);
      await target.setInputFiles([file]);
    },
    unseen: () => [...keyboard.unseen],
  };
}
