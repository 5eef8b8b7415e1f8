import { count, percent, seconds } from '../../figures.js';

// What an operator would want to be told of the last half minute without looking for it. docs/console.md has the thresholds.

const LOOK_BACK_SECONDS = 30, OLDEST_MS_MAX = 1_000, PAUSE_SHARE_MAX = 0.05, BUSY_SHARE_MAX = 0.9, FULL_SHARE_MAX = 0.95;

/** @returns sentences, the worst first; none where all is well */
export function findings(samples) {
  const last = samples.at(-1);
  if (!last) return [];
  const lately = samples.filter(sample => sample.at > last.at - LOOK_BACK_SECONDS);
  const sum = pick => lately.reduce((total, sample) => total + pick(sample), 0);
  const mean = pick => sum(pick) / lately.length;
  const { model_server: server, fan_out: fanOut, memory, process } = last;

  const failed = sum(sample => sample.counts.failed), limited = sum(sample => sample.counts.limited);
  const unranked = sum(sample => Object.values(sample.quality.unranked).reduce((total, pages) => total + pages, 0));
  const pages = unranked + sum(sample => sample.quality.full);
  const pause = mean(sample => sample.process.gc_pause), busy = mean(sample => sample.process.cpu) / process.cores;
  return [
    failed > 0 && `${count(failed)} ${failed === 1 ? 'request' : 'requests'} failed in the last half minute: the log says why.`,
    server?.breaker === 'open' && 'The model server failed too often and is left alone.',
    server?.breaker === 'half_open' && 'The model server is being tried again.',
    unranked > 0 && `${percent(unranked / pages)} of the feed pages were not ranked by the model.`,
    fanOut.oldest_ms > OLDEST_MS_MAX && `A post has been waiting for its readers for ${seconds(fanOut.oldest_ms / 1_000)}.`,
    memory.inbox_bytes + memory.timeline_bytes + memory.seen_bytes > FULL_SHARE_MAX * memory.inbox_limit_bytes
      && 'The memory for inboxes is nearly used up: those that find no room are rebuilt at each read.',
    busy > BUSY_SHARE_MAX && `The processor is busy: ${percent(busy)} of its ${process.cores} cores.`,
    pause > PAUSE_SHARE_MAX && `Everything stands still for ${percent(pause)} of the time, to collect garbage.`,
    limited > 0 && `${count(limited)} ${limited === 1 ? 'request' : 'requests'} went over a rate limit.`,
  ].filter(Boolean);
}
