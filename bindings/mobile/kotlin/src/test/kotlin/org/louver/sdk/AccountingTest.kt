package org.louver.sdk

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Books, statements of account, challenges with their receipts, and the travel rule. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountingTest {
    private val chain = Chain()

    @AfterAll
    fun stop() = chain.close()

    private val everything = Directions(incoming = true, change = true, outgoing = true, spends = true, detection = true)

    @Test
    fun `a reader asks, is answered, and has a statement and a receipt`() = waiting {
        val alice = chain.funded("asked", "9 LVR")
        val bob = chain.wallet("paid")
        val sent = alice.pay(bob.receive(0u, null).address, chain.coins("4 LVR"), "rent")
        chain.blocks(1)
        alice.sync(null)
        val keys = alice.unlock(Protection.unsealed())
        val auditor = AuditorKey.generate()
        val span = chain.node.epochs(Period(from = "2026-01-01"))
        val asked = auditor.challenge(chain.node, "Smith", Demand.Grant(everything, span.first, span.last))
        val told = chain.node.readChallenge(asked)
        assertEquals("Smith", told.auditor)
        assertEquals(Demand.Grant(everything, span.first, span.last), told.demand)
        val request = GrantRequest("", "", everything, span.first, span.last, "tax", 30u, challenge = asked)
        val grant = Grant.open(alice.grant(0u, request, keys, Chain.prover, null), auditor)
        val report = grant.audit(chain.node, Expectations(challenge = asked), null)
        assertTrue("as you demanded" in report.heading.first(), "${report.heading}")

        val source = ReportSource("alice.json", report.json, ReportOrigin.SCANNED)
        val statement = StatementOfAccount.of(listOf(source), null, null)
        assertTrue(sent.txid in statement.csv(CsvForm.LOUVER) && sent.txid in statement.html())
        assertTrue(statement.csv(CsvForm.KOINLY).startsWith("Date,Sent Amount"))
        assertFailsWith<StatementOfAccountException.Prices> {
            StatementOfAccount.of(listOf(source), CsvFile("prices.csv", "day,price\n"), null)
        }

        val payments = auditor.challenge(chain.node, "Smith", Demand.Payments(null, null, Side.SENT, 1uL, 4_000_000uL))
        val shown = PackageRequest(PackageChoice.Transaction(sent.txid, null), Detail.Full, "", null, null, "rent", 7u, challenge = payments)
        val disclosed = Package.open(alice.disclose(0u, shown, keys, Chain.prover, null), auditor)
        assertFailsWith<ReceiptException.NothingVerified> { disclosed.receipt(auditor) }
        disclosed.verify(chain.node, Expectations(challenge = payments))
        val receipt = Receipt.read(disclosed.receipt(auditor))
        receipt.verify(payments)
        receipt.verifyAbout(disclosed)
        assertEquals(ReceiptConclusion.GUARANTEED, receipt.info().conclusion)
        val other = Receipt.read(disclosed.receipt(AuditorKey.generate()))
        assertFailsWith<ReceiptException.NotShown> { other.verify(payments) }
    }

    @Test
    fun `a book is made and checked`() = waiting {
        val alice = chain.funded("bookkeeper", "5 LVR")
        val auditor = AuditorKey.generate()
        val span = chain.node.epochs(Period(from = "2026-01-01"))
        val request = BookRequest("Smith", auditor.recipient(), span.first, span.last, false, "books", 30u)
        val made = alice.book(0u, request, alice.unlock(Protection.unsealed()), Chain.prover, null)
        assertEquals(listOf(1u, 0u, 0u), listOf(made.transactions, made.receipts, made.leftOut.size.toUInt()))
        assertFailsWith<BookException.NotForThisKey> { Book.open(made.file, AuditorKey.generate()) }
        val book = Book.open(made.file, auditor)
        val next = Book.open(made.file, auditor)
        assertFailsWith<BookException.BeforeNotVerified> { next.verifyAfter(book, chain.node, Expectations(), null) }
        val report = book.verify(chain.node, Expectations(account = book.info().account), null)
        assertEquals("5.00 LVR", report.accounts.single().closing?.let { chain.node.formatAmount(Amount(1uL, it.value.toULong())) })
        // The month is not over yet, so more may come.
        assertEquals(setOf(BookMark.UNVERIFIED), report.findings.map { it.mark }.toSet())
        assertEquals("deposited", report.lines.single().title)
    }

    @Test
    fun `a book and a sentence answer what is asked`() = waiting {
        val alice = chain.funded("answering", "5 LVR")
        val keys = alice.unlock(Protection.unsealed())
        val auditor = AuditorKey.generate()
        val span = chain.node.epochs(Period(from = "2026-01-01"))
        val wanted = auditor.challenge(chain.node, "Smith", Demand.Book(span.first, span.last))
        val request = BookRequest("", "", span.first, span.last, false, "books", 30u, challenge = wanted)
        val book = Book.open(alice.book(0u, request, keys, Chain.prover, null).file, auditor)
        val report = book.verify(chain.node, Expectations(challenge = wanted), null)
        assertTrue("as you demanded" in report.heading.first(), "${report.heading}")

        val address = alice.receive(0u, null).address
        val asked = auditor.challenge(chain.node, "Smith", Demand.Address(address))
        val claim = StatementClaim.Address(address)
        val answer = StatementRequest(claim, "", null, null, "a payout", 7u, challenge = asked)
        val statement = Statement.open(alice.proveStatement(0u, answer, keys, Chain.prover, null), auditor)
        assertFailsWith<ReceiptException.NothingVerified> { statement.receipt(auditor) }
        assertTrue(address in statement.verify(chain.node, Expectations(challenge = asked)).says)
        val receipt = Receipt.read(statement.receipt(auditor))
        receipt.verify(asked)
        receipt.verifyAboutStatement(statement)
        assertFailsWith<ReceiptException.NotShown> { receipt.verify(wanted) }
    }

    @Test
    fun `a record of the travel rule belongs to its payment`() = waiting {
        val alice = chain.funded("exchange", "5 LVR")
        val bob = chain.wallet("counterparty")
        val reader = AuditorKey.generate()
        val name = { text: String -> """{"naturalPerson":{"name":{"nameIdentifier":[{"primaryIdentifier":"$text","nameIdentifierType":"LEGL"}]},"customerIdentification":"C-1"}}""" }
        val persons =
            """{"originator":{"originatorPersons":[${name("Okafor")}]},"beneficiary":{"beneficiaryPersons":[${name("Meyer")}]}}"""
        val payment = Payment(bob.receive(0u, null).address, chain.coins("2 LVR"), "rent")
        assertFailsWith<TravelRuleException.Refused> { TravelRuleRecord.make(chain.node, payment, "{}") }
        val record = TravelRuleRecord.make(chain.node, payment, persons)
        val opened = TravelRuleRecord.open(record.seal(listOf(reader.recipient())), reader)
        assertNull(opened.payment())
        val marked = record.payment()!!
        assertEquals("rent\n${record.hash()}", marked.memo)
        alice.send(alice.plan(0u, Action.Pay(listOf(marked), Fee.Least)), alice.unlock(Protection.unsealed()), Chain.prover, null)
        chain.blocks(1)
        bob.sync(null)
        val report = bob.travelRule(0u, opened)
        assertTrue(report.isGood, "${report.verdict}")
        assertEquals(TravelRuleCoverage.ONE_PAYMENT, report.coverage)
        assertEquals(listOf("Okafor", "Meyer"), report.persons.map { it.name })
    }
}
