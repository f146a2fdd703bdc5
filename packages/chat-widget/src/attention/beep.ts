/** Two soft tones, the second a fourth higher: seconds from the start, and hertz. */
const TONES = [
  { at: 0, frequency: 660 },
  { at: 0.12, frequency: 880 },
] as const
const TONE_SECONDS = 0.16
const LOUDNESS = 0.08

/** Puts a short sound into `context`. @returns seconds until it is over */
export function beep(context: BaseAudioContext): number {
  const start = context.currentTime
  for (const { at, frequency } of TONES) {
    const oscillator = new OscillatorNode(context, { frequency })
    const volume = new GainNode(context, { gain: 0 })
    // Up and down gently: a tone that is cut off clicks.
    volume.gain.setValueAtTime(0, start + at)
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + at + 0.02)
    volume.gain.linearRampToValueAtTime(0, start + at + TONE_SECONDS)
    oscillator.connect(volume).connect(context.destination)
    oscillator.start(start + at)
    oscillator.stop(start + at + TONE_SECONDS)
  }
  return (TONES.at(-1)?.at ?? 0) + TONE_SECONDS
}
