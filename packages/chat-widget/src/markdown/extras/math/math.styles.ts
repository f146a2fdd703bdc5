import { css } from '../../../rendering/css.js'

export const mathStyles = css`
  .math.display {
    display: block;
    overflow: auto hidden;
    padding-block: 4px;
    text-align: center;
    scrollbar-width: thin;
  }
  .math.waiting {
    visibility: hidden;
  }
  /* A formula on lines of its own needs no line's end around it. */
  br:has(+ .math.display),
  .math.display + br {
    display: none;
  }
  /* The system's own fonts that know how roots and brackets grow. Where a browser finds none by itself, it leaves the sign of a root out. */
  math {
    direction: ltr;
    font-family:
      'Cambria Math', 'STIX Two Math', 'Latin Modern Math', 'Libertinus Math', 'DejaVu Math TeX Gyre',
      'Noto Sans Math', math;
    line-height: normal;
  }
  .math-left {
    text-align: left;
  }
  .math-right {
    text-align: right;
  }
  .math-over {
    border-top: 0.065em solid;
    padding-top: 0.1em;
  }
  .math-under {
    border-bottom: 0.065em solid;
    padding-bottom: 0.1em;
  }
  .math-box,
  menclose[notation='box'] {
    border: 1px solid;
    padding: 3px;
  }
  .math-line-below {
    border-bottom: 0.06em solid;
  }
  .math-line-right {
    border-right: 0.06em solid;
  }
  .math-tight-left {
    padding-left: 0;
  }
  .math-tight-right {
    padding-right: 0;
  }
  .math-rule {
    background: currentColor;
  }
  menclose[notation~='updiagonalstrike'] {
    background: linear-gradient(to top right, #0000 48%, currentColor, #0000 52%);
  }
  menclose[notation~='downdiagonalstrike'] {
    background: linear-gradient(to bottom right, #0000 48%, currentColor, #0000 52%);
  }
  menclose[notation~='horizontalstrike'] {
    background: linear-gradient(#0000 48%, currentColor, #0000 52%);
  }
`
