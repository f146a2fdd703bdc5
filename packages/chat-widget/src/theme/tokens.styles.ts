import { css } from '../rendering/css.js'

/**
 * Where the site's custom properties (`--chat-…`) become the ones the parts use (`--_…`). Everything is in px: the
 * page's own root font size must not resize the chat.
 */
export const tokens = css`
  .root {
    /* What a page writes for everything reaches the element itself, and by inheritance what is in it. */
    all: initial;
    direction: inherit;
    --_accent: var(--chat-accent, light-dark(#3552cf, #4d64e0));
    --_on-accent: var(--chat-on-accent, #fff);
    --_accent-text: var(--chat-accent-text, light-dark(#2f49bb, #a9b8ff));
    --_accent-soft: color-mix(in oklab, var(--_accent) 10%, transparent);
    --_surface: var(--chat-surface, light-dark(#fff, #15171e));
    --_sunken: var(--chat-sunken, light-dark(#f5f6f9, #1e212b));
    --_hover: light-dark(#1014280f, #ffffff14);
    --_line: var(--chat-line, light-dark(#e6e8ee, #2b2f3b));
    --_line-strong: color-mix(in oklab, var(--_text) 13%, var(--_line));
    --_text: var(--chat-text, light-dark(#181b24, #eceef5));
    --_muted: var(--chat-muted, light-dark(#5c6374, #a0a7b8));
    --_danger: light-dark(#b3261e, #ff9d94);
    --_danger-soft: light-dark(#fdf0ee, #38201f);
    --_notice-soft: light-dark(#fff6e0, #34290f);
    --_notice-text: light-dark(#6b4a00, #f3d58a);
    --_radius: var(--chat-radius, 20px);
    --_shadow: 0 0 0 1px light-dark(#1014280f, #ffffff14), 0 4px 12px #0c102414, 0 18px 48px #0c10242e;
    --_font: var(
      --chat-font,
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Noto Sans',
      'Liberation Sans',
      sans-serif
    );
    --_mono: var(
      --chat-mono,
      ui-monospace,
      'SF Mono',
      Menlo,
      Consolas,
      'DejaVu Sans Mono',
      'Liberation Mono',
      monospace
    );
    color-scheme: light dark;
    color: var(--_text);
    font: 400 15px/1.55 var(--_font);
    -webkit-font-smoothing: antialiased;
    -webkit-tap-highlight-color: transparent;
  }

  .root.light {
    color-scheme: light;
  }

  .root.dark {
    color-scheme: dark;
  }
`
