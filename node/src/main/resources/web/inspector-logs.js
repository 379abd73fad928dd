// What went over the wire, and what became of each change.

import { element } from './log.js';

const MOST_FRAMES = 300;
const MOST_RESULTS = 200;
const LONGEST_SHOWN = 64 * 1024;
const LINE_CHARACTERS = 400;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

/** The last frames as they were, newest first; standing still while somebody reads one. */
export class Frames {
  #list;
  #whole;
  #filter = '';
  #frames = [];
  #isPaused = false;
  #shown = null;
  #isDirty = false;

  constructor(list, whole) {
    this.#list = list;
    this.#whole = whole;
    list.addEventListener('click', (event) => this.#open(event.target.closest('button')));
  }

  set isPaused(paused) {
    this.#isPaused = paused;
  }

  set filter(text) {
    this.#filter = text.toLowerCase();
    this.#isDirty = true;
  }

  add(text, sent) {
    if (this.#isPaused) {
      return;
    }
    this.#frames.unshift({ text: text.slice(0, LONGEST_SHOWN), length: text.length, sent, time: Date.now() });
    this.#frames.length = Math.min(this.#frames.length, MOST_FRAMES);
    this.#isDirty = true;
  }

  clear() {
    this.#frames = [];
    this.#isDirty = true;
  }

  /** Called when there is time, and only while it is in sight. */
  paint() {
    // Whoever is about to choose one must not have it pulled away.
    if (!this.#isDirty || this.#list.matches(':hover, :focus-within')) {
      return;
    }
    this.#isDirty = false;
    const shown = this.#frames.filter(({ text }) => text.toLowerCase().includes(this.#filter));
    this.#list.replaceChildren(...shown.slice(0, 100).map((frame) => {
      const item = element('li', frame.sent ? 'frame sent' : 'frame');
      const button = element('button', 'frame-line');
      button.type = 'button';
      button.append(
        element('span', 'way', frame.sent ? 'sent' : 'got'), element('time', '', clock.format(frame.time)),
        element('span', 'size', `${frame.length} B`), element('code', '', frame.text.slice(0, LINE_CHARACTERS)));
      button.frame = frame;
      item.append(button);
      return item;
    }));
  }

  #open(button) {
    if (!button) {
      return;
    }
    const { text, length } = button.frame;
    this.#list.querySelector('[aria-pressed]')?.removeAttribute('aria-pressed');
    if (this.#shown === button.frame) {
      this.#shown = null;
      this.#whole.hidden = true;
      return;
    }
    this.#shown = button.frame;
    button.setAttribute('aria-pressed', 'true');
    this.#whole.hidden = false;
    this.#whole.textContent = length > text.length
      ? `${text}\n… ${length - text.length} more characters`
      : JSON.stringify(JSON.parse(text), null, 2);
    this.#whole.scrollTop = 0;
  }
}

/** What became of each change, newest first. */
export class Results {
  #list;
  #empty;

  constructor(list, empty) {
    this.#list = list;
    this.#empty = empty;
  }

  clear() {
    this.#list.replaceChildren();
    this.#empty.hidden = false;
  }

  /**
   * Makes a change and writes down what became of it; fails as the change does.
   * @param {string | ((done: {entity?: string}) => string)} what was changed
   */
  async record(what, change) {
    const began = performance.now();
    const say = (done) => (typeof what === 'function' ? what(done) : what);
    try {
      const done = await change();
      const took = `${Math.round(performance.now() - began)} ms`;
      this.add(say(done), 'Ok', done.revision === undefined ? took : `revision ${done.revision}, ${took}`, true);
      return done;
    } catch (failure) {
      this.add(say({}), failure.status ?? 'Error', failure.message, false);
      throw failure;
    }
  }

  add(what, status, detail, isGood) {
    this.#empty.hidden = true;
    const item = element('li', 'result');
    const time = element('time', '', clock.format(Date.now()));
    item.append(time, element('span', `status ${isGood ? 'good' : 'bad'}`, status), element('code', '', what), element('span', 'quiet', detail));
    this.#list.prepend(item);
    while (this.#list.childElementCount > MOST_RESULTS) {
      this.#list.lastElementChild.remove();
    }
  }
}
