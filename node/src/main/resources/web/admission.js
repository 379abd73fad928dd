// Brings together a client of a space and the token of this tab.

import { access } from './token.js';

/**
 * Watches over one client: finds out whether it is a token that keeps it out, and goes on with a newer one as soon as
 * there is one. `onNews(problem)` is told what somebody has to do something about, and '' when nothing is left to do.
 */
export class Admission {
  #sync;
  #onNews;
  #ended = false;
  #onState = ({ detail }) => this.#state(detail);
  #onExpiring = ({ detail }) => this.#expiring(detail);
  #onChange = () => this.#renew();

  constructor(sync, onNews) {
    this.#sync = sync;
    this.#onNews = onNews;
    sync.addEventListener('state', this.#onState);
    sync.addEventListener('expiring', this.#onExpiring);
    access.addEventListener('change', this.#onChange);
  }

  /** The client is not used any more. */
  end() {
    this.#ended = true;
    this.#sync.removeEventListener('state', this.#onState);
    this.#sync.removeEventListener('expiring', this.#onExpiring);
    access.removeEventListener('change', this.#onChange);
  }

  async #state({ state, neverOpen, code }) {
    if (state === 'open') {
      this.#onNews('');
    }
    const wasTakenBack = state === 'stopped' && (code === 4501 || code === 4505);
    if (!(state === 'waiting' && neverOpen) && !wasTakenBack) {
      return;
    }
    const problem = await access.problem();
    if (problem && !this.#ended && this.#sync.state !== 'open') {
      // More attempts would end like this one.
      this.#sync.close();
      this.#onNews(problem);
    }
  }

  #expiring({ expiresInMs }) {
    this.#onNews(`The token ends in ${Math.ceil(expiresInMs / 1000)} s. With a newer one nothing is interrupted.`);
  }

  async #renew() {
    this.#onNews('');
    if (this.#sync.state === 'open') {
      try {
        await this.#sync.refresh(access.token);
        return;
      } catch {
        // Of another user, or there was none before: then from anew.
        this.#sync.close();
      }
    } else if (this.#sync.state === 'connecting') {
      // With the token from before, with which it would come in.
      this.#sync.close();
    }
    if (!this.#ended) {
      this.#sync.retry();
      this.#sync.connect();
    }
  }
}
