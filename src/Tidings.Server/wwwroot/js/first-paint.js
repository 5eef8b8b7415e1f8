// Runs before the first paint, so that a chosen theme doesn't flash. Not a module: those run later.
(() => {
  const theme = localStorage.getItem('tidings.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
