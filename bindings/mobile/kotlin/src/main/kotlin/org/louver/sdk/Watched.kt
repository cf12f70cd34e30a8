package org.louver.sdk

import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/** How far long work has come: [done] of [total] steps of a [stage] are over. */
public data class StageProgress(val stage: Stage, val done: UInt, val total: UInt)

/**
 * Does long work and tells of its progress.
 *
 * ```
 * val summary = watched({ progress -> bar.show(progress) }) { watch -> wallet.sync(watch) }
 * ```
 *
 * The work stops soon after this coroutine is cancelled. (It does so without this function as well; with it, it stops
 * even where the coroutine is not waiting for it.) What it had recorded until then stays.
 *
 * @param onProgress is called often, from the thread that works: it should return at once. If it throws, the work
 *   stops, and what it threw is thrown here.
 * @param work is given the [Watch] to hand on.
 */
public suspend fun <T> watched(onProgress: (StageProgress) -> Unit = {}, work: suspend (Watch) -> T): T {
    val context = currentCoroutineContext()
    val watch = JobWatch(context[Job], onProgress)
    try {
        val result = work(watch)
        watch.rethrow()
        return result
    } catch (error: Exception) {
        watch.rethrow()
        context.ensureActive()
        throw error
    }
}

/** Stops work when a job is no longer active. */
private class JobWatch(private val job: Job?, private val onProgress: (StageProgress) -> Unit) : Watch {
    private val thrown = AtomicReference<Throwable?>()

    override fun report(stage: Stage, done: UInt, total: UInt): Boolean {
        if (job?.isActive == false || thrown.get() != null) return false
        // An exception must not cross the border to the library.
        return runCatching { onProgress(StageProgress(stage, done, total)) }.onFailure(thrown::set).isSuccess
    }

    fun rethrow() {
        thrown.get()?.let { throw it }
    }
}
