/**
 * Which process does a job that only one may do at a time. All leases are measured by one clock. Adapters pass
 * `jobLeasesSuite`.
 */
export interface JobLeases {
  /** Takes the job for `forMs`, or renews it. @returns false while another process has it */
  acquire(job: string, forMs: number): Promise<boolean>
  /** Gives it back, if this process has it. */
  release(job: string): Promise<void>
}
