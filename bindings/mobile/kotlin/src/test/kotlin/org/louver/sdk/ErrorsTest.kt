package org.louver.sdk

import java.nio.file.Files
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Whatever goes wrong has a type, and numbers where there are some. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorsTest {
    private val chain = Chain("--epoch-seconds", "1200000", "--grace-seconds", "300000")

    @AfterAll
    fun stop() = chain.close()

    @Test
    fun `phrases are checked word by word and repeat none of them`() {
        assertEquals(2u, assertFailsWith<PhraseException.WordCount> { RecoveryPhrase.parse("abandon about") }.words)
        val eleven = "abandon ".repeat(11)
        val unknown = assertFailsWith<PhraseException.UnknownWord> { RecoveryPhrase.parse("${eleven}abuot") }
        assertEquals(12u, unknown.position)
        assertEquals(listOf("about"), unknown.candidates)
        assertEquals("word 12 is not on the list of words: did you mean about?", unknown.toString())
        assertFailsWith<PhraseException.Checksum> { RecoveryPhrase.parse("${eleven}zoo") }
    }

    @Test
    fun `a sealed wallet opens with its passphrase alone`() = waiting {
        val path = chain.folder.resolve("sealed.sqlite").toString()
        val protection = Protection.passphrase("correct horse")
        val words = RecoveryPhrase.generate()
        val wallet = Wallet.create(path, chain.node, words, protection, null)
        assertFailsWith<WalletException.WrongPassphrase> { wallet.unlock(Protection.passphrase("correct house")) }
        assertFailsWith<WalletException.OtherProtection> { wallet.unlock(Protection.unsealed()) }
        val account = wallet.unlock(protection).transparentAccount(0u)
        wallet.changeProtection(protection, Protection.passphrase("battery staple"))
        assertFailsWith<WalletException.WrongPassphrase> { wallet.unlock(protection) }
        assertEquals(account, wallet.unlock(Protection.passphrase("battery staple")).transparentAccount(0u))
        assertFailsWith<WalletException.Storage> { Wallet.open(path, chain.node) }.let {
            assertIs<StorageException.InUse>(it.error)
        }
        wallet.close()
        val again = Wallet.open(path, chain.node)
        assertEquals(words.words(), again.recoveryPhrase(Protection.passphrase("battery staple")).words())
        again.close()
        assertFailsWith<WalletException.Exists> { Wallet.create(path, chain.node, words, protection, null) }
    }

    @Test
    fun `files that are not wallets are told apart`() = waiting {
        val missing = chain.folder.resolve("missing.sqlite").toString()
        assertFailsWith<WalletException.NotFound> { Wallet.open(missing, chain.node) }
        val foreign = chain.folder.resolve("foreign.sqlite")
        Files.writeString(foreign, "this is not a database, and long enough to be read as the header of one ".repeat(20))
        val error = assertFailsWith<WalletException.Storage> { Wallet.open(foreign.toString(), chain.node) }
        assertTrue(error.error is StorageException.Foreign || error.error is StorageException.Damaged, "$error")
        assertFailsWith<WalletException.Other> { chain.wallet("one account").balances(7u) }
            .let { assertEquals("the wallet has no account 7", it.reason) }
    }

    @Test
    fun `a payment that cannot be made says by how much`() = waiting {
        val wallet = chain.funded("poor", "2 LVR")
        val to = wallet.receive(0u, null).address
        fun pay(to: String, amount: Amount, memo: String = "") = Action.Pay(listOf(Payment(to, amount, memo)), Fee.Least)
        val error = assertFailsWith<PlanException.InsufficientFunds> { wallet.plan(0u, pay(to, chain.coins("5 LVR"))) }
        assertEquals(listOf(1uL, 5_001_000uL, 2_000_000uL, 3_001_000uL), error.run { listOf(asset, needed, spendable, missing) })
        assertEquals("3001000 of asset 1 are missing: 5001000 are needed, 2000000 can be spent now", error.toString())

        val coin = chain.coins("1 LVR")
        assertFailsWith<PlanException.Address> { wallet.plan(0u, pay("lvr1qqqq", coin)) }
            .let { assertIs<AddressException.Invalid>(it.error) }
        val typo = to.dropLast(1) + if (to.last() == 'q') 'p' else 'q'
        assertFailsWith<PlanException.Address> { wallet.plan(0u, pay(typo, coin)) }
        assertFailsWith<PlanException.Nothing> { wallet.plan(0u, Action.Pay(emptyList(), Fee.Least)) }
        assertFailsWith<PlanException.Nothing> { wallet.plan(0u, pay(to, Amount(1u, 0u))) }
        assertFailsWith<PlanException.Other> { wallet.plan(0u, pay(to, Amount(99u, 1u))) }
        assertFailsWith<PlanException.MemoTooLong> { wallet.plan(0u, pay(to, coin, "x".repeat(10_000))) }
        assertFailsWith<PlanException.TransparentAccount> { wallet.plan(0u, Action.Withdraw("lvrt1x", coin, Fee.Least)) }
        val low = Action.Pay(listOf(Payment(to, coin)), Fee.Exactly(Amount(1u, 1u)))
        assertEquals(1_000uL, assertFailsWith<PlanException.FeeTooLow> { wallet.plan(0u, low) }.least)
        assertFailsWith<PlanException.Other> { wallet.plan(0u, Action.Consolidate(1u, Fee.Least)) }
        assertEquals(2_000_000uL, wallet.spendable())
    }

    @Test
    fun `addresses expire, and those of another chain are not paid`() = waiting {
        val wallet = chain.funded("careful", "2 LVR")
        val payee = chain.wallet("slow payee")
        val old = payee.receive(0u, null)
        val until = checkNotNull(old.payableUntil)
        suspend fun pay(to: String) = wallet.plan(0u, Action.Pay(listOf(Payment(to, chain.coins("1 LVR"))), Fee.Least))
        Chain().use { other ->
            val foreign = other.wallet("elsewhere").receive(0u, null).address
            assertFailsWith<PlanException.ForeignPool> { pay(foreign) }
            assertEquals(false, chain.node.describeAddress(foreign).payableHere)
            val path = chain.folder.resolve("careful.sqlite").toString()
            wallet.close()
            assertFailsWith<WalletException.OtherChain> { Wallet.open(path, other.node) }
        }
        val again = Wallet.open(chain.folder.resolve("careful.sqlite").toString(), chain.node)
        chain.node.passTime(1_500_000uL)
        again.sync(null)
        val expired = assertFailsWith<PlanException.AddressExpired> {
            again.plan(0u, Action.Pay(listOf(Payment(old.address, chain.coins("1 LVR"))), Fee.Least))
        }
        assertEquals(until, expired.until)
        assertEquals(old.epoch, chain.node.describeAddress(old.address).epoch)
        payee.sync(null)
        assertFailsWith<WalletException.Other> { payee.receive(0u, old.epoch) }
    }

    @Test
    fun `an unreachable node is an error of its own`() = waiting {
        val gone = Chain()
        val wallet = gone.wallet("stranded")
        val url = gone.url
        gone.close()
        assertFailsWith<NodeException.Unreachable> { Node.connect(HttpTransport(url), Trust()) }
        val error = assertFailsWith<WalletException.Node> { wallet.sync(null) }
        assertIs<NodeException.Unreachable>(error.error)
        assertEquals(emptyList(), wallet.balances(0u))
        val refused = assertFailsWith<NodeException.Refused> { chain.node.faucet("lvrt1nonsense", Amount(1u, 1u)) }
        assertEquals(400u.toUShort(), refused.status)
    }

    @Test
    fun `a prover takes the right key and no other`() = waiting {
        val prover = Prover()
        val bytes = Chain.flatKey(Circuit.NOTE_OPENING)
        assertFailsWith<ProverException.KeyInvalid> { prover.install(Circuit.ACCOUNT_KEYS, bytes, null) }
        assertFailsWith<ProverException.KeyInvalid> { prover.install(Circuit.NOTE_OPENING, ByteArray(100), null) }
        val damaged = bytes.copyOf().also { it[it.size / 2] = (it[it.size / 2] + 1).toByte() }
        assertFailsWith<ProverException.KeyInvalid> { prover.install(Circuit.NOTE_OPENING, damaged, null) }
        assertEquals(false, prover.isReady(Circuit.NOTE_OPENING))
        prover.install(Circuit.NOTE_OPENING, bytes, null)
        assertEquals(true, prover.isReady(Circuit.NOTE_OPENING))

        val wallet = chain.funded("keyless", "1 LVR")
        val plan = wallet.plan(0u, Action.Withdraw(wallet.unlock(Protection.unsealed()).transparentAccount(0u), chain.coins("0.5 LVR"), Fee.Least))
        val draft = wallet.build(plan, wallet.unlock(Protection.unsealed()))
        val error = assertFailsWith<SendException.Prover> { draft.prove(prover, null) }
        assertEquals(Circuit.TRANSFER2X3, assertIs<ProverException.KeyMissing>(error.error).circuit)
    }

    @Test
    fun `plans and keys belong to one wallet`() = waiting {
        val alice = chain.funded("owner", "2 LVR")
        val bob = chain.wallet("stranger")
        val to = bob.receive(0u, null).address
        val plan = alice.plan(0u, Action.Pay(listOf(Payment(to, chain.coins("1 LVR"))), Fee.Least))
        val (hers, his) = listOf(alice, bob).map { it.unlock(Protection.unsealed()) }
        assertFailsWith<SendException.OtherWallet> { bob.send(plan, his, Chain.prover, null) }
        assertFailsWith<SendException.OtherWallet> { bob.build(plan, his) }
        val proven = alice.build(plan, hers).prove(Chain.prover, null)
        assertFailsWith<SendException.OtherWallet> { bob.sign(proven, his) }
        assertFailsWith<SendException.OtherKeys> { alice.sign(proven, his) }
        // A deposit is planned for an account that can pay it.
        chain.node.faucet(his.transparentAccount(0u), chain.coins("2 LVR"))
        chain.blocks(1)
        val deposit = alice.plan(0u, Action.Shield(his.transparentAccount(0u), chain.coins("1 LVR")))
        assertFailsWith<SendException.OtherPayer> { alice.build(deposit, hers) }
        assertEquals(2_000_000uL, alice.spendable())
        alice.send(plan, hers, Chain.prover, null).taken()
    }
}
