// The messages of a room. Whatever others wrote is only ever set as text.

const MOST = 500;
const SAME_BREATH_MS = 5 * 60_000;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

export function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** A coloured initial, always the same for a name. */
export function avatar(name) {
  let hash = 0;
  for (const character of name) {
    hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  }
  const initial = [...name][0]?.toUpperCase() ?? '?';
  const made = element('span', `avatar hue-${hash % 8}`, initial);
  made.setAttribute('aria-hidden', 'true');
  return made;
}

export class Log {
  #list;
  #scroller;
  #newest;
  #empty;
  #sent = new Map();
  #last = null;

  constructor(list, scroller, newest, empty) {
    this.#list = list;
    this.#scroller = scroller;
    this.#newest = newest;
    this.#empty = empty;
    newest.addEventListener('click', () => this.#toEnd());
    scroller.addEventListener('scroll', () => {
      if (this.#isAtEnd()) {
        newest.hidden = true;
      }
    });
  }

  clear() {
    this.#list.replaceChildren();
    this.#sent.clear();
    this.#last = null;
    this.#empty.hidden = false;
    this.#newest.hidden = true;
  }

  /** Something of one's own that the server has not taken yet. */
  pending(id, author, text) {
    const item = this.#message(author, text, Date.now(), true);
    item.classList.add('pending');
    this.#sent.set(id, item);
    this.#add(item, true);
  }

  /** A message as the server brought it. */
  heard(frame) {
    const { from, message, timestamp } = frame.payload;
    const sent = this.#sent.get(frame.source);
    if (sent) {
      // It stands where it was written, and counts as said.
      this.#sent.delete(frame.source);
      sent.classList.remove('pending', 'failed');
      sent.querySelector('.note')?.remove();
      return;
    }
    this.#add(this.#message(from, message, timestamp, false), false);
  }

  /** The server does not take it; says whether that was about something here. */
  failed(id, code, why) {
    const item = this.#sent.get(id);
    if (!item) {
      return false;
    }
    const later = code === 'rate_limited' || code === 'registry_unavailable';
    item.classList.toggle('failed', !later);
    item.querySelector('.note')?.remove();
    item.append(element('p', 'note', later ? 'Waiting to be sent' : `Not sent: ${why}`));
    return true;
  }

  /** Somebody came or went. */
  news(text) {
    this.#last = null;
    this.#add(element('li', 'news', text), false);
  }

  /** Something is missing. */
  gap(text) {
    this.#last = null;
    this.#add(element('li', 'news gap', text), false);
  }

  #message(author, text, timestamp, own) {
    const follows = this.#last && this.#last.author === author && this.#last.own === own
      && timestamp - this.#last.timestamp < SAME_BREATH_MS;
    this.#last = { author, own, timestamp };
    const item = element('li', `message${own ? ' own' : ''}${follows ? ' follows' : ''}`);
    const head = element('div', 'head');
    const time = element('time', '', clock.format(timestamp));
    time.dateTime = new Date(timestamp).toISOString();
    head.append(element('span', 'author', own ? 'You' : author), time);
    item.append(avatar(author), head, element('p', 'text', text));
    return item;
  }

  #add(item, own) {
    const atEnd = this.#isAtEnd();
    this.#empty.hidden = true;
    this.#list.append(item);
    while (this.#list.childElementCount > MOST) {
      this.#list.firstElementChild.remove();
    }
    if (atEnd || own) {
      this.#toEnd();
    } else {
      this.#newest.hidden = false;
    }
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newest.hidden = true;
  }
}
