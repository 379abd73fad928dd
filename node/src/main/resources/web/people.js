// Who is in the room. A person may be here several times, with several tabs or devices.

import { avatar, element } from './log.js';

const MOST_SHOWN = 200;

export class People {
  #list;
  #nobody;
  #headcount;
  #present = new Map();
  #nameless = 0;
  #listed = false;
  #me = '';

  constructor(list, nobody, headcount) {
    this.#list = list;
    this.#nobody = nobody;
    this.#headcount = headcount;
  }

  set me(name) {
    this.#me = name;
    this.#show();
  }

  /** Whether all of them are known. */
  get isListed() {
    return this.#listed;
  }

  clear() {
    this.#present.clear();
    this.#nameless = 0;
    this.#listed = false;
    this.#show();
  }

  /** Everybody, as the server knows them. */
  list({ members, total }) {
    this.#present.clear();
    for (const { userId, username } of members) {
      this.#count(userId, username, 1);
    }
    this.#nameless = Math.max(0, total - members.length);
    this.#listed = total <= MOST_SHOWN;
    this.#show();
  }

  /** Says whether this person was not here before. */
  joined(userId, username) {
    const known = this.#present.has(userId);
    this.#count(userId, username, 1);
    this.#show();
    return !known;
  }

  /** Says whether this person is not here any more. */
  left(userId) {
    const known = this.#present.has(userId);
    this.#count(userId, '', -1);
    this.#show();
    return known && !this.#present.has(userId);
  }

  #count(userId, username, change) {
    const person = this.#present.get(userId) ?? { username, times: 0 };
    person.times += change;
    person.username = username || person.username;
    if (person.times > 0) {
      this.#present.set(userId, person);
    } else {
      this.#present.delete(userId);
    }
  }

  #show() {
    const everybody = [...this.#present.values()].sort((a, b) => a.username.localeCompare(b.username));
    this.#list.replaceChildren(...everybody.slice(0, MOST_SHOWN).map(({ username }) => {
      const item = element('li', '');
      item.append(avatar(username), element('span', 'name', username));
      if (username === this.#me) {
        item.append(element('span', 'you', '(you)'));
      }
      return item;
    }));
    this.#nobody.hidden = everybody.length > 0;
    const others = this.#nameless > 0 ? `, ${this.#nameless} without a name` : '';
    const people = everybody.length === 1 ? '1 person here' : `${everybody.length} people here`;
    this.#headcount.textContent = everybody.length === 0 ? `Nobody with a name here${others}` : people + others;
  }
}
