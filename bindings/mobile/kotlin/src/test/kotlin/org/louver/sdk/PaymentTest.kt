package org.louver.sdk

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** The whole life of a payment. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PaymentTest {
    private val chain = Chain()

    @AfterAll
    fun stop() = chain.close()

    @Test
    fun `money is shielded, paid, seen by both sides and withdrawn`() = waiting {
        val alice = chain.funded("alice", "100 LVR")
        val bob = chain.wallet("bob")
        assertEquals(100_000_000uL, alice.spendable())
        assertIs<PublicSide.Deposit>(alice.history(0u).single().side)

        val invoice = bob.receive(0u, null)
        val info = chain.node.describeAddress(invoice.address)
        assertTrue(info.payableHere)
        assertEquals(invoice.epoch, info.epoch)

        val plan = alice.plan(
            0u,
            Action.Pay(listOf(Payment(invoice.address, chain.coins("12.50 LVR"), "for the café ☕")), Fee.Least),
        )
        val preview = plan.preview()
        assertEquals(Circuit.TRANSFER2X3, preview.circuit)
        assertEquals(PublicSide.Internal, preview.side)
        val fee = preview.fee.value
        assertEquals(listOf(Amount(1u, 87_500_000u - fee)), preview.change)

        val sent = alice.send(plan, alice.unlock(Protection.unsealed()), Chain.prover, null).taken()
        assertEquals(TransactionState.Pending, chain.node.transaction(sent.txid))
        assertEquals(listOf(sent.txid), alice.waiting().map { it.txid })
        assertIs<Status.Pending>(alice.history(0u).first().status)
        assertEquals(listOf(Balance(1u, 0u, 0u, 87_500_000u - fee)), alice.balances(0u))

        val height = chain.blocks(1)
        assertEquals(TransactionState.Included(height), chain.node.transaction(sent.txid))
        assertEquals(1u, bob.sync(null).received)
        alice.sync(null)
        assertEquals(12_500_000uL, bob.spendable())
        assertEquals(87_500_000u - fee, alice.spendable())

        val received = bob.history(0u).single()
        assertEquals(sent.txid, received.txid)
        assertEquals(listOf(Net(1u, 12_500_000u, 0u)), received.net)
        val output = received.outputs.single()
        assertEquals(OutputKind.RECEIVED, output.kind)
        assertEquals("for the café ☕", output.memo)
        assertEquals(invoice.address, output.address)
        val paid = alice.history(0u).first()
        assertTrue(paid.authorised)
        assertEquals(Status.Mined(height, (received.status as Status.Mined).time), paid.status)
        assertEquals(12_500_000u + fee, paid.net.single().spent)
        assertEquals(invoice.address, paid.outputs.single { it.kind == OutputKind.SENT }.address)

        val keys = bob.unlock(Protection.unsealed())
        val account = keys.transparentAccount(0u)
        val withdrawal = bob.plan(0u, Action.Withdraw(account, chain.coins("5 LVR"), Fee.Least))
        assertEquals(PublicSide.Withdrawal(chain.coins("5 LVR"), account), withdrawal.preview().side)
        bob.send(withdrawal, keys, Chain.prover, null).taken()
        chain.blocks(1)
        bob.sync(null)
        assertEquals(7_500_000u - withdrawal.preview().fee.value, bob.spendable())
        assertEquals(listOf(chain.coins("5 LVR")), chain.node.transparentAccount(account).balances)
    }

    @Test
    fun `a transaction is made step by step`() = waiting {
        val alice = chain.funded("stepwise", "10 LVR")
        val bob = chain.wallet("stepwise payee")
        val to = bob.receive(0u, null).address
        val plan = alice.plan(0u, Action.Pay(listOf(Payment(to, chain.coins("1 LVR"))), Fee.Least))
        val keys = alice.unlock(Protection.unsealed())

        val draft = alice.build(plan, keys)
        val second = alice.build(plan, keys).prove(Chain.prover, null)
        val stages = mutableListOf<Stage>()
        val proven = watched({ progress -> stages.add(progress.stage) }) { watch -> draft.prove(Chain.prover, watch) }
        assertTrue(stages.isNotEmpty() && stages.all { it == Stage.PROVING }, "$stages")
        assertFailsWith<SendException.Used> { draft.prove(Chain.prover, null) }

        val txid = proven.txid()
        val outgoing = alice.sign(proven, keys)
        assertEquals(txid, outgoing.txid)
        assertFailsWith<SendException.Used> { alice.sign(proven, keys) }
        assertFailsWith<SendException.Used> { proven.txid() }
        assertEquals(TransactionState.Unknown, chain.node.transaction(txid))
        alice.submit(outgoing)
        alice.submit(outgoing)
        assertEquals(TransactionState.Pending, chain.node.transaction(txid))

        // The plan is on its way: no second transaction of it is signed, nor one begun.
        assertFailsWith<SendException.PlanVoid> { alice.sign(second, keys) }
        assertFailsWith<SendException.PlanVoid> { alice.build(plan, keys) }
        chain.blocks(1)
        bob.sync(null)
        assertEquals(1_000_000uL, bob.spendable())
    }

    @Test
    fun `a wallet comes back from its phrase in another folder`() = waiting {
        val first = chain.funded("lost", "3 LVR")
        val words = first.recoveryPhrase(Protection.unsealed()).words()
        val id = first.accounts().single().id
        first.close()
        val restored = chain.wallet("found", RecoveryPhrase.parse("  ${words.uppercase()} "))
        assertEquals(0uL, restored.spendable())
        restored.sync(null)
        assertEquals(3_000_000uL, restored.spendable())
        assertEquals(id, restored.accounts().single().id)
        assertTrue(restored.history(0u).isNotEmpty())
    }

    @Test
    fun `amounts are exact`() = waiting {
        assertEquals(Amount(1u, 12_500_000u), chain.node.parseAmount("12.50 LVR"))
        assertEquals("12.50 LVR", chain.node.formatAmount(Amount(1u, 12_500_000u)))
        assertEquals(ULong.MAX_VALUE, chain.node.parseAmount("18446744073709.551615 LVR").value)
        assertFailsWith<AmountException.TooLarge> { chain.node.parseAmount("18446744073709.551616 LVR") }
        assertEquals(6u, assertFailsWith<AmountException.TooPrecise> { chain.node.parseAmount("0.0000001 LVR") }.decimals)
        assertFailsWith<AmountException.UnknownAsset> { chain.node.parseAmount("1 EURX") }
        assertEquals(
            listOf("1001 LVR", "1.001 LVR"),
            assertFailsWith<AmountException.TwoReadings> { chain.node.parseAmount("1,001 LVR") }.run { listOf(first, second) },
        )
        assertEquals(Amount(1u, 1_001_000_000u), chain.node.parseAmountOf(1u, "1\u202f001"))
        val asset = chain.node.assets().single()
        assertEquals(listOf("LVR", "LVR", "6"), listOf(asset.symbol, asset.name, asset.decimals.toString()))
        val status = chain.node.status()
        assertTrue(status.development)
        assertEquals(672u, status.firstMonth, "January 2026")
        assertNull(chain.node.transparentAccount(asset.issuer).balances.find { it.asset != 1uL })
    }
}
