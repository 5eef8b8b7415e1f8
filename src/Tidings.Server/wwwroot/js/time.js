import { h } from './dom.js';

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const thisYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const monthAndYear = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });

/** How long ago, as short as can be: now, 5m, 3h, 2d, 4 May. */
export function ago(instant, now = Date.now()) {
  const passed = now - instant;
  if (passed < MINUTE) return 'now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)}m`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)}h`;
  if (passed < 7 * DAY) return `${Math.floor(passed / DAY)}d`;
  const date = new Date(instant);
  return (date.getFullYear() === new Date(now).getFullYear() ? thisYear : otherYear).format(date);
}

export const fullTime = text => full.format(new Date(text));

export const month = text => monthAndYear.format(new Date(text));

/** A <time> that stays true while it is looked at. */
export function timeAgo(text) {
  return h('time', { datetime: text, title: fullTime(text) }, ago(Date.parse(text)));
}

setInterval(() => {
  for (const time of document.querySelectorAll('time[datetime]:not([data-fixed])')) {
    const now = ago(Date.parse(time.dateTime));
    if (time.textContent !== now) time.textContent = now;
  }
}, 30_000);

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** 1,234 as 1.2K. */
export const short = number => compact.format(number);

export const plural = (number, one, many = `${one}s`) => `${short(number)} ${number === 1 ? one : many}`;
