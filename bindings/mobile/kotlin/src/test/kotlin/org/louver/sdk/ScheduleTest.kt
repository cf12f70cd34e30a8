package org.louver.sdk

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Payments that take several transactions, and transactions that are submitted again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScheduleTest {
    private val chain = Chain()

    @AfterAll
    fun stop() = chain.close()

    /** Stops where somebody waits for a block. */
    private object Impatient : Watch {
        override fun report(stage: Stage, done: UInt, total: UInt): Boolean = stage != Stage.WAITING
    }

    /** Has a block made whenever somebody waits for one. */
    private inner class Miner : Watch {
        override fun report(stage: Stage, done: UInt, total: UInt): Boolean {
            if (stage == Stage.WAITING) runBlocking { chain.blocks(1) }
            return true
        }
    }

    @Test
    fun `a schedule goes on after a restart`() = waiting {
        val alice = chain.funded("scheduling", "30 LVR")
        val bob = chain.wallet("scheduled payee")
        val payment = Payment(bob.receive(0u, null).address, chain.coins("1 LVR"), "salary")

        val long = alice.propose(0u, List(20) { payment }, Fee.Least).preview()
        assertEquals(2, long.rounds.size)
        assertEquals((0u..19u).toList(), long.rounds.flatten().flatMap { it.payments }.sorted())
        assertEquals((0u..19u).toList(), long.doubled.single().places)
        assertEquals(listOf(long.rounds.flatten().sumOf { it.fee.value }), long.fees.map { it.value })

        val proposal = alice.propose(0u, listOf(payment), Fee.Least)
        val id = alice.begin(proposal)
        assertFailsWith<SendException.Used> { alice.begin(proposal) }
        val keys = alice.unlock(Protection.unsealed())
        val stopped = assertFailsWith<SendException.Wallet> {
            alice.carryOut(id, keys, Chain.prover, Impatient)
        }
        assertIs<WalletException.Cancelled>(stopped.error)
        alice.close()

        val again = Wallet.open(chain.folder.resolve("scheduling.sqlite").toString(), chain.node)
        val schedule = again.schedules().single()
        assertEquals(id, schedule.id)
        val progress = assertIs<PaymentProgress.Waiting>(schedule.payments.single().progress)
        assertEquals(again.waiting().single().txid, progress.txid)
        assertTrue(again.history(0u).first().run { canRetry && canAbandon })
        assertEquals(emptyList(), again.carryOut(id, keys, Chain.prover, Miner()))
        bob.sync(null)
        assertEquals(1_000_000uL, bob.spendable())
        assertEquals(emptyList(), again.schedules())
    }

    @Test
    fun `a schedule that is stopped pays no more`() = waiting {
        val alice = chain.funded("stopping", "10 LVR")
        val to = alice.receive(0u, null).address
        val id = alice.begin(alice.propose(0u, listOf(Payment(to, chain.coins("1 LVR"))), Fee.Least))
        assertEquals(listOf<PaymentProgress>(PaymentProgress.Planned), alice.schedules().single().payments.map { it.progress })
        alice.stopSchedule(id)
        assertEquals(emptyList(), alice.schedules())
        assertEquals(emptyList(), alice.carryOut(id, alice.unlock(Protection.unsealed()), Chain.prover, null))
        assertEquals(10_000_000uL, alice.spendable())
    }

    @Test
    fun `a transaction that waits is tried again or given up`() = waiting {
        val alice = chain.funded("trying", "10 LVR")
        val sent = alice.pay(alice.receive(0u, null).address, chain.coins("1 LVR"))
        val tried = alice.retry(sent.txid, null)
        assertEquals(sent, tried)
        assertNull(tried.notTaken)
        assertEquals(listOf(sent.txid), alice.abandon(sent.txid))
        val entry = alice.history(0u).first()
        assertEquals(Status.Abandoned(sent.expiry), entry.status)
        assertTrue(!entry.canRetry && !entry.canAbandon)
        assertEquals(sent.txid, assertFailsWith<WalletException.NotWaiting> { alice.retry(sent.txid, null) }.txid)
    }

    @Test
    fun `a history is read by pages and filters`() = waiting {
        val alice = chain.funded("paging", "10 LVR")
        alice.pay(alice.receive(0u, null).address, chain.coins("1 LVR"))
        val (paid, deposited) = alice.history(0u)
        assertEquals(listOf(EntryKind.TO_SELF, EntryKind.DEPOSITED), listOf(paid.kind, deposited.kind))
        assertEquals(Amount(1u, 1_000u), paid.feePaid)
        assertNull(deposited.feePaid)
        assertNull(paid.time)
        assertEquals((deposited.status as Status.Mined).time, deposited.time)
        assertEquals(listOf(paid), alice.historyPage(0u, HistoryQuery(limit = 1u)))
        assertEquals(listOf(deposited), alice.historyPage(0u, HistoryQuery(before = paid.txid)))
        assertEquals(listOf(paid), alice.historyPage(0u, HistoryQuery(after = deposited.txid)))
        assertEquals(listOf(deposited), alice.historyPage(0u, HistoryQuery(kind = EntryKind.DEPOSITED, asset = 1u)))
        assertEquals(listOf(paid), alice.historyPage(0u, HistoryQuery(since = ULong.MAX_VALUE)))
        assertFailsWith<WalletException.UnknownTransaction> { alice.historyPage(0u, HistoryQuery(before = "00")) }
    }

    @Test
    fun `a date finds a birthday, and one that is too late is told`() = waiting {
        val alice = chain.funded("early", "10 LVR")
        val late = chain.blocks(1)
        alice.sync(null)
        alice.pay(alice.receive(0u, null).address, chain.coins("1 LVR"))
        val spent = chain.blocks(1)
        val phrase = alice.recoveryPhrase(Protection.unsealed())
        val path = chain.folder.resolve("late.sqlite").toString()
        val restored = Wallet.create(path, chain.node, phrase, Protection.unsealed(), Birthday.Block(late))
        assertEquals(spent, restored.sync(null).lateBirthday)
        val now = (System.currentTimeMillis() / 1_000).toULong()
        assertNull(restored.rescan(Birthday.Date(now), null).lateBirthday)
        assertEquals(0u, restored.birthday())
    }
}
