// Notifications: they stay for a while, longer if somebody is looking at them.

import { element } from './log.js';

const SHOWN_MS = 8000;
const MOST = 4;
const TYPES = new Set(['info', 'success', 'warning', 'error']);

export function toast(region, { type, title, message }) {
  const kind = TYPES.has(type) ? type : 'info';
  const item = element('div', `toast ${kind}`);
  item.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  const close = element('button', 'icon-button', '×');
  close.type = 'button';
  close.setAttribute('aria-label', `Close: ${title}`);
  close.addEventListener('click', () => item.remove());
  item.append(element('p', 'toast-title', title), element('p', '', message), close);
  let timer = setTimeout(() => item.remove(), SHOWN_MS);
  const stay = () => clearTimeout(timer);
  const go = () => {
    clearTimeout(timer);
    timer = setTimeout(() => item.remove(), SHOWN_MS);
  };
  item.addEventListener('mouseenter', stay);
  item.addEventListener('focusin', stay);
  item.addEventListener('mouseleave', go);
  item.addEventListener('focusout', go);
  region.append(item);
  while (region.childElementCount > MOST) {
    region.firstElementChild.remove();
  }
}
