import { css } from '../rendering/css.js'

export const tableStyles = css`
  .table {
    overflow-x: auto;
    border: 1px solid var(--_line);
    border-radius: 12px;
    /* Shade at an edge behind which there is more: what covers it moves along. */
    background:
      linear-gradient(90deg, var(--_surface), #0000 36px) local,
      linear-gradient(-90deg, var(--_surface), #0000 36px) local,
      linear-gradient(90deg, var(--_line-strong), #0000 12px),
      linear-gradient(-90deg, var(--_line-strong), #0000 12px);
    scrollbar-width: thin;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 14px;
    line-height: 1.45;
  }

  th,
  td {
    padding: 8px 12px;
    min-width: 72px;
    /* A column keeps one edge, also where numbers stand among words of the other direction. Chromium knows the second name alone. */
    text-align: match-parent;
    text-align: -webkit-match-parent;
    vertical-align: top;
    overflow-wrap: break-word;
  }

  th {
    background: var(--_sunken);
    font-weight: 600;
    white-space: nowrap;
  }

  tbody tr {
    border-top: 1px solid var(--_line);
  }

  .align-center {
    text-align: center;
  }

  .align-right {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
`
