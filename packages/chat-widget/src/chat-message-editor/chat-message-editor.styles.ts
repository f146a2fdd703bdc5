import { css } from '../rendering/css.js'

export const chatMessageEditorStyles = css`
  :host {
    display: block;
    width: 100%;
  }

  .frame {
    padding: 4px 8px 8px;
    border: 1px solid var(--_accent);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: 0 0 0 3px var(--_accent-soft);
  }

  .grow {
    max-height: 240px;
  }

  .mirror,
  textarea {
    padding-inline: 8px;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
  }

  .hint {
    margin: 0 8px 6px;
    color: var(--_danger);
    font-size: 12px;
    line-height: 1.4;
  }

  .hint:empty {
    display: none;
  }
`
