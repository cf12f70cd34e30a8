package org.louver.sdk

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import org.json.JSONObject
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Grants and packages of an account, and their readers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisclosureTest {
    private val chain = Chain()

    @AfterAll
    fun stop() = chain.close()

    private val everything = Directions(incoming = true, change = true, outgoing = true, spends = true, detection = true)

    @Test
    fun `a grant is made, opened, verified and audited`() = waiting {
        val alice = chain.funded("alice", "20 LVR")
        val bob = chain.wallet("bob")
        val to = bob.receive(0u, null).address
        alice.pay(to, chain.coins("7 LVR"), "rent")
        chain.blocks(1)
        alice.sync(null)

        val auditor = AuditorKey.generate()
        assertEquals(auditor.recipient(), AuditorKey.parse(auditor.toText()).recipient())
        // From the first day of the chain until now.
        val span = chain.node.epochs(Period(from = "2026-01-01"))
        val request = GrantRequest("Auditor", auditor.recipient(), everything, span.first, span.last, "tax return 2026", 30u)
        val keys = alice.unlock(Protection.unsealed())
        val sealed = alice.grant(0u, request, keys, Chain.prover, null)

        assertFailsWith<AuditException.NotForThisKey> { Grant.open(sealed, AuditorKey.generate()) }
        assertFailsWith<AuditException.NotForThisKey> {
            Grant.open(sealed.copyOf().also { it[it.size - 1] = (it.last() + 1).toByte() }, auditor)
        }
        val grant = Grant.open(sealed, auditor)
        val info = grant.info()
        assertEquals(
            GrantInfo(alice.accounts().single().id, everything, span.first, span.last, "Auditor", "tax return 2026", info.issued, info.expires),
            info,
        )
        assertEquals(30uL * 86_400uL, info.expires - info.issued)
        grant.verify(chain.node, Expectations(account = info.account, auditor = "Auditor"))
        // A grant of another account than the one that was asked about, or for somebody else, is none to rely on.
        val another = bob.accounts().single().id
        assertFailsWith<AuditException.OtherAccount> { grant.verify(chain.node, Expectations(account = another)) }
        assertFailsWith<AuditException.OtherName> { grant.verify(chain.node, Expectations(auditor = "Jones")) }

        val stages = mutableListOf<StageProgress>()
        val report = watched({ stages.add(it) }) { watch -> grant.audit(chain.node, Expectations(), watch) }
        assertTrue(stages.all { it.stage == Stage.AUDITING } && stages.last().let { it.done == it.total })
        assertEquals(alice.accounts().single().id, report.account)
        assertTrue("not asked for by you" in report.heading.first(), "${report.heading}")
        assertEquals(chain.node.status().height, report.lastHeight)
        val paid = report.findings.single { it.what is FindingKind.Paid }
        val what = paid.what as FindingKind.Paid
        assertEquals(listOf(to, "rent"), listOf(what.recipient, what.memo))
        assertEquals(chain.coins("7 LVR"), what.amount)
        // The account's word on its payments is not proven. Its authorisation of a transaction is proven.
        assertEquals(
            setOf(Assurance.GUARANTEED),
            report.findings.filter { it.what is FindingKind.Authorised || it.what is FindingKind.Spent }
                .map { it.assurance }.toSet(),
        )
        assertEquals(2, report.findings.count { it.what is FindingKind.Authorised })
        assertEquals("7000000", report.totals.single().paid?.value)
        assertTrue(report.guaranteed.isNotEmpty())
        assertTrue(report.unverified.isNotEmpty())
        assertEquals(report.account, JSONObject(report.json).getString("account"))
    }

    @Test
    fun `a grant shows what it is for and nothing beyond`() = waiting {
        val alice = chain.funded("narrow", "5 LVR")
        val auditor = AuditorKey.generate()
        val nothing = Directions(incoming = false, change = false, outgoing = false, spends = false, detection = false)
        val keys = alice.unlock(Protection.unsealed())
        suspend fun request(directions: Directions, first: Int, last: Int, recipient: String = auditor.recipient()) =
            alice.grant(
                0u,
                GrantRequest("Auditor", recipient, directions, first.toUShort(), last.toUShort(), "test", 1u),
                keys,
                Chain.prover,
                null,
            )
        assertFailsWith<DiscloseException.Nothing> { request(nothing, 0, 0) }
        assertFailsWith<DiscloseException.Epochs> { request(everything, 2, 1) }
        assertFailsWith<DiscloseException.Recipient> { request(everything, 0, 0, "age1nobody") }

        val now = chain.node.status().epoch.toInt()
        val later = Grant.open(request(everything, now + 5, now + 6), auditor).audit(chain.node, Expectations(), null)
        assertEquals(emptyList(), later.findings)
        val incoming = Grant.open(request(nothing.copy(incoming = true), now, now), auditor).audit(chain.node, Expectations(), null)
        assertIs<FindingKind.Received>(incoming.findings.single().what)
        assertNotEquals(Assurance.UNEXPLAINED, incoming.findings.single().assurance)
        assertTrue(incoming.unverified.isNotEmpty())
    }

    @Test
    fun `a package shows one payment to one reader`() = waiting {
        val alice = chain.funded("payer", "9 LVR")
        val bob = chain.wallet("payee")
        val to = bob.receive(0u, null).address
        val sent = alice.pay(to, chain.coins("4 LVR"), "invoice 17")
        val keys = alice.unlock(Protection.unsealed())
        val nonce = "ab".repeat(32)
        val choice = PackageChoice.Transaction(sent.txid, null)
        val request = PackageRequest(choice, Detail.Full, "Example Bank", null, nonce, "proof of payment", 30u)
        assertFailsWith<DiscloseException.NotMined> { alice.disclose(0u, request, keys, Chain.prover, null) }
        chain.blocks(1)
        alice.sync(null)
        val file = alice.disclose(0u, request, keys, Chain.prover, null)
        // The same payment by what it is: the reader would see a least amount of it, and nothing else.
        val paid = PackageChoice.Payments(PaymentFilter(asset = 1uL, kind = EntryKind.PAID, atLeast = 4_000_000uL))
        val seen = alice.previewDisclosure(0u, paid, Detail.AtLeast(chain.coins("3 LVR"))).single()
        assertEquals(listOf(sent.txid, null, null), listOf(seen.txid, seen.recipient, seen.memo))
        assertEquals(listOf(Shows.AT_LEAST, chain.coins("3 LVR")), listOf(seen.shows, seen.amount))

        val shown = Package.read(file)
        val account = alice.accounts().single().id
        assertEquals(listOf(account, "Example Bank", "1"), shown.info().run { listOf(account, auditor, "$payments") })
        val report = shown.verify(chain.node, Expectations(account, "Example Bank", nonce))
        val payment = report.payments.single()
        assertEquals(Assurance.GUARANTEED, payment.assurance)
        assertEquals(Side.SENT, payment.side)
        assertEquals(chain.coins("4 LVR"), payment.amount)
        assertEquals(listOf(to, "invoice 17", sent.txid), listOf(payment.recipient, payment.memo, payment.place.txid))
        assertTrue(report.unverified.isNotEmpty())

        assertFailsWith<PackageException.Nonce> { shown.verify(chain.node, Expectations(nonce = "cd".repeat(32))) }
        assertFailsWith<PackageException.OtherReader> { shown.verify(chain.node, Expectations(auditor = "Other Bank")) }
        val other = bob.accounts().single().id
        assertFailsWith<PackageException.OtherAccount> { shown.verify(chain.node, Expectations(account = other)) }
        assertEquals(
            "nonce",
            assertFailsWith<PackageException.Expectation> { shown.verify(chain.node, Expectations(nonce = "xyz")) }.what,
        )
        assertFailsWith<PackageException.NotAPackage> { Package.read(file.copyOf(file.size - 1)) }
        // One byte of the purpose changed: the account signed something else.
        val at = String(file, Charsets.ISO_8859_1).indexOf("proof of payment")
        val forged = Package.read(file.copyOf().also { it[at] = 'P'.code.toByte() })
        assertFailsWith<PackageException.Signature> { forged.verify(chain.node, Expectations()) }

        // By its proof the package is checked without a node; a proof that was altered or cut short shows nothing.
        val proof = shown.prove(chain.node)
        val offline = shown.verifyOffline(proof, chain.trust, Expectations(account, "Example Bank", nonce))
        assertEquals(report.payments, offline.payments)
        assertEquals(listOf(true, ChainChoice.GENESIS), listOf(offline.offline, offline.chosen))
        assertEquals(chain.node.head().hash, offline.head.hash)
        val unchosen = shown.verifyOffline(proof, Trust(), Expectations())
        assertEquals(Assurance.CHAIN_NOT_CHOSEN, unchosen.payments.single().assurance)
        assertFailsWith<PackageException.ProofOfOtherChain> {
            shown.verifyOffline(proof, Trust(genesisHash = "07".repeat(32)), Expectations())
        }
        assertFailsWith<PackageException.NotAProof> {
            shown.verifyOffline(proof.copyOf(proof.size - 1), chain.trust, Expectations())
        }
        val flipped = proof.copyOf().also { it[it.size - 400] = (it[it.size - 400].toInt() xor 1).toByte() }
        assertFailsWith<PackageException> { shown.verifyOffline(flipped, chain.trust, Expectations()) }

        // The payee shows the same payment from his side, without its text.
        bob.sync(null)
        val half = PackageRequest(choice, Detail.Amount, "Example Bank", null, null, "income", 1u)
        val bobKeys = bob.unlock(Protection.unsealed())
        val income = Package.read(bob.disclose(0u, half, bobKeys, Chain.prover, null)).verify(chain.node, Expectations())
        assertEquals(Side.RECEIVED, income.payments.single().side)
        assertEquals(listOf(null, null), income.payments.single().run { listOf(recipient, memo) })
        assertFailsWith<DiscloseException.OtherKeys> { alice.disclose(0u, request, bobKeys, Chain.prover, null) }
        val unknown = request.copy(choice = PackageChoice.Transaction("00".repeat(32), null))
        assertFailsWith<DiscloseException.Unknown> { alice.disclose(0u, unknown, keys, Chain.prover, null) }
    }
}
