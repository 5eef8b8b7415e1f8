/** Does something now and then again and again, while a view is on the page and the page is looked at. @returns {begin, end, now} */
export function poll(work, everyMs) {
  let timer = null, isOn = false;

  async function run() {
    clearTimeout(timer);
    timer = null;
    if (!document.hidden) await work();
    if (isOn) timer = setTimeout(run, everyMs);
  }

  function seen() {
    if (!document.hidden && isOn) run();
  }

  return {
    begin() {
      isOn = true;
      document.addEventListener('visibilitychange', seen);
      run();
    },
    end() {
      isOn = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    },
    now: run,
  };
}
