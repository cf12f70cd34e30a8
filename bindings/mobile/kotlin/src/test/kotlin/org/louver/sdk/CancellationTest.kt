package org.louver.sdk

import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Work that is stopped leaves a wallet that goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CancellationTest {
    private val chain = Chain()

    @AfterAll
    fun stop() = chain.close()

    /** Stops a stage after some reports. */
    private class Stopping(private val stage: Stage, private val after: Int) : Watch {
        val reports = AtomicInteger()

        override fun report(stage: Stage, done: UInt, total: UInt): Boolean =
            stage != this.stage || reports.incrementAndGet() <= after
    }

    @Test
    fun `a watch stops a scan, which goes on where it stopped`() = waiting {
        val wallet = chain.wallet("scanner", RecoveryPhrase.generate())
        chain.blocks(600)
        val stopping = Stopping(Stage.SCANNING, 1)
        assertFailsWith<WalletException.Cancelled> { wallet.sync(stopping) }
        assertEquals(2, stopping.reports.get())
        val height = wallet.height()
        assertTrue(height in 1u until chain.node.status().height, "$height")
        val rest = wallet.sync(null)
        assertEquals(chain.node.status().height, rest.height)
        assertEquals(rest.height - height, rest.blocks)
    }

    @Test
    fun `a watch stops a proof, and nothing was spent`() = waiting {
        val wallet = chain.funded("prover", "2 LVR")
        val keys = wallet.unlock(Protection.unsealed())
        val plan = wallet.plan(0u, Action.Withdraw(keys.transparentAccount(0u), chain.coins("1 LVR"), Fee.Least))
        for (after in listOf(0, 1)) {
            val error = assertFailsWith<SendException.Prover> {
                wallet.send(plan, keys, Chain.prover, Stopping(Stage.PROVING, after))
            }
            assertIs<ProverException.Cancelled>(error.error)
        }
        assertEquals(emptyList(), wallet.waiting())
        assertEquals(2_000_000uL, wallet.spendable())
        wallet.send(plan, keys, Chain.prover, null).taken()
    }

    @Test
    fun `a watch stops an audit`() = waiting {
        val wallet = chain.funded("audited", "1 LVR")
        val auditor = AuditorKey.generate()
        val directions = Directions(incoming = true, change = false, outgoing = false, spends = false, detection = false)
        val now = chain.node.status().epoch
        val request = GrantRequest("Auditor", auditor.recipient(), directions, now, now, "test", 1u)
        val sealed = wallet.grant(0u, request, wallet.unlock(Protection.unsealed()), Chain.prover, null)
        val grant = Grant.open(sealed, auditor)
        assertFailsWith<AuditException.Cancelled> { grant.audit(chain.node, Expectations(), Stopping(Stage.AUDITING, 0)) }
        val report = grant.audit(chain.node, Expectations(), null)
        assertEquals(1, report.findings.size)
        val kept = grant.continueAudit(chain.node, Expectations(), null, null)
        chain.blocks(1)
        val begun = mutableListOf<UInt>()
        val goneOn = watched({ begun.add(it.done) }) { watch ->
            grant.continueAudit(chain.node, Expectations(), kept.state, watch)
        }
        assertTrue(begun.first() > 0u, "$begun")
        assertNull(goneOn.readAnew)
        assertEquals(report.findings, goneOn.report.findings)
        assertNotNull(grant.continueAudit(chain.node, Expectations(), byteArrayOf(1), null).readAnew)
    }

    @Test
    fun `a cancelled coroutine stops its proof`() = waiting {
        val wallet = chain.funded("cancelled", "2 LVR")
        val keys = wallet.unlock(Protection.unsealed())
        val plan = wallet.plan(0u, Action.Withdraw(keys.transparentAccount(0u), chain.coins("1 LVR"), Fee.Least))
        val started = CompletableDeferred<Unit>()
        withContext(Dispatchers.Default) {
            val job = launch {
                watched({ if (it.stage == Stage.PROVING) started.complete(Unit) }) { wallet.send(plan, keys, Chain.prover, it) }
            }
            started.await()
            job.cancelAndJoin()
            assertTrue(job.isCancelled)
        }
        assertEquals(emptyList(), wallet.waiting())
        assertEquals(2_000_000uL, wallet.spendable())
        wallet.send(plan, keys, Chain.prover, null).taken()
        assertEquals(1, wallet.waiting().size)
    }

    @Test
    fun `a coroutine that is cancelled without a watch stops too`() = waiting {
        val reached = CompletableDeferred<Unit>()
        val held = CompletableDeferred<HttpResponse>()
        val stopped = CountDownLatch(1)
        val http = HttpTransport(chain.url)
        val transport = object : Transport {
            override suspend fun send(request: HttpRequest): HttpResponse {
                if (!request.path.startsWith("/v1/compact-blocks")) return http.send(request)
                reached.complete(Unit)
                try {
                    return held.await()
                } catch (error: CancellationException) {
                    stopped.countDown()
                    throw error
                }
            }
        }
        val path = chain.folder.resolve("held.sqlite").toString()
        val wallet = Wallet.create(path, Node.connect(transport, Trust()), RecoveryPhrase.generate(), Protection.unsealed(), Birthday.Block(0u))
        chain.blocks(1)
        withContext(Dispatchers.Default) {
            val job = launch { wallet.sync(null) }
            reached.await()
            job.cancelAndJoin()
        }
        assertTrue(stopped.await(20, TimeUnit.SECONDS), "the request was told")
        wallet.close()
        val again = Wallet.open(path, chain.node)
        assertEquals(chain.node.status().height, again.sync(null).height)
    }

    @Test
    fun `what a progress callback throws stops the work and comes back`() = waiting {
        val wallet = chain.wallet("thrower", RecoveryPhrase.generate())
        chain.blocks(1)
        val error = assertFailsWith<IllegalStateException> {
            watched({ error("no more") }) { watch -> wallet.sync(watch) }
        }
        assertEquals("no more", error.message)
        assertEquals(chain.node.status().height, wallet.sync(null).height)
    }

    @Test
    fun `many syncs and readings at once agree`() = waiting {
        val wallet = chain.wallet("busy", RecoveryPhrase.generate())
        chain.blocks(3)
        val tip = chain.node.status().height
        coroutineScope {
            val syncs = List(4) { async(Dispatchers.Default) { wallet.sync(null) } }
            val reads = List(40) {
                async(Dispatchers.Default) { listOf(wallet.balances(0u).size, wallet.history(0u).size, wallet.accounts().size) }
            }
            assertEquals(tip, syncs.sumOf { it.await().blocks }, "each block was read once")
            reads.forEach { assertEquals(listOf(0, 0, 1), it.await()) }
        }
        assertEquals(tip, wallet.height())
    }
}
