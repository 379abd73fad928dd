// Who one is to the node: a token, if it wants one. It is kept in this tab only, and asked for when the node says so.

import { element } from './log.js';

const KEY = 'muster.token';
const CHECK_TIMEOUT_MS = 8_000;
/** Asks for a right that every token may lack, so that only the token itself is judged: 403 is as good as 200. */
const CHECKED_PATH = '/ws/stats';

const WANTED = 'This node lets in who has a token.';

/** Tells of `change`: the token is another one, and has been found good. */
class Access extends EventTarget {
  #token = '';
  #dialog = null;
  #parts = {};

  constructor() {
    super();
    try {
      this.#token = sessionStorage.getItem(KEY) ?? '';
    } catch {
      // Then it is asked for again after each reload.
    }
    this.#show();
  }

  /** Empty if there is none. */
  get token() {
    return this.#token;
  }

  /** What the token says of its user, unchecked; empty without one. */
  get claims() {
    try {
      const [, payload] = this.#token.split('.');
      const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
      return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (each) => each.charCodeAt(0))));
    } catch {
      return {};
    }
  }

  /** Takes a token, or with '' forgets the one there is. */
  set(token) {
    const isOther = token !== this.#token;
    this.#token = token;
    try {
      if (token) {
        sessionStorage.setItem(KEY, token);
      } else {
        sessionStorage.removeItem(KEY);
      }
    } catch {
      // Kept as long as the page.
    }
    this.#show();
    if (isOther) {
      this.dispatchEvent(new Event('change'));
    }
  }

  /**
   * Asks the node why it does not let one in: a browser tells nobody what a WebSocket was refused for.
   * @returns {Promise<string>} the problem as a sentence; empty if the token is not the problem, if nobody answers, or if
   *   it is another token by then
   */
  async problem() {
    const token = this.#token;
    const problem = await this.#judge(token);
    // What was wrong with one token is not said of the next.
    return token === this.#token ? problem : '';
  }

  async #judge(token) {
    try {
      const answer = await fetch(CHECKED_PATH, {
        cache: 'no-store',
        headers: token ? { Authorization: `Bearer ${token}` } : {},
        signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
      });
      if (answer.status !== 401) {
        return '';
      }
      if (!token) {
        return WANTED;
      }
      const { details = [] } = await answer.json();
      const why = details[0]?.message ?? '';
      return why.startsWith('token_expired') ? 'The token has expired.' : `The node does not take this token${why ? `: ${why}` : '.'}`;
    } catch {
      return '';
    }
  }

  /** Beside the other pages: whose token it is, to give another one or to forget it. */
  #show() {
    const { name, sub = 'somebody' } = this.claims;
    for (const nav of document.querySelectorAll('nav.pages')) {
      let button = nav.querySelector('.whose');
      if (!button) {
        button = Object.assign(element('button', 'whose'), { type: 'button' });
        button.setAttribute('aria-haspopup', 'dialog');
        button.addEventListener('click', () => this.ask(`The one there is, of ${button.dataset.whose}, is replaced.`));
        nav.append(button);
      }
      button.hidden = !this.#token;
      button.dataset.whose = name || sub;
      button.replaceChildren('Token', element('span', 'of', ` of ${name || sub}`));
    }
  }

  /** Opens the dialog in which one gives it. */
  ask(why = WANTED) {
    this.#dialog ??= this.#build();
    const { input, problem, forget, reason } = this.#parts;
    input.value = '';
    problem.textContent = '';
    reason.textContent = why;
    forget.hidden = !this.#token;
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
    input.focus();
  }

  #build() {
    const dialog = element('dialog', '');
    dialog.id = 'token-dialog';
    dialog.setAttribute('aria-labelledby', 'token-title');
    const form = Object.assign(element('form', ''), { method: 'dialog' });
    const title = Object.assign(element('h2', '', 'Token'), { id: 'token-title' });
    const reason = Object.assign(element('p', 'quiet'), { id: 'token-reason' });
    const label = Object.assign(element('label', '', 'Your token'), { htmlFor: 'given-token' });
    const input = Object.assign(element('input', ''), { id: 'given-token', type: 'password', autocomplete: 'off', spellcheck: false });
    const problem = Object.assign(element('p', 'error'), { id: 'token-problem', role: 'alert' });
    const hint = element('p', 'quiet', 'It is kept in this tab only, and forgotten when the tab is closed.');
    hint.id = 'token-hint';
    input.setAttribute('aria-describedby', 'token-reason token-hint token-problem');
    input.addEventListener('input', () => {
      input.removeAttribute('aria-invalid');
      problem.textContent = '';
    });
    this.#parts = { input, problem, reason };
    form.append(title, reason, label, input, problem, hint, this.#buttons(dialog, form));
    dialog.append(form);
    document.body.append(dialog);
    return dialog;
  }

  #buttons(dialog, form) {
    const buttons = element('div', 'choices');
    const forget = Object.assign(element('button', 'button secondary', 'Forget it'), { type: 'button', id: 'token-forget' });
    const cancel = Object.assign(element('button', 'button secondary', 'Cancel'), { type: 'button' });
    const use = Object.assign(element('button', 'button', 'Connect'), { type: 'submit' });
    buttons.append(forget, cancel, use);
    cancel.addEventListener('click', () => dialog.close());
    forget.addEventListener('click', () => {
      dialog.close();
      this.set('');
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#take(this.#parts.input.value.trim(), use);
    });
    this.#parts.forget = forget;
    return buttons;
  }

  async #take(token, button) {
    const { input, problem } = this.#parts;
    button.disabled = true;
    const why = /^[\x21-\x7e]*$/.test(token) ? await this.#judge(token) : 'A token has no spaces and no letters beyond ASCII.';
    button.disabled = false;
    if (why || !token) {
      problem.textContent = why || 'The field is empty.';
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return;
    }
    input.value = '';
    this.#dialog.close();
    this.set(token);
  }
}

export const access = new Access();
