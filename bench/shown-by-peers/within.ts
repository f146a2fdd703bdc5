/** What others' code is asked for. @returns null when it fails, or takes longer than `ms` */
export async function within<T>(ms: number, task: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  return Promise.race([task.catch(() => null), late]).finally(() => clearTimeout(timer))
}
