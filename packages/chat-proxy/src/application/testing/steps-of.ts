import type { FollowedRun, FollowStep } from '../follow-run/follow-run.js'

interface Offer {
  readonly step: FollowStep
  readonly taken: () => void
}

/** The steps of a run as a loop has them: the next one is read when it is asked for. */
export async function* stepsOf({ pour }: Pick<FollowedRun, 'pour'>): AsyncGenerator<FollowStep> {
  const offers: Offer[] = []
  let wake = (): void => {}
  const poured = pour(
    (step) =>
      new Promise((taken) => {
        offers.push({ step, taken })
        wake()
      }),
  ).then(() => 'over' as const)
  for (;;) {
    const offered = new Promise<void>((resolve) => (wake = resolve))
    const offer =
      offers.shift() ?? ((await Promise.race([poured, offered])) === 'over' ? null : offers.shift())
    if (!offer) return
    yield offer.step
    offer.taken()
  }
}
