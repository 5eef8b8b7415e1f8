// Light, dark, or as the system says.

const KEY = 'tidings.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export const theme = {
  get chosen() { return document.documentElement.dataset.theme ?? 'system'; },

  get isDark() { return this.chosen === 'system' ? dark.matches : this.chosen === 'dark'; },

  choose(name) {
    if (name === 'system') {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem(KEY);
    } else {
      document.documentElement.dataset.theme = name;
      localStorage.setItem(KEY, name);
    }
    paint();
  },
};

function paint() {
  document.querySelector('meta[name=theme-color]').content = theme.isDark ? '#0d1418' : '#f3f6f7';
  document.dispatchEvent(new CustomEvent('theme'));
}

dark.addEventListener('change', paint);
paint();
