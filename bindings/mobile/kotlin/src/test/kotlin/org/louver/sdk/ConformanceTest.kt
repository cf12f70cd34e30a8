package org.louver.sdk

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.json.JSONObject

/** The vectors of the specification, made by an independent implementation, against this library. */
class ConformanceTest {
    private fun keys(vectors: JSONObject) =
        ProtocolKeys.derive(RecoveryPhrase.parse(vectors.text("phrase")), vectors.int("account"))

    private fun note(vector: JSONObject) = ProtocolNote(
        poolTag = vector.text("pool"),
        epoch = vector.short("epoch"),
        index = vector.byte("index"),
        diversifier = vector.text("d"),
        pkD = vector.text("pk_d"),
        tau = vector.text("tau"),
        asset = vector.long("asset"),
        value = vector.long("value"),
        rho = vector.text("rho"),
        rseed = vector.text("rseed"),
    )

    private fun secrets(vector: JSONObject) =
        vector.run { ProtocolNoteSecrets(text("m"), text("rcm"), text("esk"), text("epk"), text("cm")) }

    @Test
    fun poseidon() {
        val vectors = Vectors.open("poseidon")
        assertEquals(vectors.texts("first_round_constants"), poseidonRoundConstants().first())
        assertEquals(vectors.lists("mds"), poseidonMds())
        for (vector in vectors.objects("permutations")) {
            assertEquals(vector.texts("output"), poseidonPermute(vector.texts("input")))
        }
        val domains = poseidonDomains().associateBy { it.name }
        assertEquals(domains.size, vectors.objects("hashes").size)
        for (vector in vectors.objects("hashes")) {
            val domain = vector.text("domain")
            assertEquals(vector.text("constant"), domains.getValue(domain).constant)
            assertEquals(vector.texts("lanes_1_to_4"), poseidonHash(domain, vector.texts("inputs")))
        }
        assertEquals("Argument", fault { poseidonHash("node", listOf()) })
        assertEquals("Argument", fault { poseidonHash("no domain", listOf()) })
    }

    @Test
    fun `orders of the fields`() {
        val orders = Vectors.open("keys").getJSONObject("orders")
        val state = List(4) { "00".repeat(32) }
        assertEquals("NonCanonicalField", fault { poseidonPermute(state + orders.text("r")) })
        val keys = keys(Vectors.open("notes"))
        assertEquals("NonCanonicalField", fault { keys.randomizedKey(orders.text("j")) })
    }

    @Test
    fun tree() {
        val vectors = Vectors.open("tree")
        val empty = vectors.texts("empty_roots")
        assertEquals(vectors.text("empty_leaf"), empty.first())
        empty.zipWithNext { below, above -> assertEquals(above, poseidonHash("node", List(4) { below }).first()) }
        assertEquals(empty.last(), treeRoot(listOf()))
        val leaves = vectors.texts("leaves")
        for (vector in vectors.objects("roots")) {
            assertEquals(vector.text("root"), treeRoot(leaves.take(vector.int("leaves").toInt())))
        }
        for (vector in vectors.objects("paths")) {
            val position = vector.int("position")
            val children = vector.lists("children")
            val siblings = children.mapIndexed { level, all ->
                val own = (position shr (2 * level)).toInt() and 3
                all.filterIndexed { place, _ -> place != own }
            }
            assertEquals(TreePath(children, vector.text("root")), treePath(vector.text("leaf"), position, siblings))
        }
    }

    @Test
    fun accounts() {
        val vectors = Vectors.open("keys")
        for (vector in vectors.objects("pools")) {
            assertEquals(vector.text("pool"), poolTag(vector.text("genesis_hash"), vector.int("pool_id")))
        }
        for (vector in vectors.objects("accounts")) {
            val keys = keys(vector)
            val names = listOf("sk", "ak", "nk", "in_external", "in_internal", "out", "dummy_root")
            val parts = keys.parts().run { listOf(sk, ak, nk, inExternal, inInternal, out, dummyRoot) }
            assertEquals(names.map(vector::text), parts)
            for (id in vector.objects("ids")) assertEquals(id.text("aid"), keys.accountId(id.text("pool")))
            for (epoch in vector.objects("epochs")) epoch(keys, epoch)
            for (tree in vector.objects("ggm")) {
                for (cover in tree.objects("covers")) {
                    val found = keys.cover(tree.view(), tree.text("pool"), cover.short("first"), cover.short("last"))
                    assertEquals(cover.text("bytes"), found)
                }
            }
        }
    }

    private fun epoch(keys: ProtocolKeys, vector: JSONObject) {
        val expected = EpochParts(
            tkx = vector.text("tkx"),
            nk = vector.text("nk_e"),
            sd = vector.text("sd"),
            tki = vector.text("tki"),
            externalIvk = vector.getJSONObject("external").text("ivk"),
            externalDk = vector.getJSONObject("external").text("dk"),
            internalIvk = vector.getJSONObject("internal").text("ivk"),
            internalDk = vector.getJSONObject("internal").text("dk"),
            ovk = vector.text("ovk"),
        )
        assertEquals(expected, keys.epoch(vector.text("pool"), vector.short("epoch")))
    }

    @Test
    fun addresses() {
        val vectors = Vectors.open("addresses")
        val keys = keys(vectors)
        for (vector in vectors.objects("addresses")) {
            val (pool, epoch, diversifier) = Triple(vector.text("pool"), vector.short("epoch"), vector.text("d"))
            val index = small(vector.text("index"))
            val address = when (index) {
                null -> keys.addressOf(pool, epoch, vector.view(), diversifier)
                else -> keys.address(pool, epoch, vector.view(), index)
            }
            val (base, pkD, tau) = Triple(vector.text("g_d"), vector.text("pk_d"), vector.text("tau"))
            val (bytes, text) = vector.text("bytes") to vector.text("string")
            assertEquals(ProtocolAddress(pool, epoch, diversifier, base, pkD, tau, bytes, text), address)
            assertEquals(address, readProtocolAddress(text))
        }
        for (vector in vectors.objects("group_hashes")) {
            assertEquals(vector.text("g_d"), diversifierBase(vector.text("d")))
        }
        for (vector in vectors.objects("strings")) {
            assertEquals(vector.text("payload"), readProtocolText(vector.text("string")).payload, vector.text("form"))
        }
        for (vector in vectors.objects("refused")) {
            assertEquals(vector.text("fault"), fault { readProtocolAddress(vector.text("string")) }, vector.text("name"))
        }
        for (vector in vectors.objects("elements")) {
            assertEquals(vector.text("fault"), fault { checkElement(vector.text("bytes")) }, vector.text("name"))
        }
        for (vector in vectors.objects("points")) {
            assertEquals(vector.text("fault"), fault { checkSubgroupPoint(vector.text("bytes")) }, vector.text("name"))
        }
    }

    @Test
    fun notes() {
        val vectors = Vectors.open("notes")
        val keys = keys(vectors)
        for (vector in vectors.objects("m")) {
            // This version only writes class 0; byte 15 holds the class.
            val m = packNote(vector.byte("index"), vector.short("epoch"), vector.long("asset"), vector.long("value"))
            val name = vector.int("class").toString(16).padStart(2, '0')
            assertEquals(vector.text("m"), m.replaceRange(30, 32, name))
        }
        for (vector in vectors.objects("notes")) {
            assertEquals(secrets(vector), deriveNote(note(vector)))
            assertEquals(vector.text("nk_e"), keys.epoch(vector.text("pool"), vector.short("epoch")).nk)
            assertEquals(vector.text("nf"), noteNullifier(vector.text("nk_e"), vector.text("cm")))
            val (pool, epoch) = vector.text("pool") to vector.short("epoch")
            val own = keys.addressOf(pool, epoch, vector.view(), vector.text("d"))
            assertEquals(listOf(vector.text("pk_d"), vector.text("tau")), listOf(own.pkD, own.tau))
        }
        for (vector in vectors.objects("spend_tags")) {
            assertEquals(vector.text("st"), spendTag(vector.text("sd"), vector.text("nf_0")))
        }
    }

    @Test
    fun dummies() {
        val vectors = Vectors.open("notes")
        val keys = keys(vectors)
        val all = vectors.getJSONObject("dummies")
        val (epoch, asset, alpha) = Triple(all.short("epoch"), all.long("main_asset"), all.text("alpha"))
        assertEquals(all.text("dummy_root"), keys.parts().dummyRoot)
        assertEquals(all.text("rk"), keys.randomizedKey(alpha))
        val inputs = all.objects("cases").filter { it.int("kind") == 0u }
        val outputs = all.objects("cases").filter { it.int("kind") != 0u }
        assertTrue(inputs.isNotEmpty() && outputs.isNotEmpty())
        for (vector in inputs) {
            val expected = vector.run { DummyInput(text("pk_d_hash"), text("tau"), text("rho"), text("rcm"), text("cm"), text("nf")) }
            assertEquals(expected, keys.dummyInput(all.text("pool"), epoch, asset, alpha, vector.byte("slot")))
        }
        for (vector in outputs) {
            val first = all.text("first_nullifier")
            assertEquals(first, vector.text("rho"))
            val expected = vector.run { DummyOutput(text("tau"), text("rcm"), text("epk"), text("cm")) }
            assertEquals(expected, keys.dummyOutput(epoch, asset, alpha, first, vector.byte("slot")))
        }
    }

    private fun wire(output: JSONObject) = listOf("cm", "epk", "compact", "rest", "out").joinToString("", transform = output::text)

    private fun compact(output: JSONObject) = listOf("cm", "epk", "compact").joinToString("", transform = output::text)

    private fun key(vector: JSONObject) =
        ProtocolIncomingKey(vector.text("ivk"), vector.text("dk"), vector.text("tk"))

    private fun scope(vector: JSONObject, bucket: UByte) =
        OutputScope(vector.text("pool"), vector.short("epoch"), vector.text("rho"), vector.byte("index"), bucket)

    @Test
    fun `encryption in both directions`() {
        for (vector in Vectors.open("encryption").objects("outputs")) {
            val parts = vector.getJSONObject("note")
            val (note, memo, bucket) = Triple(note(parts), vector.text("memo"), vector.byte("memo_bucket"))
            assertEquals(secrets(parts), deriveNote(note))
            val (scope, output, seal) = Triple(scope(parts, bucket), vector.getJSONObject("output"), vector.optional("ovk"))
            val ours = encryptOutput(note, memo, bucket, seal)
            if (seal == null) {
                val own = output.text("out").length
                assertEquals(wire(output).dropLast(own), ours.dropLast(own))
                assertNotEquals(output.text("out"), ours.takeLast(own))
            } else {
                assertEquals(wire(output), ours)
                assertEquals(OpenedOutput(note, memo), recoverOutput(seal, scope, wire(output)))
            }
            assertEquals(OpenedOutput(note, memo), decryptOutput(key(vector), scope, wire(output)))
            assertEquals(note, decryptCompactOutput(key(vector), scope, compact(output)))
        }
    }

    @Test
    fun `refused ciphertexts`() {
        val vector = Vectors.open("encryption").getJSONObject("refused")
        val scope = scope(vector, vector.byte("memo_bucket"))
        for (case in vector.objects("cases")) {
            val (name, output) = case.text("name") to case.getJSONObject("output")
            assertNull(decryptOutput(key(vector), scope, wire(output)), name)
            if (name != "paid to another account") assertNull(recoverOutput(vector.text("ovk"), scope, wire(output)), name)
            val refused = decryptCompactOutput(key(vector), scope, compact(output)) == null
            assertEquals(case.getBoolean("compact"), refused, name)
        }
    }

    @Test
    fun `transactions of every shape`() {
        val vectors = Vectors.open("codec")
        for (vector in vectors.objects("valid")) {
            val (name, bytes, context) = listOf("name", "transaction", "context").map(vector::text)
            val read = readTransaction(bytes)
            assertEquals(listOf(bytes, vector.text("effects")), listOf(read.bytes, read.effects), name)
            val hashes = transactionHashes(bytes, context)
            assertEquals(vector.run { TransactionHashes(text("txid"), text("wtxid"), text("sighash")) }, hashes)
            assertEquals(hashes.sighash, effectsSighash(read.effects, context))
            assertTrue(verifySpendSignature(read.rk, hashes.sighash, read.signature), name)
            assertEquals(vector.text("shape"), read.shape)
            assertEquals(vector.int("expiry_height"), read.expiryHeight)
            assertEquals(vector.short("epoch"), read.epoch)
            assertEquals(vector.byte("memo_bucket"), read.memoBucket)
            assertEquals(Amount(vector.long("fee_asset"), vector.long("fee")), read.fee)
            side(vector.getJSONObject("public_side"), read)
            val inputs = transactionPublicInputs(bytes, vectors.text("pool")).map { listOf(it.name, it.value) }
            assertEquals(vector.lists("public_inputs"), inputs, name)
        }
        for (vector in vectors.objects("malformed")) {
            assertEquals(vector.text("fault"), fault { readTransaction(vector.text("bytes")) }, vector.text("name"))
        }
    }

    private fun side(vector: JSONObject, read: TransactionFields) {
        val (kind, amount) = when (val side = read.side) {
            is PublicSide.Internal -> "internal" to null
            is PublicSide.Deposit -> "deposit" to side.amount
            is PublicSide.Withdrawal -> "withdrawal" to side.amount
        }
        assertEquals(vector.text("kind"), kind)
        if (amount != null) {
            assertEquals(Amount(vector.long("asset"), vector.long("amount")), amount)
            assertEquals(vector.text("party"), read.party)
        }
    }

    @Test
    fun `signature hashes`() {
        val vectors = Vectors.open("sighash")
        for (vector in vectors.objects("descriptors")) {
            assertEquals(vector.text("hash"), assetDescriptorHash(vector.text("bytes")))
        }
        val keys = keys(Vectors.open("notes"))
        for (vector in vectors.objects("hashes")) {
            val name = vector.text("name")
            val (ofPublic, ofFee) = vector.optional("public_descriptor") to vector.optional("fee_descriptor")
            val context = transactionContext(vector.text("genesis_hash"), ofPublic, ofFee)
            assertEquals(vector.text("context"), context, name)
            assertEquals(vector.text("sighash"), effectsSighash(vector.text("effects"), context), name)
            assertEquals(vector.text("host_message"), hostMessage(vector.text("sighash")))
            assertEquals(vector.text("rk"), keys.randomizedKey(vector.text("alpha")))
            assertTrue(verifySpendSignature(vector.text("rk"), vector.text("sighash"), vector.text("signature")))
        }
        for (vector in vectors.objects("signatures")) {
            val valid = verifySpendSignature(vector.text("rk"), vector.text("message"), vector.text("signature"))
            assertEquals(vector.getBoolean("valid"), valid, vector.text("name"))
        }
    }

    @Test
    fun `witnesses by the book hold, and no other`() {
        val vectors = Vectors.open("statement")
        for (vector in vectors.objects("cases")) {
            val moved = vector.getJSONObject("public_value")
            val deposit = moved.has("in")
            val public = StatementPublic(
                shape = vector.text("shape"),
                poolTag = vectors.text("pool"),
                epoch = vectors.short("epoch"),
                deposit = deposit,
                publicValue = moved.long(if (deposit) "in" else "out"),
                scalars = vector.lists("public_inputs").map { it[1] },
            )
            val witness = witness(vector.getJSONObject("witness"))
            checkStatement(public, witness)
            val richer = witness.copy(exchange = "07" + "00".repeat(31))
            assertEquals("Untrue", fault { checkStatement(public, richer) }, vector.text("name"))
        }
    }

    private fun witness(vector: JSONObject) = StatementWitness(
        akU = vector.text("ak_u"),
        akV = vector.text("ak_v"),
        alpha = vector.text("alpha"),
        nk = vector.text("nk"),
        main = vector.text("main"),
        exchange = vector.text("exchange"),
        inputs = vector.objects("inputs").map {
            StatementInput(
                index = it.text("index"),
                epoch = it.text("epoch"),
                isFeeAsset = it.text("is_fee_asset"),
                value = it.text("value"),
                isInternal = it.text("is_internal"),
                pkDHash = it.text("pk_d_hash"),
                rho = it.text("rho"),
                rcm = it.text("rcm"),
                path = it.lists("path"),
            )
        },
        outputs = vector.objects("outputs").map {
            StatementOutput(it.text("tau"), it.text("rcm"), it.text("is_fee_asset"), it.text("value"))
        },
    )
}
