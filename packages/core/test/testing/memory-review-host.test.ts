import { memoryReviewHost, reviewHostSuite } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'

reviewHostSuite({ describe, it, expect }, () => memoryReviewHost())
